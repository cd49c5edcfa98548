"""Programs of tasks on the stage: the search finds how they can end, and each schedule replays."""

import pytest
from pythons import VERSIONS, some
from test_loop import PROGRAMS, ask

# name → (program, its endings, words that tell why it is bad)
TOLD = {
    "a lock of threading held across an await": (
        """
import asyncio, threading
lock = threading.Lock()
async def work():
    with lock:
        await asyncio.sleep(0.01)
async def main():
    await asyncio.gather(work(), work())
asyncio.run(main())
""",
        {"safe", "deadlock"},
        "Task-3 is waiting for the lock lock that Task-2 holds while it awaits the end of its "
        "sleep in line 6: this stops the loop with all its tasks",
    ),
    "a coroutine that nobody awaits": (
        """
import asyncio
async def work():
    pass
async def main():
    work()
asyncio.run(main())
""",
        {"broken"},
        "work() is called in line 6, but never awaited",
    ),
    "an exception that nobody asks for": (
        """
import asyncio
async def bad():
    raise ValueError("bad")
async def main():
    task = asyncio.create_task(bad())
    await asyncio.sleep(0.1)
asyncio.run(main())
""",
        {"broken"},
        "Task-2 raised ValueError: bad in line 4, and nobody awaits it",
    ),
    "two locks in two orders": (
        """
import asyncio
left, right = asyncio.Lock(), asyncio.Lock()
async def both(first, second):
    async with first:
        await asyncio.sleep(0)
        async with second:
            pass
async def main():
    await asyncio.gather(both(left, right), both(right, left))
asyncio.run(main())
""",
        {"safe", "deadlock"},
        "Task-2 awaits the lock right in line 7, which Task-3 took in line 5; Task-3 awaits the "
        "lock left in line 7, which Task-2 took in line 5",
    ),
    "a queue of threads blocks the loop": (
        """
import asyncio, queue
q = queue.Queue()
async def take():
    q.get()
async def put():
    q.put(1)
async def main():
    await asyncio.gather(take(), put())
asyncio.run(main())
""",
        {"safe", "deadlock"},
        "Task-2 is waiting for an item in the queue q",
    ),
    "an event is set from another thread": (
        """
import asyncio, threading
async def main():
    done = asyncio.Event()
    thread = threading.Thread(target=done.set)
    thread.start()
    await done.wait()
    thread.join()
asyncio.run(main())
""",
        {"safe", "deadlock"},
        "use loop.call_soon_threadsafe",
    ),
    "an event is set from another thread as it should be": (
        """
import asyncio, threading
async def main():
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    thread = threading.Thread(target=loop.call_soon_threadsafe, args=[done.set])
    thread.start()
    await done.wait()
    thread.join()
asyncio.run(main())
""",
        {"safe"},
        "",
    ),
    "two threads of to_thread add": (
        """
import asyncio
total = 0
def add():
    global total
    total += 1
async def main():
    await asyncio.gather(asyncio.to_thread(add), asyncio.to_thread(add))
    assert total == 2, total
asyncio.run(main())
""",
        {"safe", "broken"},
        "the assert in line 9 failed: 1",
    ),
    "a reentrant lock lets all tasks of a loop in": (
        """
import asyncio, threading
lock, inside = threading.RLock(), 0
async def work():
    global inside
    with lock:
        inside += 1
        assert inside == 1
        await asyncio.sleep(0)
        inside -= 1
async def main():
    await asyncio.gather(work(), work())
asyncio.run(main())
""",
        {"safe", "broken"},
        "the assert in line 8 failed",
    ),
    "a task asks again and again": (
        """
import asyncio
done = False
async def work():
    global done
    await asyncio.sleep(1)
    done = True
async def main():
    task = asyncio.create_task(work())
    while not done:
        await asyncio.sleep(0)
    await task
asyncio.run(main())
""",
        {"safe"},
        "",
    ),
    "another thread waits for a coroutine": (
        """
import asyncio
async def answer():
    await asyncio.sleep(0)
    return 42
async def main():
    loop = asyncio.get_running_loop()
    def ask():
        return asyncio.run_coroutine_threadsafe(answer(), loop).result()
    assert await asyncio.to_thread(ask) == 42
asyncio.run(main())
""",
        {"safe"},
        "",
    ),
    "an executor of the program": (
        """
import asyncio
from concurrent.futures import ThreadPoolExecutor
async def main():
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2) as pool:
        jobs = [loop.run_in_executor(pool, abs, n) for n in (-1, -2)]
        assert await asyncio.gather(*jobs) == [1, 2]
asyncio.run(main())
""",
        {"safe"},
        "",
    ),
}
LIMITS = {
    "await asyncio.open_connection('localhost', 80)": "line 4: asyncio's open_connection (sockets)",
    "await asyncio.create_subprocess_exec('ls')": "line 4: asyncio's create_subprocess_exec",
}


