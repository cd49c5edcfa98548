"""Parts of asyncio as programs use them: what is wrong is found, and its right twin is safe."""

import re

import pytest
from pythons import VERSIONS, some
from test_loop import ask
from test_tasks import end_as_told, replays, summary

WARNED = """
import asyncio
{before}
async def job():
    await asyncio.sleep(0.1)
async def main():
    warn = asyncio.get_running_loop().call_later(0.2, {warn})
    first, second = asyncio.create_task(job()), asyncio.create_task(job())
    first.add_done_callback(lambda task: warn.cancel())
    await first
    await second
    {after}
asyncio.run(main())
"""
WAITED = """
import asyncio
async def job():
    await asyncio.sleep(0.1)
async def main():
    tasks = [asyncio.create_task(job()) for _ in range(2)]
    done, pending = await asyncio.wait(tasks, timeout=1)
    {check}
    await asyncio.gather(*pending)
asyncio.run(main())
"""
TOTAL = """
import asyncio
{before}
total = 0
async def add():
    global total
    {pause}old = total
    {late}
    total = old + 1
async def main():
    loop = asyncio.get_running_loop()
    tasks = [{make} for _ in range(2)]
    assert all(isinstance(task, asyncio.Task) for task in tasks)
    for task in tasks:
        await task
    assert total == 2, "lost"
asyncio.run(main())
"""
SLEEP = "await asyncio.sleep(0)"


def total(make, late, before=""):
    """Tasks that add, made in some way: the pause between reading and writing, or before both."""
    pause = "" if late else f"{SLEEP}; "
    return TOTAL.format(make=make, late=SLEEP if late else "pass", pause=pause, before=before)


JOB = "class Job(asyncio.Task): pass"
NAMED = """
import asyncio, threading
names = []
async def work():
    names.append(asyncio.current_task().get_name())
{run}
assert {check}, names
"""
FAR = """
import asyncio, threading
begun, cleaned = threading.Event(), threading.Event()
async def listen():
    begun.set()
    try:
        await asyncio.Event().wait()
    finally:
        cleaned.set()
loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever)
thread.start()
future = asyncio.run_coroutine_threadsafe(listen(), loop)
begun.wait()
future.cancel()
{then}
loop.call_soon_threadsafe(loop.stop)
thread.join()
assert cleaned.is_set()
"""
SET = """
import asyncio
async def square(n):
    return n * n
async def main():
    tasks = [asyncio.create_task(square(n)) for n in range(3)]
    done, _ = await asyncio.wait(tasks)
    assert [task.result() for task in {walked}] == [0, 1, 4]
asyncio.run(main())
"""
ALL = """
import asyncio
async def job():
    await asyncio.sleep(1)
async def main():
    jobs = [asyncio.create_task(job(), name=f"job-{{n}}") for n in range(2)]
    names = [task.get_name() for task in asyncio.all_tasks() if task in jobs]
    assert {names} == ["job-0", "job-1"]
    await asyncio.gather(*jobs)
asyncio.run(main())
"""
EVENT = """
import asyncio
async def main():
    event = asyncio.Event()
    {before}
    await event.wait()
asyncio.run(main())
"""
LOCKS = """
import asyncio
async def both(first, second):
    async with first:
        await asyncio.sleep(0)
        async with second:
            pass
async def main():
    left, right = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(both(left, right), both({order}))
asyncio.run(main())
"""
JOIN = """
import asyncio
async def work(q):
    while True:
        n = await q.get()
        {work}
async def main():
    q = asyncio.Queue()
    for n in range(3):
        q.put_nowait(n)
    task = asyncio.create_task(work(q))
    await q.join()
    task.cancel()
asyncio.run(main())
"""
BY_THREAD = """
import asyncio, threading
async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    thread = threading.Thread(target={call})
    thread.start()
    await future
    thread.join()
asyncio.run(main())
"""
STOPPED = """
import asyncio, threading
loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever)
thread.start()
{stop}
thread.join()
"""
BEFORE = """
import asyncio, threading
loop, got = asyncio.new_event_loop(), asyncio.Queue()
async def main():
    await asyncio.sleep(0)
    {check}
    assert await got.get() == 1
thread = threading.Thread(target={call})
thread.start()
loop.run_until_complete(main())
thread.join()
"""
LEFT = """
import asyncio
async def bad():
    raise ValueError("lost")
def worse():
    raise ValueError("lost")
async def main():
    loop = asyncio.get_running_loop()
    one = loop.create_future()
    {make}
    await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)
    {ask}
asyncio.run(main())
"""
ASKED = "assert (await asyncio.gather(one, return_exceptions=True))[0].args == ('lost',)"
STOPS = """
import asyncio
async def job():
    await asyncio.sleep(1)
async def main():
    task = asyncio.create_task(job())
    await asyncio.sleep(0)
    {end}
loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
"""
POOL = """
import asyncio, threading
from concurrent.futures import ThreadPoolExecutor
ran, free = [], threading.Event()
async def main():
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    first = loop.run_in_executor(None, free.wait)
    second = loop.run_in_executor(None, ran.append, 1)
    {then}
    free.set()
    await first
asyncio.run(main())
assert ran, "not begun"
"""
PARTS = """
from asyncio import *
from asyncio.locks import Lock as Same
import asyncio.queues
async def main():
    assert type(Same()) is Lock
    assert isinstance(Queue(), asyncio.queues.Queue)
    assert asyncio.events.get_event_loop() is get_running_loop()
loop = asyncio.events.new_event_loop()
loop.run_until_complete(main())
"""
EVER = """
import asyncio, math
async def serve():
    await asyncio.sleep(math.inf)
    assert False, "never"
async def main():
    server = asyncio.create_task(serve())
    await asyncio.sleep(1)
    {then}
    await asyncio.wait([server])
asyncio.run(main())
"""
OWN = """
import asyncio
async def inner():
    return 1
async def main():
    {call}
asyncio.run(main())
"""
SAFELY = "loop.call_soon_threadsafe, args=(future.set_result, 1)"

