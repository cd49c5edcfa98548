"""The event loop of the stage: every order of ready tasks, by the real asyncio, on each Python."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from pythons import VERSIONS, python, some

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# name → (program, its endings with at most three choices that are not asyncio's own)
PROGRAMS = {
    "both find nothing set up": (
        """
made, connection = [], None
async def use():
    global connection
    if connection is None:
        await asyncio.sleep(0)
        made.append(1)
        connection = made
async def main():
    await asyncio.gather(use(), use())
    assert len(made) == 1, len(made)
asyncio.run(main())
""",
        ["", "AssertionError: 2"],
    ),
    "a lock around look and set": (
        """
made, connection = [], None
async def use(lock):
    global connection
    async with lock:
        if connection is None:
            await asyncio.sleep(0)
            made.append(1)
            connection = made
async def main():
    lock = asyncio.Lock()
    await asyncio.gather(use(lock), use(lock))
    assert len(made) == 1, len(made)
asyncio.run(main())
""",
        [""],
    ),
    "a token is refreshed by each who finds none": (
        """
class Client:
    token, refreshed = None, 0
    async def ask(self):
        if self.token is None:
            await asyncio.sleep(0.1)
            self.refreshed += 1
            self.token = self.refreshed
async def main():
    client = Client()
    await asyncio.gather(*[client.ask() for _ in range(3)])
    print(client.refreshed)
asyncio.run(main())
""",
        ["1\n", "2\n", "3\n"],
    ),
    "gather keeps the order of results, not of prints": (
        """
async def work(n):
    await asyncio.sleep(0)
    print(n, end=" ")
    return n
async def main():
    print(await asyncio.gather(work(1), work(2)))
asyncio.run(main())
""",
        ["1 2 [1, 2]\n", "2 1 [1, 2]\n"],
    ),
    "a task of a group fails": (
        """
async def bad():
    await asyncio.sleep(0)
    raise ValueError
async def good():
    try:
        await asyncio.sleep(0.1)
        print("good", end=" ")
    except asyncio.CancelledError:
        print("cancelled", end=" ")
        raise
async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(bad())
            group.create_task(good())
    except* ValueError:
        print("failed")
asyncio.run(main())
""",
        ["cancelled failed\n", "good failed\n"],
    ),
    "a task that was started before the failure begins in any case": (
        """
async def bad():
    raise ValueError
async def good():
    print("begun", end=" ")
    await asyncio.sleep(1)
async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(bad())
            group.create_task(good())
    except* ValueError:
        print("failed")
asyncio.run(main())
""",
        ["begun failed\n"],
    ),
    "a time-out may come while a turn goes on": (
        """
async def main():
    try:
        async with asyncio.timeout(1):
            await asyncio.sleep(0.5)
            await asyncio.sleep(0)
        print("done")
    except TimeoutError:
        print("late")
asyncio.run(main())
""",
        ["done\n", "late\n"],
    ),
    "a time-out does not come before an earlier timer": (
        """
async def main():
    async with asyncio.timeout(1):
        await asyncio.sleep(0.5)
    print("done", asyncio.get_running_loop().time())
asyncio.run(main())
""",
        ["done 0.5\n"],
    ),
    "an item comes just when the wait for it ends": (
        """
async def main():
    queue = asyncio.Queue()
    async def put():
        await asyncio.sleep(0.1)
        queue.put_nowait("item")
    async def take():
        try:
            print(await asyncio.wait_for(queue.get(), 0.5), end=" ")
        except TimeoutError:
            print("late", end=" ")
    await asyncio.gather(put(), take())
    print(queue.qsize())
asyncio.run(main())
""",
        ["item 0\n", "late 1\n"],
    ),
    "producer and consumers": (
        """
async def main():
    queue, got = asyncio.Queue(1), []
    async def consume():
        while True:
            got.append(await queue.get())
            queue.task_done()
    workers = [asyncio.create_task(consume()) for _ in range(2)]
    for n in range(3):
        await queue.put(n)
    await queue.join()
    for worker in workers:
        worker.cancel()
    assert sorted(got) == [0, 1, 2]
asyncio.run(main())
""",
        [""],
    ),
    "a cancellation is swallowed": (
        """
