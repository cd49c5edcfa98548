"""Real programs, watched: their output and ending are their own, and what does not depend on load
is right.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import pvt
from pvt.problem import Problem
from pvt.watcher.asking import Program, watch_text
from pvt.watcher.lanes import STATES
from pvt.watcher.watched import exception

PROGRAMS = Path(__file__).parent / "programs"
pytestmark = pytest.mark.usefixtures("nothing_left")


def watched(text, **options):
    return watch_text(text, ask=False, **options)


def ids(found):
    return [one.id for one in found.diagnosis]


def kinds(found, beginning):
    """The share of each state over all lanes whose names begin so."""
    lanes = [shares for name, shares in found.shares.items() if name.startswith(beginning)]
    assert lanes, list(found.shares)
    return {state: sum(one.get(state, 0) for one in lanes) / len(lanes) for state in STATES}


def test_a_lock_is_named_with_who_held_it(python):
    found = Program(PROGRAMS / "one_lock.py", python=python).watched()
    assert ids(found)[0] == "lock-bound"
    assert "the lock book, made in line 6 of one_lock.py" in found.diagnosis[0].text
    assert "held by Thread-" in found.diagnosis[0].text
    shares = kinds(found, "Thread-")
    assert shares["lock"] > 0.1


def test_a_small_pool_is_seen(python):
    found = Program(PROGRAMS / "small_pool.py", python=python).watched()
    assert ids(found)[0] == "pool-too-small"
    assert found.output == "190\n"
    assert "The pool of 2 had" in found.diagnosis[0].text


@pytest.mark.parametrize(
    "pool",
    ["concurrent.futures.ProcessPoolExecutor(2)", "multiprocessing.Pool(2)"],
)
def test_a_small_pool_of_processes_is_seen_and_its_servants_are_not(pool, python):
    text = (
        "import concurrent.futures, multiprocessing, time\n\n\n"
        "def ask(number):\n    time.sleep(0.1)\n    return number\n\n\n"
        "if __name__ == '__main__':\n"
        f"    with {pool} as pool:\n"
        "        print(sum(pool.map(ask, range(20), chunksize=1)))\n"
    )
    found = watched(text, python=python)
    assert (found.output, found.errors, found.left) == ("190\n", "", 0)
    assert sum(lane.kind == "process" for lane in found.lanes) == 2
    assert ids(found)[0] == "pool-too-small"
    assert "while its processes waited" in found.diagnosis[0].text


BY_HAND = {  # workers that take from a queue, in the forms in which people write them
    "threads": (
        "import queue, threading, time\n\nwork = queue.Queue()\n"
        "for number in range(20):\n    work.put(number)\n\n\n"
        "def worker():\n"
        "    while not work.empty():\n        work.get()\n        time.sleep(0.1)\n\n\n"
        "crew = [threading.Thread(target=worker) for _ in range(2)]\n"
        "for one in crew:\n    one.start()\n"
        "for one in crew:\n    one.join()\n",
        "Two threads took",
    ),
    "processes": (
        "import multiprocessing, time\n\n\n"
        "def worker(work):\n"
        "    while work.get() is not None:\n        time.sleep(0.1)\n\n\n"
        "if __name__ == '__main__':\n"
        "    work = multiprocessing.Queue()\n"
        "    for number in [*range(20), None, None]:\n        work.put(number)\n"
        "    crew = [multiprocessing.Process(target=worker, args=(work,)) for _ in range(2)]\n"
        "    for one in crew:\n        one.start()\n"
        "    for one in crew:\n        one.join()\n",
        "Two processes took",
    ),
    "tasks": (
        "import asyncio\n\n\n"
        "async def worker(work):\n"
        "    while True:\n"
        "        await work.get()\n        await asyncio.sleep(0.1)\n        work.task_done()\n"
        "\n\nasync def main():\n"
        "    work = asyncio.Queue()\n"
        "    for number in range(20):\n        work.put_nowait(number)\n"
        "    crew = [asyncio.create_task(worker(work)) for _ in range(2)]\n"
        "    await work.join()\n"
        "    for one in crew:\n        one.cancel()\n\n\n"
        "asyncio.run(main())\n",
        "Two tasks took",
    ),
    "threads with processes": (
        "import queue, subprocess, threading\n\nwork = queue.SimpleQueue()\n"
        "for number in range(20):\n    work.put(number)\n\n\n"
        "def worker():\n"
        "    while not work.empty():\n"
        "        work.get()\n        subprocess.run(['sleep', '0.1'])\n\n\n"
        "crew = [threading.Thread(target=worker) for _ in range(2)]\n"
        "for one in crew:\n    one.start()\n"
        "for one in crew:\n    one.join()\n",
        "Two threads took",
    ),
    "batches": (
        "import queue, threading, time\n\n\n"
        "def worker(work):\n"
        "    while not work.empty():\n        work.get()\n        time.sleep(0.05)\n\n\n"
        "def batch():\n"
        "    work = queue.Queue()\n"
        "    for number in range(12):\n        work.put(number)\n"
        "    crew = [threading.Thread(target=worker, args=(work,)) for _ in range(2)]\n"
        "    for one in crew:\n        one.start()\n"
        "    for one in crew:\n        one.join()\n\n\n"
        "for _ in range(5):\n    batch()\n",
        "Two threads took",
    ),
}


@pytest.mark.parametrize("crew", BY_HAND)
def test_a_pool_made_by_hand_is_seen(crew, python):
    text, beginning = BY_HAND[crew]
    found = watched(text, python=python)
    assert (found.ending, found.errors, found.left) == ("finished", "", 0)
    assert ids(found)[0] == "pool-too-small"
    assert found.diagnosis[0].text.startswith(beginning)


NO_WORK = {  # queues from which is taken, but not work: how they are filled, and used
    "connections": ("queue.Queue()", "at", "one = box.get(); time.sleep(0.1); box.put(one)"),
    "buffers": ("queue.SimpleQueue()", "at", "one = box.get(); time.sleep(0.1); box.put(one)"),
    "names": ("queue.SimpleQueue()", "at", "box.get(); time.sleep(0.1)"),
    "times": (
        "queue.PriorityQueue()",
        "time.time() + 0.05 * at",
        "time.sleep(max(0, box.get() - time.time()))",
    ),
}


@pytest.mark.parametrize("held", NO_WORK)
def test_a_queue_that_holds_no_work_makes_no_pool(held, python):
    made, item, used = NO_WORK[held]
    text = (
        f"import queue, threading, time\nbox = {made}\nfor at in range(20): box.put({item})\n"
        f"def use():\n    for _ in range(8): {used}\n"
        "crew = [threading.Thread(target=use) for _ in range(2)]\n"
        "for one in crew: one.start()\nfor one in crew: one.join()"
    )
    assert ids(watched(text, python=python)) == ["io-fine"]


OWN_QUEUES = {  # with what each prints
    "hooks": (
        "import queue\n\n\nclass Own(queue.Queue):\n"
        "    def _init(self, maxsize): self.jobs = []\n"
        "    def _qsize(self): return len(self.jobs)\n"
        "    def _put(self, item): self.jobs.append(item)\n"
        "    def _get(self): return self.jobs.pop()\n\n\n"
        "q = Own()\nq.put(1)\nq.put(2)\ntime.sleep(0.2)\nprint(q.get(), q.get())\n",
        "2 1\n",
    ),
    "no order": (
        "import queue\n\n\nclass Own(queue.Queue):\n"
        "    def _init(self, maxsize): self.queue = set()\n"
        "    def _put(self, item): self.queue.add(item)\n"
        "    def _get(self): return self.queue.pop()\n\n\n"
        "q = Own()\nq.put(1)\nq.put(1)\nprint(q.get(), q.empty())\n",
        "1 True\n",
    ),
    "counts": (
        "import queue\n\n\nclass Own(queue.Queue):\n    asked = 0\n"
        "    def _qsize(self):\n        self.asked += 1\n        return len(self.queue)\n\n\n"
        "q = Own()\nq.put(1)\nq.get()\ntime.sleep(0.3)\nprint(q.asked)\n",
        "1\n",
    ),
    "tasks": (
        "import asyncio\n\n\nclass Own(asyncio.Queue):\n"
        "    def _init(self, maxsize): self.items = {}\n"
        "    def _put(self, item): self.items[item] = 1\n"
        "    def _get(self): return self.items.popitem()[0]\n"
        "    def qsize(self): return len(self.items)\n"
        "    def empty(self): return not self.items\n\n\n"
        "async def main():\n    q = Own()\n    await q.put(1)\n    await q.put(1)\n"
        "    await asyncio.sleep(0.2)\n    print(await q.get(), q.empty())\n\n\n"
        "asyncio.run(main())\n",
        "1 True\n",
    ),
}


@pytest.mark.parametrize("kind", OWN_QUEUES)
def test_queues_of_its_own_kind_do_what_they_do(kind, python):
    text, printed = OWN_QUEUES[kind]
    found = watched(f"import time\n{text}", python=python)
    assert (found.output, found.errors) == (printed, "")


def test_its_own_module_called_queue_is_left_as_it_is(tmp_path):
    (tmp_path / "queue.py").write_text("class Queue:\n    def get(self): return 1\n")
    program = tmp_path / "my.py"
    program.write_text("import queue\nprint(queue.Queue().get(), queue.Queue.get.__code__.co_name)")
    found = Program(program).watched()
    assert (found.output, found.errors) == ("1 get\n", "")


def test_results_that_wait_to_be_collected_are_no_small_pool():
    found = watched(
        "import queue, threading, time\n\nresults = queue.Queue()\n\n\n"
        "def ask(number):\n    time.sleep(0.3)\n    results.put(number)\n\n\n"
        "for number in range(20):\n"
        "    threading.Thread(target=ask, args=(number,)).start()\n"
        "time.sleep(1)\n"
        "print(sum(results.get() for _ in range(20)))\n"
    )
    assert (found.output, ids(found)[0]) == ("190\n", "io-fine")


def test_nothing_lives_longer_because_it_is_watched(python):
    text = (
        "import gc, time\ngc.disable()\nalive = set()\n\n\n"
        "class Thing:\n"
        "    def __init__(self):\n        alive.add(id(self))\n\n"
        "    def __del__(self):\n        alive.discard(id(self))\n\n\n"
        "def use():\n    thing = Thing()\n    time.sleep(0.005)\n\n\n"
        "for _ in range(60):\n    use()\n"
        "until = time.monotonic() + 5\n"
        "while alive and time.monotonic() < until:\n    time.sleep(0.01)\n"
        "print(len(alive))\n"
    )
    assert watched(text, python=python).output == "0\n"


def test_a_blocked_loop_is_seen_with_its_line(python):
    found = Program(PROGRAMS / "blocked_loop.py", python=python).watched()
    assert "loop-blocked" in ids(found)
    assert (
        "line 14 of blocked_loop.py (in Task-4 (rude)) blocked it 4 times"
        in found.diagnosis[0].text
    )
    assert kinds(found, "task Task-2")["asleep"] > 0.5


BLOCKED = {  # how the tasks came to wait, after the imports: (the program, how many waited)
    "not begun": (
        "async def get(): time.sleep(0.1)\n"
        "async def main(): await asyncio.gather(*(get() for _ in range(8)))\n",
        "seven other tasks",
    ),
    "ready again": (
        "async def get():\n    for _ in range(2): await asyncio.sleep(0); time.sleep(0.1)\n"
        "async def main(): await asyncio.gather(*(get() for _ in range(4)))\n",
        "three other tasks",
    ),
    "made before the call": (
        "async def get(): pass\n"
        "async def main(): task = asyncio.create_task(get()); time.sleep(0.4); await task\n",
        "one other task",
    ),
    "fed by a queue": (
        "async def feed(box):\n    for at in range(4): time.sleep(0.1); await box.put(at)\n"
        "async def take(box):\n    for _ in range(4): await box.get()\n"
        "async def main(): box = asyncio.Queue(); await asyncio.gather(take(box), feed(box))\n",
        "one other task",
    ),
}


@pytest.mark.parametrize("how", BLOCKED)
def test_who_waits_for_a_blocked_loop_is_counted_however_it_came_to_wait(how, python):
    text, told = BLOCKED[how]
    first = watched(f"import asyncio, time\n{text}asyncio.run(main())", python=python).diagnosis[0]
    assert first.id == "loop-blocked" and told in first.text


@pytest.mark.parametrize(
    "rest",
    [
        "async def main(): time.sleep(0.5); await asyncio.sleep(0.1)",
        "async def main():\n    time.sleep(0.5)\n"
        "    await asyncio.gather(*(asyncio.sleep(0.3) for _ in range(5)))",
        "async def child(): time.sleep(0.5)\nasync def main(): await asyncio.create_task(child())",
    ],
)
def test_a_call_that_keeps_no_task_waiting_blocks_no_loop(rest):
    assert "loop-blocked" not in ids(watched(f"import asyncio, time\n{rest}\nasyncio.run(main())"))


def test_threads_that_compute_get_in_each_others_way(python):
    found = Program(PROGRAMS / "two_computing.py", python=python).watched()
    shares = kinds(found, "Thread-")
    assert shares["python"] + shares["gil"] + shares["ready"] > 0.5
    assert kinds(found, "MainThread")["worker"] > 0.5


def test_all_processes_are_lanes(python):
    found = Program(PROGRAMS / "unequal.py", python=python).watched()
    workers = [lane for lane in found.lanes if lane.kind == "process"]
    assert len(workers) >= 2
    assert all(lane.cells.get("python") for lane in workers)


def test_a_child_that_is_another_program_is_a_lane_too():
    found = Program(PROGRAMS / "child_computes.py").watched()
    assert sum(lane.kind == "process" for lane in found.lanes) == 1
    assert kinds(found, "MainThread")["worker"] > 0.5


def test_a_python_without_notes_is_not_known():
    text = (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-I', '-c',"
        " 'sum(range(30_000_000))'])"
    )
    found = watched(text)
    assert kinds(found, "python")["python"] == 0
    assert ids(found)[0] == "unknown"


def test_without_the_right_to_trace_it_says_what_it_cannot_see(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "trace")
    found = Program(PROGRAMS / "one_lock.py").watched()
    assert ids(found)[0] == "lock-bound"
    assert "no right to trace" in found.summary


def test_without_proc_it_shows_what_its_notes_say(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "/proc")
    found = Program(PROGRAMS / "one_lock.py").watched()
    assert ids(found)[0] == "lock-bound"
    assert "no /proc" in found.summary
    computing = kinds(Program(PROGRAMS / "two_computing.py").watched(), "Thread-")
    assert computing["gil"] == 0.0
    assert computing["python"] + computing["unknown"] > 0.5


def test_a_program_that_forbids_to_be_looked_at_is_shown_by_its_notes():
    hide = "import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE\n"
    found = watched(hide + (PROGRAMS / "one_lock.py").read_text())
    assert ids(found)[0] == "lock-bound"
    assert kinds(found, "Thread-")["lock"] > 0.1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may")
def test_a_program_that_becomes_another_user_is_still_shown():
    become = "import os\nos.setgid(65534)\nos.setuid(65534)\n"
    found = watched(become + (PROGRAMS / "one_lock.py").read_text())
    assert ids(found)[0] == "lock-bound"
    assert kinds(found, "Thread-")["lock"] > 0.1


def test_a_program_that_closes_all_files_keeps_what_it_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (
        "import os, time\nos.closerange(3, 2000)\n"
        "files = [open(f'mine{at}', 'w') for at in range(800)]\ntime.sleep(0.3)\n"
        "for one in files:\n    one.write('x')\n    one.close()\n"
        "print({open(f'mine{at}').read() for at in range(800)})\n"
    )
    assert watched(text).output == "{'x'}\n"


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("print('done')", "finished"),
        ("raise SystemExit(3)", "exit 3"),
        ("import os; os._exit(4)", "exit 4"),
        ("1 / 0", "exit 1"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "killed by SIGTERM"),
        ("import faulthandler; faulthandler._sigsegv()", "killed by SIGSEGV"),
    ],
)
def test_its_ending_is_its_own(text, ending):
    assert watched(text).ending == ending


def test_what_it_prints_is_its_own(python):
    text = (
        "import sys, threading, warnings\n"
        "print(sys.argv[1:], __name__, threading.active_count(), threading.enumerate())\n"
        "print(threading.Lock(), file=sys.stderr)\n"
        "threading.Thread(target=lambda: 1 / 0).start()"
    )
    found = watched(text, args=["--fast", "3"], python=python)
    assert found.output.startswith("['--fast', '3'] __main__ 1 [<_MainThread(MainThread, started")
    assert found.errors.startswith("<unlocked _thread.lock object")
    assert found.errors.rstrip().endswith("ZeroDivisionError: division by zero")


def test_the_text_of_an_error_names_nothing_of_ours(python):
    text = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor() as pool:\n    pool.submit(lambda: 1 / 0).result()"
    )
    assert "pvt_" not in watched(text, python=python).errors


def test_a_fork_gives_no_warning(python):
    text = (
        "import os, warnings\nwarnings.simplefilter('error')\nif os.fork() == 0:\n   "
        " os._exit(0)\nos.wait()\nprint('fine')"
    )
    found = watched(text, python=python)
    assert (found.output, found.errors) == ("fine\n", "")


def test_its_own_sitecustomize_is_run(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("print('mine')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert (
        watched("import sys; print([one for one in sys.path if 'inside' in one])").output
        == "mine\n[]\n"
    )


def test_it_works_in_the_callers_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert watched("import os; print(os.getcwd())").output.strip() == str(tmp_path)


def test_its_environment_is_the_callers(monkeypatch):
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    text = "import os; print(os.environ.get('PYTHONUTF8'), os.environ.get('PYTHONHASHSEED'))"
    assert watched(text).output == "0 None\n"


def test_it_reads_what_it_is_given():
    assert watched("print(input() + '!')", given="hello\n").output == "hello!\n"


def test_letters_stay_whole_however_much_is_printed():
    found = watched("print('x' + 'ä' * 200_000)")
    assert found.output == "x" + "ä" * 200_000 + "\n"


def test_it_is_told_that_there_is_no_input():
    found = watched("print(input())")
    assert "It asks for input and got none" in found.summary


def test_it_is_told_that_arguments_are_missing():
    text = (
        "import argparse\nparser ="
        " argparse.ArgumentParser()\nparser.add_argument('n')\nparser.parse_args()"
    )
    assert "It needs arguments" in watched(text).summary
    assert "It needs arguments" in watched("import sys; print(sys.argv[1])").summary


def test_an_empty_program_is_too_short_to_judge():
    found = watched("")
    assert found.ending == "finished"
    assert "too short to say more" in found.diagnosis[0].text


def test_a_wait_of_a_moment_is_not_told_as_the_longest():
    text = "import queue, threading, time\nbox = queue.Queue()\nbox.put(1)\nbox.get()\n"
    text += "one = threading.Thread(target=time.sleep, args=(0.4,))\none.start()\none.join()"
    assert "Longest wait" not in watched(text).summary


def test_of_a_crash_after_a_while_is_shown_what_came_before():
    found = watched("import time\ntime.sleep(0.6)\nraise KeyError('late')")
    assert found.ending == "exit 1"
    assert "It ended with KeyError: 'late'." in found.summary
    assert kinds(found, "MainThread")["asleep"] > 0.1


def test_what_never_ends_is_ended_and_shown():
    found = watched("import time\nwhile True:\n    time.sleep(0.01)", seconds=1.0)
    assert found.ending == "time limit"
    assert 1.0 <= found.seconds < 10
    assert kinds(found, "MainThread")["asleep"] > 0.1


def test_an_interrupt_ends_the_program_and_starts_no_other():
    program = Program("my.py", text="import time\nprint('on', end='', flush=True)\ntime.sleep(30)")
    running = program.running()

    def interrupt(row):
        if "out" in row:
            raise KeyboardInterrupt

    found = program.watched(running, interrupt)
    assert (found.ending, found.output) == ("stopped", "on")
    assert sum("pid" in row for row in running.rows) == 1
    assert list(found.shares) == ["MainThread"]


def test_what_prints_without_end_is_ended():
    assert watched("while True:\n    print('x' * 1000)").ending == "too much output"


def test_what_it_leaves_behind_is_counted_and_ended():
    text = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork():\n"
        "        os._exit(0)\n    time.sleep(60)\ntime.sleep(0.5)"
    )
    found = watched(text)
    assert found.left == 1
    assert "It left 1 process behind, which was ended." in found.summary


def test_another_executor_is_put_in_its_place(tmp_path):
    program = tmp_path / "pool.py"
    program.write_text(
        "from concurrent.futures import ThreadPoolExecutor\nimport os\n\n\n"
        "def work(number):\n    return os.getpid()\n\n\n"
        "if __name__ == '__main__':\n"
        "    with ThreadPoolExecutor(2) as pool:\n"
        "        print(os.getpid() in set(pool.map(work, range(4))))\n"
    )
    before = program.read_text()
    assert Program(program).watched().output == "True\n"
    assert Program(program, executor="process").watched().output == "False\n"
    assert program.read_text() == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("print('hello'", "is not Python: line 1"),
        ("Dear reader,\nthis is no program.", "is not Python: line 1"),
        ("x\0y", "is not Python"),
    ],
)
def test_what_is_not_python_is_refused_with_a_sentence(tmp_path, text, expected):
    (tmp_path / "my.py").write_text(text)
    with pytest.raises(Problem, match=expected):
        pvt.watch(tmp_path / "my.py")


def test_bytes_are_refused(tmp_path):
    (tmp_path / "my.py").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(Problem, match="not even text"):
        pvt.watch(tmp_path / "my.py")


@pytest.mark.parametrize("name", ["my.ipynb", "my.py"])
@pytest.mark.parametrize("python", [None, sys.executable])
def test_a_notebook_is_refused(tmp_path, name, python):
    (tmp_path / name).write_text('{"cells": [], "metadata": {}, "nbformat": 4}')
    with pytest.raises(Problem, match=f"{name} is a notebook"):
        pvt.watch(tmp_path / name, python=python)


def test_a_file_that_is_not_there_is_refused_with_what_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "your.py").write_text("")
    with pytest.raises(Problem, match=r"there is no file my\.py in .*; there are your\.py"):
        pvt.watch("my.py")
    monkeypatch.chdir("/")
    with pytest.raises(Problem, match=rf"no file my\.py in {tmp_path}; there are your\.py"):
        pvt.watch(tmp_path / "my.py")
    with pytest.raises(Problem, match=r"there is no folder .*other"):
        pvt.watch(tmp_path / "other" / "my.py")
    with pytest.raises(Problem, match="is a folder"):
        pvt.watch(tmp_path)


@pytest.mark.parametrize(
    "options",
    [{"args": "--fast"}, {"args": [3]}, {"seconds": 0}, {"given": b"x"}, {"executor": "gpu"}],
)
def test_options_that_are_none_are_refused(options):
    with pytest.raises(Problem, match="allowed"):
        pvt.watch(PROGRAMS / "one_core.py", **options)


def terminal(*words):
    command = [sys.executable, "-m", "pvt", "watch", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_json_has_a_line_for_each_stretch_and_one_for_the_whole():
    done = terminal(str(PROGRAMS / "small_pool.py"), "--json")
    *stretches, whole = map(json.loads, done.stdout.splitlines())
    assert all(list(one) == ["lane", "from", "to", "state"] for one in stretches)
    assert all(one["from"] < one["to"] and one["state"] in STATES for one in stretches)
    assert list(whole) == ["ending", "seconds", "cores", "cores_busy", "shares", "diagnosis"]
    assert {one["lane"] for one in stretches} <= set(whole["shares"])
    assert list(whole["diagnosis"][0]) == ["id", "text"]
    assert done.stderr == "190\n"


def test_in_a_terminal_output_and_exit_code_are_the_programs(tmp_path):
    (tmp_path / "my.py").write_text("import sys; print(sys.argv[1:]); sys.exit(3)")
    done = terminal(str(tmp_path / "my.py"), "--html", str(tmp_path / "my.html"), "--", "-x", "5")
    assert done.returncode == 3
    assert done.stdout.startswith("['-x', '5']\nmy.py: exit 3 after")
    page = (tmp_path / "my.html").read_text()
    assert page.count('role="img"') == 1
    assert 'aria-label="' in page


def test_in_a_terminal_every_byte_is_the_programs(tmp_path):
    every = bytes(range(256)) + b"\r\nend\rx\xc3"
    text = f"import sys\nsys.stdout.buffer.write({every!r})\nsys.stderr.buffer.write({every!r})"
    (tmp_path / "my.py").write_text(text)
    command = [sys.executable, "-m", "pvt", "watch", str(tmp_path / "my.py")]
    done = subprocess.run(command, capture_output=True, timeout=60)
    assert done.stdout.startswith(every + b"\nmy.py: finished")
    assert done.stderr == every
    found = watched(text)
    assert found.output.isprintable() is False and "\ufffd" in found.output
    assert found.html(found.draw()).encode()


def test_a_usage_error_is_one_line():
    done = terminal("nosuch.py")
    assert done.returncode == 2
    assert done.stderr.startswith("pvt: there is no file nosuch.py")
    assert done.stderr.count("\n") == 1


CIRCLE = """import threading, time
left = threading.Lock()
right = threading.Lock()
def move(first, second):
    with first:
        time.sleep(0.2)
        with second: pass