def summary(rows):
    """Endings, outputs, whether it is complete, and the sentences of the bad endings."""
    endings = {row["ending"] for row in rows if row["kind"] == "ending"}
    outputs = sorted(row["output"] for row in rows if row["kind"] == "output")
    bad = " ".join(
        row["because"] for row in rows if row["kind"] == "ending" and row["ending"] != "safe"
    )
    return endings, outputs, rows[-1]["complete"], bad


def replays(rows):
    """Whether every schedule leads again to what was found."""
    for row in rows:
        if row["schedule"]:
            ending, output = row["replayed"]
            if ending != (row["ending"] or "safe"):
                return False
            if row["kind"] == "output" and output.rstrip() != row["output"].rstrip():
                return False
    return True


def end_as_told(version, programs, whole):
    """Each of (name, (source, endings, words)) ends so, with these words; `whole`: and is searched
    to the end."""
    found = ask(version, "searched", sources=[source for _, (source, *_) in programs], seconds=60)
    for (name, (_, endings, words)), rows in zip(programs, found, strict=True):
        got, _, complete, bad = summary(rows)
        assert got == endings, (name, rows)
        assert words in bad, (name, bad)
        assert replays(rows), (name, rows)
        assert complete or not whole, (name, rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_goes_wrong_is_told(version):
    end_as_told(version, some(version, list(TOLD.items()), 4), whole=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_search_finds_all_endings_of_programs_of_tasks(version):
    names = some(version, [name for name in PROGRAMS if "nobody asks" not in name], 8)
    sources = ["import asyncio\n" + PROGRAMS[name][0].lstrip("\n") for name in names]
    answers = ask(version, "searched", sources=sources, seconds=60)  # a busy machine is slow
    for name, rows in zip(names, answers, strict=True):
        got, outputs, complete, _ = summary(rows)
        wanted = PROGRAMS[name][1]
        kinds = {"Deadlock": "deadlock", "AssertionError": "broken", "IndexError": "broken"}
        assert got == {kinds.get(text.partition(":")[0], "safe") for text in wanted}, (name, rows)
        safe = [text for text in wanted if text.partition(":")[0] not in kinds]
        assert outputs == (safe if any(safe) else []), name
        assert complete and replays(rows), (name, rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_endings_are_those_of_an_oracle_that_tries_every_order(version):
    count, least = [*some(version, [(60, 5)], 0), (20, 1)][0]
    wrong, several = ask(version, "searched_against_oracle", seed=3, count=count)
    assert wrong == []
    assert several > least


def test_what_cannot_be_stepped_is_told_even_where_the_program_catches_everything():
    text = (
        "import asyncio\nasync def main():\n    try:\n        {}\n    except BaseException: pass\n"
    )
    sources = [text.format(line) + "asyncio.run(main())\n" for line in LIMITS]
    for rows, words in zip(ask("3.11", "searched", sources=sources), LIMITS.values(), strict=True):
        assert rows[-1]["because"].startswith(words)
        assert not rows[-1]["complete"]


def test_a_program_that_never_ends_is_not_called_anything():
    source = "import asyncio\nasync def main():\n    while True:\n        await asyncio.sleep(1)\n"
    (rows,) = ask("3.11", "searched", sources=[source + "asyncio.run(main())\n"], seconds=2)
    assert [row["kind"] for row in rows] == ["result"]
    assert not rows[-1]["complete"]


@pytest.mark.soak
def test_eight_tasks_are_searched_to_the_end_of_the_bound_and_a_hundred_are_looked_through():
    source = """
import asyncio
total = 0
async def add():
    global total
    old = total
    await asyncio.sleep(0)
    total = old + 1
async def main():
    await asyncio.gather(*[add() for _ in range({})])
    print(total)
asyncio.run(main())
"""
    (rows,) = ask("3.11", "searched", sources=[source.format(8)], preemptions=1, seconds=60)
    assert rows[-1]["complete"]
    assert len(summary(rows)[1]) > 1
    (rows,) = ask("3.11", "searched", sources=[source.format(100)], seconds=15)
    assert not rows[-1]["complete"]
    assert len(summary(rows)[1]) > 1


def test_the_sentence_says_what_was_tried():
    source = PROGRAMS["gather keeps the order of results, not of prints"][0]
    (rows,) = ask("3.11", "searched", sources=["import asyncio\n" + source])
    assert "every order in which ready tasks can go on and timers end" in rows[-1]["because"]


def test_the_order_of_asyncio_itself_is_a_world():
    source = "import asyncio\n" + PROGRAMS["gather keeps the order of results, not of prints"][0]
    (rows,) = ask("3.11", "searched", sources=[source], world="interpreter")
    assert summary(rows)[1] == ["1 2 [1, 2]\n"]


def test_a_timer_without_a_number_for_its_time_is_due_at_once():
    source = """
import asyncio
async def main():
    asyncio.get_running_loop().call_later(float("nan"), print, "called")
    await asyncio.sleep(float("nan"))
    await asyncio.sleep(0)
    print("slept")
asyncio.run(main())
"""
    (rows,) = ask("3.11", "searched", sources=[source])
    got, outputs, complete, _ = summary(rows)
    assert (got, outputs, complete) == ({"safe"}, ["called\nslept\n"], True)
    assert replays(rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_where_no_loop_runs_the_main_thread_has_one_before_3_14(version):
    made = """
import asyncio
from concurrent.futures import Future as Job
async def seven():
    return 7
future = asyncio.Future()
loop = asyncio.get_event_loop()
task, both = asyncio.ensure_future(seven()), asyncio.gather(seven(), seven())
loop.call_soon(future.set_result, 3)
assert asyncio.wrap_future(future) is future and asyncio.wrap_future(Job()).get_loop() is loop
print(*[loop.run_until_complete(each) for each in (task, both, future)])
"""
    lacking = """
import asyncio
for make in (asyncio.Future, asyncio.get_event_loop):
    try:
        make()
    except RuntimeError as error:
        print(error)
"""
    (rows,) = ask(version, "searched", sources=[made])
    if version < "3.14":
        assert summary(rows)[:3] == ({"safe"}, ["7 [7, 7] 3\n"], True)
        return
    assert summary(rows)[0] == {"broken"}
    (rows,) = ask(version, "searched", sources=[lacking])
    told = "There is no current event loop in thread 'MainThread'.\n"
    assert summary(rows)[1] == [told * 2]


SERVER = """
import asyncio
async def work(event):
    await asyncio.sleep(1)
    {then}
    print("ready")
loop = asyncio.new_event_loop()
task = loop.create_task(work(asyncio.Event()))
try:
    loop.run_forever()
except KeyboardInterrupt:
    print("bye")
finally:
    loop.close()
"""


def test_a_loop_that_runs_for_ever_with_nothing_more_to_do_is_interrupted():
    (rows,) = ask("3.11", "searched", sources=[SERVER.format(then="pass")])
    assert summary(rows)[:3] == ({"safe"}, ["ready\nbye\n"], True)


def test_a_loop_that_runs_for_ever_is_stuck_where_a_task_waits_for_what_nobody_gives():
    # Ctrl-C would end this, too, but the task will never be done: that is what is to be found.
    (rows,) = ask("3.11", "searched", sources=[SERVER.format(then="await event.wait()")])
    assert summary(rows)[0] == {"deadlock"}
    assert "which nobody has set" in str(rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_sleep_that_nobody_awaits_is_told_with_its_line(version):
    source = """
import asyncio
async def main():
    asyncio.sleep(1)
asyncio.run(main())
"""
    (rows,) = ask(version, "searched", sources=[source])
    assert summary(rows)[0] == {"broken"}
    assert "asyncio.sleep() is called in line 4, but never awaited" in str(rows)


def test_a_sentence_has_no_folder_of_the_library():
    source = """
import asyncio
async def main():
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    raise ValueError(repr(task))
asyncio.run(main())
"""
    (rows,) = ask("3.11", "searched", sources=[source])
    assert "defined at asyncio/tasks.py:" in str(rows)