# name → (program, its endings, words that tell why it is bad)
PROGRAMS = {
    "a callback cancels the timer that is about to expire": (
        WARNED.format(before="", warn="lambda: None", after=""),
        {"safe"},
        "",
    ),
    "a timer that is cancelled may have expired before": (
        WARNED.format(before="late = []", warn="late.append, 1", after="assert not late"),
        {"safe", "broken"},
        "the assert in line 12 failed",
    ),
    "a wait with a time-out whose tasks end": (WAITED.format(check=""), {"safe"}, ""),
    "a wait with a time-out that may be over": (
        WAITED.format(check="assert not pending, 'late'"),
        {"safe", "broken"},
        "failed: late",
    ),
    "tasks that are made directly": (total("asyncio.Task(add())", False), {"safe"}, ""),
    "tasks that are made directly lose one": (
        total("asyncio.Task(add())", True),
        {"safe", "broken"},
        "failed: lost",
    ),
    "tasks of a class of the program": (total("Job(add(), loop=loop)", False, JOB), {"safe"}, ""),
    "tasks of a class of the program lose one": (
        total("Job(add(), loop=loop)", True, JOB),
        {"safe", "broken"},
        "failed: lost",
    ),
    "cancelling the future of another thread cancels its task": (
        FAR.format(then="cleaned.wait()"),
        {"safe"},
        "",
    ),
    "a loop may stop before a task that is cancelled has cleaned up": (
        FAR.format(then="pass"),
        {"safe", "broken"},
        "the assert in line 19 failed",
    ),
    "a set of tasks has no order": (SET.format(walked="done"), {"broken"}, "line 8 failed"),
    "a list of tasks has one": (SET.format(walked="tasks"), {"safe"}, ""),
    "the tasks of a loop have no order": (ALL.format(names="names"), {"broken"}, "line 8 failed"),
    "their names can be sorted": (ALL.format(names="sorted(names)"), {"safe"}, ""),
    "an event that was set and cleared": (
        EVENT.format(before="event.set(); event.clear()"),
        {"deadlock"},
        "Task-1 awaits the event event in line 6, which was set and cleared before",
    ),
    "an event that was never set": (
        EVENT.format(before="pass"),
        {"deadlock"},
        "Task-1 awaits the event event in line 6, which nobody has set",
    ),
    "an event that is set": (EVENT.format(before="event.set()"), {"safe"}, ""),
    "two locks that have no global name": (
        LOCKS.format(order="right, left"),
        {"safe", "deadlock"},
        "Task-2 awaits the lock second in line 6, which Task-3 took in line 4; "
        "Task-3 awaits the lock second in line 6, which Task-2 took in line 4",
    ),
    "two locks in one order": (LOCKS.format(order="left, right"), {"safe"}, ""),
    "a worker of a queue has failed": (
        JOIN.format(work="1 / (n - 1); q.task_done()"),
        {"deadlock"},
        "Task-2 has ended with ZeroDivisionError: division by zero in line 6",
    ),
    "a worker of a queue goes on": (JOIN.format(work="q.task_done()"), {"safe"}, ""),
    "a thread that sets a future does not wake the loop": (
        BY_THREAD.format(call="future.set_result, args=(1,)"),
        {"safe", "deadlock"},
        "Task-1 awaits its next turn in line 8; thread 2 has called asyncio from outside",
    ),
    "a thread that lets the loop set a future wakes it": (
        BY_THREAD.format(call=SAFELY),
        {"safe"},
        "",
    ),
    "a thread that calls soon does not wake the loop": (
        BY_THREAD.format(call="loop.call_soon, args=(future.set_result, 1)"),
        {"safe", "deadlock"},
        "Task-1 awaits a future in line 8 that nobody has set; thread 2 has called asyncio from",
    ),
    "a thread that was there before the loop does not wake it": (
        BEFORE.format(call="got.put_nowait, args=(1,)", check="pass"),
        {"safe", "deadlock"},
        "Task-1 awaits its next turn in line 7; thread 1 has called asyncio from outside",
    ),
    "a thread that was there before sets a timer": (
        BEFORE.format(call="loop.call_later, args=(1, got.put_nowait, 1)", check="pass"),
        {"safe", "deadlock"},
        "Task-1 awaits an item in the queue got in line 7; thread 1 has called asyncio from",
    ),
    "a thread that was there before wakes it": (
        BEFORE.format(call="loop.call_soon_threadsafe, args=(got.put_nowait, 1)", check="pass"),
        {"safe"},
        "",
    ),
    "a thread that was there before may be late": (
        BEFORE.format(
            call="loop.call_soon_threadsafe, args=(got.put_nowait, 1)",
            check="assert got.qsize(), 'late'",
        ),
        {"safe", "broken"},
        "failed: late",
    ),
    "a loop that is stopped from outside": (
        STOPPED.format(stop="loop.stop()"),
        {"safe", "deadlock"},
        "nothing is ready: thread 0 has called asyncio from outside the loop's thread",
    ),
    "a future keeps an exception that nobody asks for": (
        LEFT.format(make="one.set_exception(ValueError('lost'))", ask=""),
        {"broken"},
        "a future ends with ValueError: lost, and nobody awaits it",
    ),
    "a future keeps an exception that somebody asks for": (
        LEFT.format(make="one.set_exception(ValueError('lost'))", ask=ASKED),
        {"safe"},
        "",
    ),
    "a call in a thread fails and nobody asks": (
        LEFT.format(make="loop.run_in_executor(None, worse)", ask=""),
        {"broken"},
        "a future ends with ValueError: lost in line 6, and nobody awaits it",
    ),
    "nobody awaits what gather brings": (
        LEFT.format(make="one = asyncio.gather(bad())", ask=""),
        {"broken"},
        "gather() ends with ValueError: lost in line 4, and nobody awaits it",
    ),
    "somebody awaits what gather brings": (
        LEFT.format(make="one = asyncio.gather(bad())", ask=ASKED),
        {"safe"},
        "",
    ),
    "a loop is closed before a task of it has ended": (
        STOPS.format(end=""),
        {"safe", "broken"},
        "Task-2 awaits the end of its sleep in line 4 for ever: its loop was stopped before",
    ),
    "a loop is closed after its tasks": (STOPS.format(end="await task"), {"safe"}, ""),
    "a call that is cancelled may never begin": (
        POOL.format(then="second.cancel()"),
        {"safe", "broken"},
        "failed: not begun",
    ),
    "a call in a pool of the program's own": (POOL.format(then=""), {"safe"}, ""),
    "a shield waits for its task": (
        OWN.format(call="await asyncio.shield(asyncio.Event().wait())"),
        {"deadlock"},
        "Task-1 awaits the end of Task-2 in line 6; Task-2 awaits the event",
    ),
    "wait() waits for its tasks": (
        OWN.format(call="await asyncio.wait([asyncio.create_task(asyncio.Event().wait())])"),
        {"deadlock"},
        "Task-1 awaits the end of Task-2 in line 6; Task-2 awaits the event",
    ),
    "as_completed waits for its tasks": (
        OWN.format(call="await next(asyncio.as_completed([asyncio.Event().wait()]))"),
        {"deadlock"},
        "Task-1 awaits the end of one more task of as_completed in line 6; Task-2 awaits the event",
    ),
    "a task waits for a call in a thread": (
        OWN.format(call="import threading; await asyncio.to_thread(threading.Event().wait)"),
        {"deadlock"},
        "Task-1 awaits the end of a call in another thread in line 6; thread 2 is waiting for the",
    ),
    "modules of asyncio have what asyncio has": (PARTS, {"safe"}, ""),
    "a sleep without end is cancelled": (EVER.format(then="server.cancel()"), {"safe"}, ""),
    "a sleep without end": (
        EVER.format(then=""),
        {"deadlock"},
        "Task-2 awaits the end of its sleep in line 4",
    ),
    "a loop that nobody stops": (
        STOPPED.format(stop="pass"),
        {"deadlock"},
        "a loop in which nothing is ready: it has no task, and nobody stops it",
    ),
    "a loop that is stopped": (
        STOPPED.format(stop="loop.call_soon_threadsafe(loop.stop)"),
        {"safe"},
        "",
    ),
    "a task waits for what only its own loop can bring": (
        OWN.format(
            call="asyncio.run_coroutine_threadsafe(inner(), asyncio.get_running_loop()).result()"
        ),
        {"deadlock"},
        "Task-1 is waiting for the result of a future, which stops the loop whose task would",
    ),
    "a task awaits what its own loop brings": (OWN.format(call="await inner()"), {"safe"}, ""),
    "names of tasks are counted in all loops": (
        NAMED.format(
            run="for _ in range(2): asyncio.run(work())", check="len(set(names)) == len(names) == 2"
        ),
        {"safe"},
        "",
    ),
    "names of tasks of a second loop begin anew": (
        NAMED.format(
            run="for _ in range(2): asyncio.run(work())", check="names == ['Task-1', 'Task-1']"
        ),
        {"broken"},
        "failed: ['Task-1', 'Task-",
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_programs_end_as_they_can(version):
    end_as_told(version, some(version, list(PROGRAMS.items()), 6), whole=True)


def test_which_thread_names_its_tasks_first_is_searched():
    source = """
import asyncio, threading
names = {}
async def work(who):
    names[who] = asyncio.current_task().get_name()
threads = [threading.Thread(target=asyncio.run, args=(work(n),)) for n in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert names[0] != names[1], "alike"
assert names[0] == "Task-1", "second"
"""
    (rows,) = ask("3.11", "searched", sources=[source], seconds=10)
    got, _, _, bad = summary(rows)
    assert got == {"safe", "broken"}
    assert "failed: second" in bad
    assert "alike" not in bad
    assert replays(rows)


ORDER = """
import asyncio
got = []
async def put(n):
    got.append(n)
async def main():
    await asyncio.gather(put(1), put(2))
    assert got == [1, 2], got
asyncio.run(main())
"""
HALF = """
import asyncio
got = []
async def put():
    got.append(1)
    await asyncio.sleep(0)
    got.append(2)
async def main():
    task = asyncio.create_task(put())
    await asyncio.sleep(0)
    assert len(got) != 1
    await task
asyncio.run(main())
"""


def story(source):
    """The story of what goes wrong in a program."""
    (rows,) = ask("3.11", "searched", sources=[source], seconds=20)
    return " ".join(row["story"] for row in rows if row.get("story"))


def test_a_task_that_has_ended_is_not_half_done():
    told = story(ORDER)
    assert told.startswith("Task-3 changed the list got in line 5 before Task-2 did."), told
    assert "half done" not in told


def test_a_task_that_is_half_done_is_told_as_such():
    told = story(HALF)
    assert "saw the work half done" in told
    assert "Task-1 saw the work half done" in told


def test_what_was_there_before_a_task_was_made_is_no_work_half_done():
    told = story("""
import asyncio
async def main():
    future = asyncio.get_running_loop().create_future()
    async def answer(n):
        future.set_result(n)
    await asyncio.gather(answer(1), answer(2))
asyncio.run(main())
""")
    assert told == "Thread 0: line 6 raised InvalidStateError: invalid state.", told


def test_a_task_that_is_made_outside_its_loop_is_told_of_where_the_program_polls():
    source = """
import asyncio, threading, time
async def job():
    return 1
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()
task = loop.create_task(job())
while not task.done():
    time.sleep(0.01)
"""
    (rows,) = ask("3.11", "searched", sources=[source], seconds=4)
    assert not rows[-1]["complete"]
    assert re.search(
        r"thread 0 is in line (8|9) \(thread 0 has called asyncio", rows[-1]["because"]
    )


def test_a_sentence_has_one_full_stop():
    told = story(OWN.format(call="asyncio.Lock().release()"))
    assert told.endswith("RuntimeError: Lock is not acquired."), told