threads = [threading.Thread(target=move, args=pair) for pair in [(left, right), (right, left)]]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_a_deadlock_is_told_with_who_waited_for_whom():
    found = watched(CIRCLE, seconds=2)
    assert ids(found) == ["lock-bound"] and found.diagnosis[0].lesson[0] == "05_deadlock"
    text = found.diagnosis[0].text
    assert "waited for the lock right, which Thread-2 (move) held" in text
    assert "waited for the lock left, which Thread-1 (move) held" in text
    alone = watched("import threading\nlock = threading.Lock()\nwith lock:\n    lock.acquire()",
                    seconds=1.5)  # fmt: skip
    assert "MainThread waited for lock, which it held itself" in alone.diagnosis[0].text


def test_a_lock_that_goes_round_is_no_deadlock():
    text = (
        "import hashlib, threading\nlock = threading.Lock()\ndef work():\n"
        "    for _ in range(12):\n"
        "        with lock: hashlib.pbkdf2_hmac('sha256', b'x', b'y', 60000)\n"
        "crew = [threading.Thread(target=work) for _ in range(4)]\n"
        "for one in crew: one.start()\nfor one in crew: one.join()"
    )
    found = watched(text)
    assert found.ending == "finished"
    assert all(one.lesson[0] != "05_deadlock" for one in found.diagnosis)