async def work():
    while True:
        try:
            await asyncio.sleep(0)
            break
        except asyncio.CancelledError:
            print("swallowed", end=" ")
async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
        print("ended")
    except asyncio.CancelledError:
        print("cancelled")
asyncio.run(main())
""",
        ["cancelled\n", "ended\n", "swallowed ended\n"],
    ),
    "an event is missed": (
        """
async def main():
    event = asyncio.Event()
    async def wait():
        await event.wait()
    async def pulse():
        event.set()
        event.clear()
    await asyncio.gather(wait(), pulse())
asyncio.run(main())
""",
        [
            "",
            "Deadlock: Task-1 awaits the end of Task-2 in line 9; "
            "Task-2 awaits the event event in line 5, which was set and cleared before",
        ],
    ),
    "a slot of a semaphore leaks": (
        """
async def main():
    slots = asyncio.Semaphore(1)
    async def work():
        await slots.acquire()
        await asyncio.sleep(0.1)
        slots.release()
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await work()
    print("fine")
asyncio.run(main())
""",
        ["Deadlock: Task-1 awaits the semaphore slots in line 5", "fine\n"],
    ),
    "two locks in two orders": (
        """
async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    async def both(first, second):
        async with first:
            await asyncio.sleep(0)
            async with second:
                pass
    await asyncio.gather(both(a, b), both(b, a))
asyncio.run(main())
""",
        [
            "",
            "Deadlock: Task-1 awaits the end of Task-2, Task-3 in line 9; "
            "Task-2 awaits the lock second in line 7, which Task-3 took; Task-3 awaits the "
            "lock second in line 7, which Task-2 took",
        ],
    ),
    "a condition is asked with if": (
        """
async def main():
    full, items = asyncio.Condition(), []
    async def take():
        async with full:
            if not items:
                await full.wait()
            items.pop()
    async def put():
        async with full:
            items.append(1)
            full.notify_all()
    await asyncio.gather(take(), take(), put(), put())
asyncio.run(main())
""",
        ["", "IndexError: pop from empty list"],
    ),
    "a barrier waits for one too many": (
        """
async def main():
    await asyncio.Barrier(2).wait()
asyncio.run(main())
""",
        ["Deadlock: Task-1 awaits others at the barrier in line 3"],
    ),
    "nobody asks for an exception": (
        """
async def bad():
    raise ValueError("bad")
async def main():
    task = asyncio.create_task(bad())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("end")
asyncio.run(main())
""",
        ["end\n\nTask exception was never retrieved: ValueError('bad')"],
    ),
    "what is left is cancelled at the end": (
        """
async def work():
    try:
        await asyncio.sleep(1)
    finally:
        print("cancelled")
async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
asyncio.run(main())
""",
        ["cancelled\n"],
    ),
    "callbacks keep their order": (
        """
async def main():
    loop = asyncio.get_running_loop()
    for n in range(3):
        loop.call_soon(print, n)
    await asyncio.sleep(0)
asyncio.run(main())
""",
        ["0\n1\n2\n"],
    ),
    "timers of one time in an undefined order": (
        """
async def main():
    loop = asyncio.get_running_loop()
    loop.call_at(1, print, "a")
    loop.call_at(1, print, "b")
    loop.call_at(2, print, "c")
    await asyncio.sleep(3)
asyncio.run(main())
""",
        ["a\nb\nc\n", "b\na\nc\n"],
    ),
    "in a thread and back": (
        """
async def main():
    print(await asyncio.to_thread(sum, [1, 2]))
asyncio.run(main())
""",
        ["3\n"],
    ),
    "the long way to a loop": (
        """
async def main():
    await asyncio.sleep(1)
    return "done"
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
assert asyncio.get_event_loop() is loop
print(loop.run_until_complete(main()))
loop.close()
with asyncio.Runner() as runner:
    print(runner.run(main()))
""",
        ["done\ndone\n"],
    ),
    "a generator is left half way": (
        """
async def numbers():
    try:
        yield 1
        yield 2
    finally:
        print("closed")
async def main():
    async for number in numbers():
        break
    await asyncio.sleep(0)
asyncio.run(main())
""",
        ["closed\n"],
    ),
    "context variables belong to the task": (
        """
