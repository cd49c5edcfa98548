"""The stand-ins do what the documentation of threading, queue and time says, and say why a thread
waits."""

import pytest
from pythons import HERE, ask

PROGRAM = """
import queue, random, threading, time
from types import SimpleNamespace

def setup():
    return SimpleNamespace(lock=threading.Lock(), again=threading.RLock(), places=threading.Semaphore(1),
        bounded=threading.BoundedSemaphore(1), word=threading.Condition(), flag=threading.Event(),
        gate=threading.Barrier(2), line=queue.Queue(maxsize=1), log=[])

def first(shared):
    {first}

def second(shared):
    {second}

THREADS = [first, second]
"""


def endings(first, second="pass", preemptions=2, **params):
    """Ending → reason of the simplest schedule."""
    lines = {"first": first, "second": second}
    source = PROGRAM.format(**{name: text.replace("\n", "\n    ") for name, text in lines.items()})
    rows = ask(HERE, "search", 30, source=source, preemptions=preemptions, **params)
    return {row["ending"]: row["because"] for row in rows if row["kind"] == "ending"}


SAFE = {
    "try-lock": (
        "got = shared.lock.acquire(blocking=False)\nif got: shared.lock.release()",
        "with shared.lock: pass",
    ),
    "lock with time-out": (
        "assert not shared.lock.acquire(timeout=1) or shared.lock.release() is None",
    )
    * 2,
    "reentrant lock": ("with shared.again:\n    with shared.again: shared.log.append(1)",) * 2,
    "event": ("shared.flag.wait()\nassert shared.flag.is_set()", "shared.flag.set()"),
    "event with time-out": ("shared.flag.wait(timeout=1)", "pass"),
    "queue": (
        "shared.line.put(1)\nshared.line.put(2)",
        "assert shared.line.get() == 1\nassert shared.line.get() == 2",
    ),
    "queue join": (
        "shared.line.put(1)\nshared.line.join()",
        "shared.line.get()\nshared.line.task_done()",
    ),
    "barrier": ("assert shared.gate.wait() in (0, 1)",) * 2,
    "condition": (
        "with shared.word:\n    shared.word.wait_for(lambda: shared.log)",
        "with shared.word:\n    shared.log.append(1)\n    shared.word.notify_all()",
    ),
    "condition with time-out": ("with shared.word:\n    shared.word.wait(timeout=1)", "pass"),
    "sleeping turns": (
        "while not shared.log: time.sleep(0.1)",
        "time.sleep(1)\nshared.log.append(1)",
    ),
    "waiting in a loop": ("while not shared.flag.is_set(): pass", "shared.flag.set()"),
    "waiting for a container": ("while len(shared.log) == 0: pass", "shared.log.append(1)"),
    "clock": ("a = time.monotonic()\ntime.sleep(2)\nassert time.monotonic() - a >= 2",) * 2,
    "random": ("assert random.Random(1).random() and 0 <= random.random() < 1",) * 2,
    "names": (
        "assert threading.current_thread().name == 'thread 0'",
        "assert threading.get_ident() == 1",
    ),
    "finite loop": ("for _ in [0] * 5:\n    if shared.log: break", "pass"),
    "finite helper": ("for _ in range(5):\n    n = 0\n    while n < 1: n += 1", "pass"),
}
BAD = {
    "lock released twice": ("shared.lock.release()", "pass", "broken", "release unlocked lock"),
    "bounded semaphore": ("shared.bounded.release()", "pass", "broken", "released too many times"),
    "condition without its lock": (
        "shared.word.wait()",
        "pass",
        "broken",
        "cannot wait on un-acquired lock",
    ),
    "empty queue": ("shared.line.get_nowait()", "pass", "broken", "raised Empty"),
    "full queue": (
        "shared.line.put(1)\nshared.line.put(2, timeout=1)",
        "pass",
        "broken",
        "raised Full",
    ),
    "broken barrier": (
        "shared.gate.wait()",
        "shared.gate.abort()",
        "broken",
        "raised BrokenBarrierError",
    ),
    "reset barrier": (
        "shared.gate.wait()",
        "shared.gate.reset()",
        "broken",
        "raised BrokenBarrierError",
    ),
    "never notified": (
        "with shared.word: shared.word.wait()",
        "pass",
        "deadlock",
        "the condition word to be notified",
    ),
    "never set": ("shared.flag.wait()", "pass", "deadlock", "waiting for the event flag to be set"),
    "never put": ("shared.line.get()", "pass", "deadlock", "waiting for an item in the queue line"),
    "alone at the barrier": (
        "shared.gate.wait()",
        "pass",
        "deadlock",
        "the barrier gate: 1 of 2 are there",
    ),
    "no place": (
        "shared.places.acquire()",
        "shared.places.acquire()",
        "deadlock",
        "semaphore places, which has no place",
    ),
    "lock kept": ("shared.lock.acquire()",) * 2 + ("deadlock", "which has finished, holds"),
    "waits in a loop": (
        "while not shared.log: pass",
        "pass",
        "deadlock",
        "waiting in the loop of line",
    ),
    "foreign release": (
        "shared.again.acquire()",
        "shared.again.release()",
        "broken",
        "cannot release un-acquired lock",
    ),
}


@pytest.mark.parametrize("name", SAFE)
def test_what_works_with_the_real_thing_works_here(name):
    assert set(endings(*SAFE[name])) == {"safe"}


@pytest.mark.parametrize("name", BAD)
def test_what_fails_with_the_real_thing_fails_here_with_a_reason(name):
    first, second, ending, reason = BAD[name]
    assert reason in endings(first, second)[ending]


def test_a_lock_that_is_polled_and_given_up_ends():
    first = "for _ in range(2):\n    if shared.lock.acquire(timeout=0.1):\n        shared.lock.release()\n        break"
    assert set(endings(first, first)) == {"safe"}