SENT = {  # a call for each way in which much is sent, and the bytes of it
    "spawn": (
        "kinds = multiprocessing.get_context('spawn')\n"
        "    one = kinds.Process(target=len, args=(rows,))\n    one.start()\n    one.join()",
        12e6,
    ),
    "small pieces": (
        "with concurrent.futures.ProcessPoolExecutor(2) as pool:\n"
        "        print(sum(pool.map(abs, range(3000))))",
        100e3,
    ),
}


@pytest.mark.parametrize("how", SENT)
def test_what_becomes_bytes_is_counted_however_it_is_sent(how, python):
    call, least = SENT[how]
    text = (
        "import concurrent.futures, multiprocessing\nif __name__ == '__main__':\n"
        f"    rows = [(n, str(n), float(n)) for n in range(600_000)]\n    {call}"
    )
    found = watched(text, python=python)
    assert (found.ending, found.errors) == ("finished", "")
    assert found.figures.pickled > least and found.figures.pickling > 0.02
    assert how != "spawn" or "pickling" in ids(found)


NOT_JOINED = {
    "threads": "for _ in range(2): threading.Thread(target=time.sleep, args=(0.7,)).start()",
    "a pool": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n"
        "for _ in range(2): pool.submit(time.sleep, 0.7)"
    ),
}


