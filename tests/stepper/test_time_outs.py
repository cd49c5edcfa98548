"""A wait with a time-out may give up before what it waits for comes: main sees the other's work done
in some schedules, and not done in others."""

import pytest

import pvt

THREAD = """\
import threading, queue
x = 0
{made}
def work():
    global x
    x = 1
    {then}
thread = threading.Thread(target=work)
thread.start()
{waits}
print(x)
"""
POOL = """\
from concurrent import futures
x = 0
def work(number):
    global x
    x = number
pool = futures.ThreadPoolExecutor(1)
one = None
try:
    {waits}
except futures.TimeoutError:
    pass
print(x)
pool.shutdown()
"""
THREADS = {
    "Thread.join": ("", "pass", "thread.join(1)"),
    "Lock.acquire": (
        "one = threading.Lock(); one.acquire()",
        "one.release()",
        "one.acquire(timeout=1)",
    ),
    "Semaphore.acquire": (
        "one = threading.Semaphore(0)",
        "one.release()",
        "one.acquire(timeout=1)",
    ),
    "Event.wait": ("one = threading.Event()", "one.set()", "one.wait(1)"),
    "Event.wait and clear": ("one = threading.Event()", "one.set(); one.clear()", "one.wait(1)"),
    "Condition.wait": (
        "one = threading.Condition()",
        "one.acquire(); one.notify(); one.release()",
        "one.acquire(); one.wait(1); one.release()",
    ),
    "Barrier.wait": (
        "one = threading.Barrier(2)",
        "try: one.wait()\n    except threading.BrokenBarrierError: pass",
        "try: one.wait(1)\nexcept threading.BrokenBarrierError: pass",
    ),
    "Queue.get": (
        "one = queue.Queue()",
        "one.put(1)",
        "try: one.get(timeout=1)\nexcept queue.Empty: pass",
    ),
    "Queue.put": (
        "one = queue.Queue(1); one.put(0)",
        "one.get()",
        "try: one.put(1, timeout=1)\nexcept queue.Full: pass",
    ),
    "SimpleQueue.get": (
        "one = queue.SimpleQueue()",
        "one.put(1)",
        "try: one.get(timeout=1)\nexcept queue.Empty: pass",
    ),
}
POOLS = {
    "result": "pool.submit(work, 1).result(timeout=1)",
    "exception": "pool.submit(work, 1).exception(timeout=1)",
    "wait": "futures.wait([pool.submit(work, 1)], timeout=1)",
    "as_completed": "list(futures.as_completed([pool.submit(work, 1)], timeout=1))",
    "map": "list(pool.map(work, [1], timeout=1))",
}
PROGRAMS = {
    name: THREAD.format(made=made, then=then, waits=waits)
    for name, (made, then, waits) in THREADS.items()
} | {f"pool: {name}": POOL.format(waits=waits) for name, waits in POOLS.items()}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_may_give_up_first(name):
    found = pvt.search(PROGRAMS[name])
    assert set(found.outputs) == {"0\n", "1\n"}, found


def test_who_gave_up_is_told():
    text = THREAD.format(made="", then="pass", waits="thread.join(5)\nassert x == 1")
    found = pvt.search(text)
    assert found.bad == "broken"
    assert found.story.endswith(
        "Thread 0 had given up its wait in line 10. A time-out may be over before the work is, however"
        " long it is: a machine can be busy, or a laptop asleep."
    )


def test_a_wait_without_time_out_gives_nothing_up():
    text = THREAD.format(made="", then="pass", waits="thread.join()\nassert x == 1")
    assert pvt.search(text).bad is None


LATE_NOTIFY = """\
import threading
ready = threading.Condition()
items = []
def patient():
    with ready:
        while not items:
            ready.wait()
        items.pop()
def hasty():
    with ready:
        if ready.wait(0.1):
            ready.notify()
def produce():
    with ready:
        items.append(1)
        ready.notify()
threads = [threading.Thread(target=each) for each in (hasty, patient, produce)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


def test_a_call_that_goes_to_a_waiter_who_has_given_up_is_lost():
    found = pvt.search(LATE_NOTIFY)
    assert found.bad == "deadlock"
    assert "that call went to thread 1, whose time-out was over" in found.story
    assert pvt.replay(LATE_NOTIFY, found.schedules["deadlock"]).ending == "deadlock"


def test_a_call_to_all_is_not_lost():
    found = pvt.search(LATE_NOTIFY.replace("items.append(1)\n        ready.notify()",
                                           "items.append(1)\n        ready.notify_all()"))  # fmt: skip
    assert found.bad is None and found.complete


def test_wait_for_looks_once_more_after_its_time_out():
    text = LATE_NOTIFY.replace("if ready.wait(0.1):", "if ready.wait_for(lambda: items, 0.1):")
    found = pvt.search(text)
    assert found.bad is None and found.complete


COUNTS_WHILE_IT_WAITS = """\
import threading
ready, closed, n = False, False, 0
def prepare():
    global ready
    if not closed: ready = True
def close():
    global closed
    closed = True
for each in (prepare, close): threading.Thread(target=each).start()
while not ready:
    n += 1
"""


def test_a_loop_that_may_never_end_is_told_beside_runs_that_end():
    found = pvt.search(COUNTS_WHILE_IT_WAITS, seconds=3)
    assert "safe" in found.endings and not found.complete
    assert "one run was given up, it may never end: thread 0 is in line 1" in found.because


GIVES_UP = """import threading
from types import SimpleNamespace

def setup():
    return SimpleNamespace(n=0, lock=threading.Lock(), gate=threading.Semaphore(1))

def work(s):
    with s.gate:
        pass
    if s.lock.acquire(timeout=1):
        s.n += 1
        s.lock.release()

THREADS = [work, work]

def safe(s):
    print(s.n)
    return True
"""


def test_the_other_has_the_lock_longer_than_one_waits():
    """Who was preempted sleeps on, and who waits gives up: at one preemption."""
    found = pvt.search(GIVES_UP, preemptions=1)
    assert {*found.outputs} == {"1\n", "2\n"}
    assert found.complete