import contextvars
who = contextvars.ContextVar("who")
async def work(name):
    who.set(name)
    await asyncio.sleep(0)
    assert who.get() == name
async def main():
    await asyncio.gather(work("a"), work("b"))
asyncio.run(main())
""",
        [""],
    ),
}

LIMITS = {
    "await asyncio.open_connection('localhost', 80)": "open_connection (sockets)",
    "await asyncio.create_subprocess_exec('ls')": "create_subprocess_exec (subprocess)",
    "asyncio.get_running_loop().add_signal_handler(2, print)": "add_signal_handler (signals)",
    "asyncio.get_running_loop().add_reader(0, print)": "add_reader (files)",
}


def ask(version, question, hash_seed="0", **given):
    """The answer of one Python."""
    done = subprocess.run(
        [python(version), "-W", "error", str(HERE / "aio_far.py"), question],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
    )
    assert done.returncode == 0 and not done.stderr, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", VERSIONS)
def test_programs_have_these_endings_and_no_others(version):
    endings = ask(
        version, "orders", sources=[source for source, _ in PROGRAMS.values()], deviations=3
    )
    wanted = [sorted(endings) for _, endings in PROGRAMS.values()]
    assert dict(zip(PROGRAMS, endings, strict=True)) == dict(zip(PROGRAMS, wanted, strict=True))


@pytest.mark.parametrize("version", VERSIONS)
def test_endings_are_those_of_an_oracle_that_tries_every_order(version):
    count, least = [*some(version, [(150, 10)], 0), (40, 1)][0]
    wrong, several = ask(version, "differing", seed=14, count=count)
    assert wrong == []
    assert several > least


@pytest.mark.parametrize("version", VERSIONS)
def test_the_first_option_taken_always_is_the_order_of_asyncio(version):
    for source, by_asyncio, here in ask(version, "first_orders", seed=5, count=200):
        assert here == by_asyncio, source


@pytest.mark.parametrize("version", VERSIONS)
def test_schedules_are_the_same_in_every_process(version):
    source = """
async def work(n):
    await asyncio.sleep(0)
    print(n, end=" ")
async def main():
    done, _ = await asyncio.wait({asyncio.create_task(work(n)) for n in range(2)})
    for each in asyncio.as_completed([work(n) for n in range(2)]):
        await each
    print([task.get_name() for task in done])
asyncio.run(main())
"""
    first, second = (
        ask(version, "schedules", source=source, deviations=1, hash_seed=seed)
        for seed in ("1", "2")
    )
    assert first == second


@pytest.mark.parametrize("version", VERSIONS)
def test_every_name_of_asyncio_is_there(version):
    lacking, besides = ask(version, "missing")
    assert [name for name in lacking if not name.startswith("__")] == []
    assert set(besides) <= {"__path__", "DefaultEventLoopPolicy"}  # a late name of 3.14


@pytest.mark.parametrize("version", VERSIONS)
def test_what_cannot_be_stepped_is_told_when_it_is_called(version):
    sources = [f"async def main():\n    {line}\nasyncio.run(main())\n" for line in LIMITS]
    for (text,), words in zip(
        ask(version, "orders", sources=sources), LIMITS.values(), strict=True
    ):
        assert text.startswith(f"Refused: asyncio's {words} ")
        assert "in its place" in text


def test_the_order_of_asyncio_itself_leaves_the_prints_in_order():
    source, _ = PROGRAMS["gather keeps the order of results, not of prints"]
    assert ask("3.11", "orders", sources=[source], any_order=False) == [["1 2 [1, 2]\n"]]
    source, _ = PROGRAMS["both find nothing set up"]
    assert ask("3.11", "orders", sources=[source], any_order=False) == [["AssertionError: 2"]]


@pytest.mark.parametrize("version", [version for version in VERSIONS if version != "3.11"])
def test_an_eager_task_runs_its_first_turn_within_its_creator(version):
    source = """
async def work(n):
    print(n, end=" ")
    await asyncio.sleep(0)
    print(-n, end=" ")
async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await asyncio.gather(work(1), work(2))
asyncio.run(main())
"""
    assert ask(version, "orders", sources=[source]) == [["1 2 -1 -2 ", "1 2 -2 -1 "]]