@pytest.mark.parametrize("how", NOT_JOINED)
def test_who_waits_at_the_end_for_threads_waits_for_workers(how, python):
    found = watched(f"import threading, time\n{NOT_JOINED[how]}", python=python)
    main = kinds(found, "MainThread")
    assert main["worker"] > 0.6 and main["unknown"] < 0.2
    assert ids(found) == ["io-fine"]


def test_waits_one_after_the_other_are_not_called_waits_at_once():
    text = (
        "import threading, time\nfor at in range(5):\n"
        "    one = threading.Thread(target=time.sleep, args=(0.2,))\n    one.start()\n    one.join()"
    )
    (found,) = watched(text).diagnosis
    assert found.id == "io-fine" and "one wait after the other" in found.text


def test_who_reads_from_a_pipe_waits_for_the_process_that_writes():
    text = (
        "import subprocess\n"
        "one = subprocess.Popen('for at in 1 2 3 4; do sleep 0.3; echo $at; done', shell=True,"
        " stdout=subprocess.PIPE)\nprint(len(one.stdout.read()))\none.wait()"
    )
    (found,) = watched(text).diagnosis
    assert found.id == "io-fine" and "one wait after the other" in found.text


ASYNC = """import asyncio
async def work(lock, event):
    {first}
    async with lock: await asyncio.sleep(0.15)
async def main():
    lock, event = asyncio.{lock}, asyncio.Event()
    asyncio.get_running_loop().call_later(0.3, event.set)
    await asyncio.gather(*(work(lock, event) for _ in range(6)))
asyncio.run(main())
"""


@pytest.mark.parametrize("lock", ["Lock()", "Semaphore(2)"])
def test_tasks_that_wait_for_a_lock_of_asyncio_are_seen(lock):
    (found,) = watched(ASYNC.format(first="pass", lock=lock)).diagnosis
    assert found.id == "lock-bound" and "tasks waited" in found.text


def test_a_task_that_waits_for_an_event_waits_for_another():
    found = watched(ASYNC.format(first="await event.wait()", lock="Semaphore(6)"))
    assert kinds(found, "task Task-2")["worker"] > 0.5


def test_a_semaphore_is_not_called_a_lock_for_one():
    text = (
        "import threading, time\ngate = threading.BoundedSemaphore(3)\ndef get():\n"
        "    with gate: time.sleep(0.2)\nts = [threading.Thread(target=get) for _ in range(12)]\n"
        "[t.start() for t in ts]; [t.join() for t in ts]"
    )
    (found,) = watched(text).diagnosis
    assert "for a semaphore, at most" in found.text and "only so many pass" in found.text


SIGNALS = {  # how it is made, waited for and given to three workers
    "a semaphore": ("threading", "Semaphore(0)", "acquire", "[sign.release() for _ in crew]"),
    "a semaphore of processes": (
        "multiprocessing",
        "Semaphore(0)",
        "acquire",
        "[sign.release() for _ in crew]",
    ),
    "an event of processes": ("multiprocessing", "Event()", "wait", "sign.set()"),
}


@pytest.mark.parametrize("sign", SIGNALS)
def test_who_waits_for_a_sign_waits_for_another_and_for_no_lock(sign, python):
    module, made, waited, given = SIGNALS[sign]
    kind = {"threading": "Thread", "multiprocessing": "Process"}[module]
    text = (
        f"import {module}, time\ndef wait(sign): sign.{waited}()\n"
        f"if __name__ == '__main__':\n    sign = {module}.{made}\n"
        f"    crew = [{module}.{kind}(target=wait, args=(sign,)) for _ in range(3)]\n"
        "    for one in crew: one.start()\n"
        f"    time.sleep(1)\n    {given}\n    for one in crew: one.join()"
    )
    found = watched(text, python=python)
    assert "lock-bound" not in ids(found)
    shares = kinds(found, kind)
    assert shares["worker"] > 0.3 and shares["lock"] < 0.1


PING_PONG = (
    "import threading, multiprocessing, time\n"
    "def answer(ping, pong):\n"
    "    for _ in range(8): ping.acquire(); time.sleep(0.05); pong.release()\n"
    "if __name__ == '__main__':\n"
    "    ping, pong = {module}.Lock(), {module}.Lock(); ping.acquire(); pong.acquire()\n"
    "    other = {module}.{kind}(target=answer, args=(ping, pong)); other.start()\n"
    "    for _ in range(8): time.sleep(0.05); ping.release(); pong.acquire()\n"
    "    other.join()"
)


@pytest.mark.parametrize(
    ("module", "kind"), [("threading", "Thread"), ("multiprocessing", "Process")]
)
def test_a_lock_that_another_lets_go_is_a_sign(module, kind):
    found = watched(PING_PONG.format(module=module, kind=kind))
    assert "lock-bound" not in ids(found)
    assert kinds(found, "MainThread")["lock"] < 0.1 < kinds(found, "MainThread")["worker"]


def test_a_lock_that_two_threads_take_by_turns_is_no_sign():
    text = (
        "import threading, time\nlock, until = threading.Lock(), time.monotonic() + 0.8\n"
        "def count():\n    n = 0\n    while time.monotonic() < until:\n"
        "        with lock: n += 1\n        if n % 50 == 0:\n"
        "            with lock: time.sleep(0.01)\n"
        "ts = [threading.Thread(target=count) for _ in range(2)]\n"
        "[t.start() for t in ts]; [t.join() for t in ts]"
    )
    shares = kinds(watched(text), "Thread-")
    assert shares["worker"] < 0.05 < shares["lock"]


def test_a_semaphore_of_asyncio_that_is_made_with_0_is_a_sign():
    found = watched(
        "import asyncio\nasync def main():\n    sign = asyncio.Semaphore(0)\n"
        "    ts = [asyncio.create_task(sign.acquire()) for _ in range(3)]\n"
        "    await asyncio.sleep(0.6)\n    for _ in ts: sign.release()\n"
        "    await asyncio.gather(*ts)\nasyncio.run(main())"
    )
    assert "lock-bound" not in ids(found)
    assert kinds(found, "task Task-2")["worker"] > 0.8


@pytest.mark.parametrize(
    ("waits", "state"),
    [
        ("stop.wait(0.1)", "asleep"),
        ("with cond: cond.wait_for(stop.is_set, 0.1)", "asleep"),
        ("stop.wait(60)", "worker"),  # another ends it
        ("asked.exception(0.1)", "worker"),  # it asks for a result
    ],
)
def test_a_wait_that_its_time_out_ends_is_a_sleep(waits, state):
    text = (
        "import concurrent.futures as futures, contextlib, threading\n"
        "stop, cond, asked = threading.Event(), threading.Condition(), futures.Future()\n"
        "def work():\n    while not stop.is_set():\n"
        "        with contextlib.suppress(TimeoutError, futures.TimeoutError):\n"
        f"            {waits}\n"
        "one = threading.Thread(target=work)\none.start()\none.join(0.6)\n"
        "stop.set()\none.join()"
    )
    assert kinds(watched(text), "Thread-")[state] > 0.7


@pytest.mark.parametrize(
    ("made", "servants", "workers"),
    [
        ("concurrent.futures.ProcessPoolExecutor(2)", 2, 3),
        ("multiprocessing.Pool(2)", 3, 3),
        ("multiprocessing.pool.ThreadPool(2)", 3, 3),
    ],
)
def test_the_threads_that_serve_a_pool_are_none_of_its_workers(made, servants, workers):
    text = (
        "import concurrent.futures, multiprocessing.pool, time\n"
        "if __name__ == '__main__':\n"
        f"    with {made} as pool: list(pool.map(time.sleep, [0.2] * 4))\n"
    )
    found = watched(text).figures.workers
    assert sum(one.servant for one in found) == servants
    assert sum(not one.servant for one in found) == workers  # two and the main thread


def test_timers_sleep():
    text = "import threading\nfor n in range(4): threading.Timer(0.4, print, args=(n,)).start()"
    assert kinds(watched(text), "Thread-")["asleep"] > 0.8


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_who_waits_for_a_condition_of_processes_waits_for_another(method):
    text = (
        "import multiprocessing, time\ndef wait(sign):\n    with sign: sign.wait()\n"
        "if __name__ == '__main__':\n"
        f"    kinds = multiprocessing.get_context('{method}')\n"
        "    sign = kinds.Condition()\n"
        "    crew = [kinds.Process(target=wait, args=(sign,)) for _ in range(2)]\n"
        "    for one in crew: one.start()\n"
        "    time.sleep(2)\n    with sign: sign.notify_all()\n    for one in crew: one.join()"
    )
    shares = kinds(watched(text), method.title() + "Process")
    assert shares["worker"] > 0.3 and shares["lock"] < 0.1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of POSIX")
def test_a_signal_that_the_program_waits_for_comes_to_it():
    text = (
        "import os, signal, threading, time\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})\n"
        "def wait(): print(signal.sigwait({signal.SIGUSR2}).name)\n"
        "one = threading.Thread(target=wait)\none.start()\ntime.sleep(0.3)\n"
        "os.kill(os.getpid(), signal.SIGUSR2)\none.join()"
    )
    found = watched(text)
    assert (found.ending, found.output) == ("finished", "SIGUSR2\n"), found.errors


def test_what_is_put_in_place_takes_what_the_originals_take():
    text = (
        "import socket, tempfile, threading\n"
        "one, other = socket.socketpair()\none.sendall(b'hello')\n"
        "print(other.recv_into(bytearray(10), nbytes=3))\n"
        "lock = threading.Lock()\n"
        "if hasattr(lock, 'acquire_lock'):\n"
        "    lock.acquire_lock()\n    assert lock.locked_lock()\n    lock.release_lock()\n"
        "print(tempfile.mkstemp()[1])"
    )
    found = watched(text)
    assert found.ending == "finished", found.errors
    number, path = found.output.split()
    assert number == "3" and os.path.exists(path)  # in the user's own folder of temporary files
    os.unlink(path)


def test_a_pool_whose_threads_are_called_something_else_is_seen():
    text = (
        "from concurrent.futures import ThreadPoolExecutor\nimport threading, time\n"
        "def page(at):\n    threading.current_thread().name = f'page\\n{at}'\n    time.sleep(0.1)\n"
        "with ThreadPoolExecutor(2) as pool: list(pool.map(page, range(12)))"
    )
    found = watched(text)
    assert ids(found)[0] == "pool-too-small"
    assert all("\n" not in name for name in found.shares)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python has it")
def test_an_executor_that_this_python_lacks_is_said():
    text = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor() as pool: pool.submit(print, 1).result()"
    )
    assert "has no InterpreterPoolExecutor" in watched(text, executor="interpreter").summary


GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "my.py", line 9, in <module>
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "my.py", line 3, in bad
    | ValueError: no
    +------------------------------------
"""


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        (GROUP, "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)"),
        ("Traceback (most recent call last):\n  File 'x'\nKeyError: 'a'\n", "KeyError: 'a'"),
        ("three tries, and no answer\n", ""),
    ],
)
def test_the_exception_of_a_traceback_is_found(errors, told):
    assert exception(errors) == told


def test_input_comes_as_it_is_and_a_page_is_refused_before_the_run(tmp_path):
    program, given = tmp_path / "my.py", tmp_path / "data.gz"
    program.write_text("import sys\nprint(sys.stdin.buffer.read())")
    given.write_bytes(b"\x1f\x8b a\r\nb\xff")
    done = terminal(str(program), "--input", str(given))
    assert done.stdout.startswith(repr(given.read_bytes()))
    done = terminal(str(program), "--html", str(given))
    assert done.returncode == 2 and "no page" in done.stderr and not done.stdout
    done = terminal(str(tmp_path / "nothere.py"), "--html", str(tmp_path / "new.html"))
    assert done.returncode == 2 and not (tmp_path / "new.html").exists()


def test_who_tries_again_and_again_to_take_a_lock_waits_for_it(python):
    text = (
        "import threading, time\n"
        "lock = threading.Lock()\n"
        "def work():\n"
        "    for _ in range(6):\n"
        "        while not lock.acquire(False):\n"
        "            time.sleep(0.001)\n"
        "        time.sleep(0.05)\n"
        "        lock.release()\n"
        "        time.sleep(0.02)\n"
        "threads = [threading.Thread(target=work) for _ in range(4)]\n"
        "[one.start() for one in threads]\n"
        "[one.join() for one in threads]\n"
    )
    found = watched(text, python=python)
    assert ids(found)[0] == "lock-bound"
    assert "made in line 2" in found.diagnosis[0].text
    assert found.figures.locks[0].longest > 0.04


def test_who_leaves_a_lock_alone_and_sleeps_does_not_wait_for_it():
    text = (
        "import threading, time\n"
        "lock = threading.Lock()\n"
        "def work():\n"
        "    for _ in range(4):\n"
        "        if lock.acquire(blocking=False):\n"
        "            time.sleep(0.1)\n"
        "            lock.release()\n"
        "        time.sleep(0.25)\n"
        "threads = [threading.Thread(target=work) for _ in range(3)]\n"
        "[one.start() for one in threads]\n"
        "[one.join() for one in threads]\n"
    )
    found = watched(text)
    assert ids(found) == ["io-fine"]
    assert kinds(found, "Thread-")["lock"] == 0


def test_connections_that_a_condition_hands_out_are_seen(python):
    text = (
        "import threading, time\n"
        "free, cond = [1, 2], threading.Condition()\n"
        "def work():\n"
        "    for _ in range(6):\n"
        "        with cond:\n"
        "            while not free:\n"
        "                cond.wait()\n"
        "            one = free.pop()\n"
        "        time.sleep(0.04)\n"
        "        with cond:\n"
        "            free.append(one)\n"
        "            cond.notify()\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "[one.start() for one in threads]\n"
        "[one.join() for one in threads]\n"
    )
    found = watched(text, python=python)
    assert ids(found)[0] == "lock-bound"
    assert "handed out with a condition" in found.diagnosis[0].text


def test_threads_that_want_to_write_to_one_database_wait_for_its_lock(python):
    text = (
        "import os, sqlite3, tempfile, threading, time\n"
        "file = os.path.join(tempfile.mkdtemp(), 'x.db')\n"
        "sqlite3.connect(file).execute('create table t(n)')\n"
        "def work():\n"
        "    mine = sqlite3.connect(file, timeout=60, isolation_level=None)\n"
        "    for _ in range(10):\n"
        "        mine.execute('begin immediate')\n"
        "        mine.execute('insert into t values (1)')\n"
        "        time.sleep(0.04)\n"
        "        mine.execute('commit')\n"
        "threads = [threading.Thread(target=work) for _ in range(4)]\n"
        "[one.start() for one in threads]\n"
        "[one.join() for one in threads]\n"
    )
    found = watched(text, python=python)
    assert ids(found)[0] == "lock-bound"
    assert "the lock of a database of SQLite" in found.diagnosis[0].text


def test_clients_that_wait_for_the_one_thread_that_serves_them_are_seen(python):
    text = (
        "import socket, threading, time\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "def serve():\n"
        "    while True:\n"
        "        one, _ = server.accept()\n"
        "        with one:\n"
        "            one.recv(9)\n"
        "            time.sleep(0.03)\n"
        "            one.sendall(b'yes')\n"
        "def ask():\n"
        "    for _ in range(5):\n"
        "        with socket.create_connection(server.getsockname()) as one:\n"
        "            one.sendall(b'well?')\n"
        "            one.recv(9)\n"
        "threading.Thread(target=serve, daemon=True).start()\n"
        "threads = [threading.Thread(target=ask) for _ in range(8)]\n"
        "[one.start() for one in threads]\n"
        "[one.join() for one in threads]\n"
    )
    found = watched(text, python=python)
    assert ids(found)[0] == "pool-too-small"
    assert "One thread served 8 clients" in found.diagnosis[0].text


def test_arguments_of_the_program_without_the_dashes_are_refused_with_the_right_line(tmp_path):
    (tmp_path / "my.py").write_text("pass")
    for words in (["extra"], ["--size", "3"]):
        done = terminal(str(tmp_path / "my.py"), *words)
        assert done.returncode == 2
        assert f"my.py -- {' '.join(words)}" in done.stderr
        assert "Traceback" not in done.stderr


POLLED = (
    "import multiprocessing, threading, time\n"
    "def work(gate):\n"
    "    for _ in range(5):\n"
    "        while not gate.acquire(False):\n"
    "            time.sleep(0.002)\n"
    "        time.sleep(0.05)\n"
    "        gate.release()\n"
    "        time.sleep(0.01)\n"
    "if __name__ == '__main__':\n"
    "    gate = {made}\n"
    "    workers = [{worker}(target=work, args=(gate,)) for _ in range(5)]\n"
    "    [one.start() for one in workers]\n"
    "    [one.join() for one in workers]\n"
)


@pytest.mark.parametrize(
    ("made", "worker", "called"),
    [
        ("threading.Semaphore(2)", "threading.Thread", "a semaphore"),
        ("threading.RLock()", "threading.Thread", "the lock gate"),
        ("multiprocessing.Lock()", "multiprocessing.Process", "a lock between processes"),
    ],
)
def test_whatever_is_tried_again_and_again_is_waited_for(made, worker, called):
    found = watched(POLLED.format(made=made, worker=worker))
    assert ids(found)[0] == "lock-bound"
    assert f"of their time for {called}" in found.diagnosis[0].text
