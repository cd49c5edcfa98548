"""Ordinary programs, as anybody writes them: what a search says of each, and that every schedule it
gives replays."""

import json

import pytest
from pythons import HERE, VERSIONS, ask, each_python

STARTED = """
import threading
{body}
threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
{end}
"""


def started(body, end="print(total)"):
    """A script that starts two threads and waits for them."""
    return STARTED.format(body=body, end=end)


COUNT = "total = 0\ndef work(n):\n    global total\n    total += 1\n"
LONG = "total = 0\nlock = threading.Lock()\ndef work(n):\n    global total\n    for _ in range({n}):\n        {how}\n"
POOL = "from concurrent.futures import ThreadPoolExecutor, as_completed, wait\n"
BAD = {
    "assert at the end": (started(COUNT, "assert total == 2"), "broken", "the assert in line 13 failed"),
    "a class of one's own": (
        "import threading\nclass W(threading.Thread):\n    left = 1\n    def run(self):\n        if W.left:\n"
        "            W.left -= 1\n            assert W.left >= 0\nws = [W() for _ in range(2)]\nfor w in ws: w.start()\n",
        "broken", "the assert in line 7 failed",
    ),
    "a dict grows": (
        started("d = {1: 1}\ndef work(n):\n    if n: d[2] = 1\n    else:\n        for k in d: d.get(k)\n", ""),
        "broken", "dictionary changed size during iteration",
    ),
    "a pool waits for itself": (
        POOL + "p = ThreadPoolExecutor(1)\ndef f(): return p.submit(int).result()\nprint(p.submit(f).result())\n",
        "deadlock", "waiting for the result of int()",
    ),
    "a future keeps an exception": (
        POOL + "with ThreadPoolExecutor(1) as p:\n    p.submit(lambda: 1 / 0)\n", "broken", "nobody asks for it",
    ),
    "join under the lock": (
        "import threading\nlock = threading.Lock()\ndef f():\n    with lock: pass\nt = threading.Thread(target=f)\n"
        "with lock:\n    t.start()\n    t.join()\n", "deadlock", "waiting for the lock lock that thread 0 holds",
    ),
    "waits for ever": ("import queue, threading\nq = queue.Queue()\nthreading.Thread(target=q.get).start()\n", "deadlock",
                       "waiting for an item in the queue q"),
    "an exception in a thread": ("import threading\nthreading.Thread(target=lambda: 1 / 0).start()\n", "broken",
                                 "raised ZeroDivisionError"),
    "a timer": ("import threading\nx = []\nt = threading.Timer(1, x.append, (1,))\nt.start()\nassert not x\n", "broken",
                "the assert in line 5 failed"),
    "sys.exit with a number": (
        started(COUNT, "import sys\nsys.exit(0 if total == 2 else 1)"), "broken",
        "the program ended with sys.exit(1) in line 14",
    ),
    "sys.exit with a text": (
        started(COUNT, "import sys\nif total != 2: sys.exit(f'lost: {total}')"), "broken",
        "the program ended with sys.exit('lost: 1') in line 14",
    ),
    "what main() returns": (
        started(COUNT, "import sys\ndef main(): return total != 2\nif __name__ == '__main__': sys.exit(main())"),
        "broken", "the program ended with sys.exit(True) in line 15",
    ),
    "an assert of the library": (
        "import threading\ndef f(): pass\nt = threading.Thread(f)\nt.start()\n", "broken",
        "thread 0: line 3 raised AssertionError: group argument must be None for now",
    ),
    "an assert of unittest": (
        "import threading, unittest\ndef f():\n    unittest.TestCase().assertEqual(1, 2)\n"
        "threading.Thread(target=f).start()\n", "broken", "thread 1: line 3 raised AssertionError: 1 != 2",
    ),
    "args that are no tuple": (
        "import threading\ndef f(n): pass\nt = threading.Thread(target=f, args=(1))\nt.start()\n", "broken",
        "thread 1, started in line 4, raised TypeError",
    ),
    "an argument too few": (
        "import threading\ndef f(a, b): pass\nthreading.Thread(target=f, args=(1,)).start()\n", "broken",
        "thread 1, started in line 3, raised TypeError: f() missing 1 required",
    ),
    "a function in C that raises": (
        "import threading\nt = threading.Thread(target=int, args=('x',))\nt.start()\nt.join()\n", "broken",
        "thread 1, started in line 3, raised ValueError",
    ),
}  # fmt: skip
GOOD = {
    "a lock": started("lock = threading.Lock()\n" + COUNT.replace("    total += 1", "    with lock: total += 1"),
                      "assert total == 2"),
    "thread-local": started("here = threading.local()\ndef work(n):\n    here.n = n\n    assert here.n == n\n", ""),
    "a daemon that waits": "import queue, threading\nq = queue.Queue()\n"
    "threading.Thread(target=q.get, daemon=True).start()\n",
    "sys.exit in a thread": "import sys, threading\nt = threading.Thread(target=sys.exit)\nt.start()\nt.join()\n",
    "sys.exit(1) in a thread": "import sys, threading\nt = threading.Thread(target=sys.exit, args=(1,))\nt.start()\n"
    "t.join()\nsys.exit(0)\n",
    "sys.exit with what main() returns": started("lock = threading.Lock()\n" + COUNT.replace("    total += 1",
    "    with lock: total += 1"), "import sys\ndef main(): return total != 2\nsys.exit(main())"),
    "sys.exit before the others end": "import sys, threading\nthreading.Thread(target=print).start()\nsys.exit()\n",
    "a guard": "import threading\ndef main():\n    t = threading.Thread(target=print)\n    t.start()\n    t.join()\n"
    "if __name__ == '__main__':\n    main()\n",
    "a pool": POOL + "with ThreadPoolExecutor(2) as p:\n    assert list(p.map(abs, [-1, -2])) == [1, 2]\n",
    "futures": POOL + "with ThreadPoolExecutor(2) as p:\n    fs = [p.submit(abs, -n) for n in range(2)]\n"
    "    assert sorted(f.result() for f in as_completed(fs)) == [0, 1]\n    assert len(wait(fs).done) == 2\n",
    "a pool by the name of its file": "import concurrent.futures.thread\n"
    "from concurrent.futures.thread import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor(2) as p: assert p.submit(abs, -1).result() == 1\n",
    "a callback": POOL + "seen = []\nwith ThreadPoolExecutor(1) as p:\n"
    "    p.submit(abs, -1).add_done_callback(lambda f: seen.append(f.result()))\nassert seen == [1]\n",
    "names of old": "import threading\nc = threading.Condition()\nwith c: c.notifyAll()\ne = threading.Event()\n"
    "assert not e.isSet()\nassert threading.currentThread().getName() == 'MainThread'\n",
    "a generic queue": "from queue import Queue\nq: Queue[int] = Queue()\nq.put(1)\nassert q.get() == 1\n"
    "with q.mutex: q.queue.clear()\n",
    "the clock": "import time\na = time.monotonic()\ntime.sleep(2)\nassert 2 <= time.monotonic() - a < 3\n",
    "random": "import random, uuid\nassert random.random() == random.Random(0).random() or True\n",
    "imports for later": "import multiprocessing, socket, signal, subprocess\nassert multiprocessing.cpu_count() > 0\n",
}  # fmt: skip
DEPENDS = {
    "a lost update": started(COUNT),
    "who comes first": started("def work(n): print(n)\n", ""),
    "a long loop": started(LONG.format(n=2_000, how="total += 1")),
    "looks before it withdraws": started(
        "total = 100\ndef work(n):\n    global total\n    if total >= 80: total -= 80\n"
    ),
}
TOLD = {
    "a process": (
        "import multiprocessing\nmultiprocessing.Process(target=print).start()\n",
        "multiprocessing.Process",
    ),
    "a command": (
        "import subprocess\nsubprocess.run(['true'])\n",
        "line 2: the program uses subprocess.run",
    ),
    "a signal": (
        "import signal\nsignal.signal(signal.SIGALRM, print)\n",
        "line 2: the program uses signal.signal",
    ),
    "a socket": ("import socket\nsocket.socket()\n", "line 2: the program uses socket.socket"),
    "a library that asks for a page": (
        "import urllib.request as u\ntry:\n    u.urlopen('http://127.0.0.1:9/')\nexcept Exception: pass\n",
        "line 3: the program uses urllib.request.urlopen: the stage cannot see what comes from outside",
    ),
    "a library that sends a mail, in a thread": (
        "import smtplib\n" + started("def work(n): smtplib.SMTP('127.0.0.1', 9)\n", ""),
        "the program uses smtplib.SMTP: the stage cannot see what comes from outside",
    ),
    "what fails as it cleans up after that": (
        "import os\ntry:\n    os.fork()\nfinally:\n    later.close()\n",
        "line 3: the program uses os.fork",
    ),
    "a fork": ("import os\nos.fork()\n", "line 2: the program uses os.fork"),
    "a pool of processes": (
        "from concurrent.futures import *\nProcessPoolExecutor()\n",
        "ProcessPoolExecutor",
    ),
    "a pool of threads of multiprocessing": (
        "import multiprocessing.pool\nmultiprocessing.pool.ThreadPool(2)\n",
        "line 2: the program uses multiprocessing.pool.ThreadPool: its threads are not stepped",
    ),
    "the same, by its name": (
        "from multiprocessing.pool import ThreadPool\n",
        "use concurrent.futures.ThreadPoolExecutor",
    ),
    "threads of multiprocessing": (
        "from multiprocessing.dummy import Pool\n",
        "multiprocessing.dummy.Pool: its threads are not stepped: use concurrent.futures",
    ),
    "their module": (
        "from multiprocessing import dummy\n",
        "multiprocessing.dummy: its threads are not stepped",
    ),
    "a pool of multiprocessing": (
        "import multiprocessing.pool\nmultiprocessing.pool.Pool(2)\n",
        "multiprocessing.pool.Pool: processes are not stepped",
    ),
    "input": ("input()\n", "line 1: the program calls input()"),
    "1,000 threads": (
        "import threading\nfor _ in range(1000): threading.Thread(target=print).start()\n",
        "more than 100",
    ),
    "a NUL": ("x = 1\0\n", "holds a NUL"),
    "a module that is not there": ("import no_such_module\n", "line 1: No module named"),
}


def search(source, version=HERE, **given):
    """Ending → row, output → row, and the result row."""
    rows = ask(version, "search", 60, source=source, **({"seconds": 8, "preemptions": 2} | given))
    endings = {row["ending"]: row for row in rows if row["kind"] == "ending"}
    return endings, {row["output"]: row for row in rows if row["kind"] == "output"}, rows[-1]


def replay(source, row, version=HERE):
    """The last row of a replay of a found schedule, in another process."""
    return ask(version, "replay", source=source, schedule=row["schedule"])[-1]


@pytest.mark.parametrize(("version", "name"), each_python(BAD, 5))
def test_what_goes_wrong_is_found_and_replays(version, name):
    source, ending, sentence = BAD[name]
    endings, _, _ = search(source, version, first=True)
    assert sentence in endings[ending]["because"]
    assert endings[ending]["story"]
    assert replay(source, endings[ending], version)["ending"] == ending


@pytest.mark.parametrize("version", (VERSIONS[0], VERSIONS[-1]))
@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_is_safe(name, version):
    endings, _, result = search(GOOD[name], version)
    assert set(endings) == {"safe"} and result["complete"]


@pytest.mark.parametrize("name", DEPENDS)
def test_what_only_prints_depends_on_who_comes_first(name):
    source = DEPENDS[name]
    endings, outputs, result = search(source)
    assert set(endings) == {"safe"} and len(outputs) > 1
    assert "depends on who comes first" in result["because"]
    for text, row in outputs.items():
        assert "\n".join(json.loads(replay(source, row)["output"])) == text.rstrip("\n")


@pytest.mark.parametrize("name", TOLD)
def test_what_is_not_stepped_is_said_at_once(name):
    source, sentence = TOLD[name]
    endings, _, result = search(source)
    assert sentence in endings["error"]["because"] and sentence in result["because"]
    assert "THREADS" not in result["because"] and not result["complete"]


def test_a_long_loop_under_a_lock_is_neither_bad_nor_proved():
    endings, outputs, result = search(started(LONG.format(n=2_000, how="with lock: total += 1")))
    assert set(endings) == {"safe"} and list(outputs) == ["4000\n"]
    assert not result["complete"] and "not exhausted" in result["because"]


@pytest.mark.parametrize("name", ["a dict grows", "a class of one's own"])
def test_two_searches_in_two_processes_are_the_same(name):
    first, second = (search(BAD[name][0])[0] for _ in range(2))
    told = [
        {e: (row["schedules"], row["schedule"]) for e, row in each.items()}
        for each in (first, second)
    ]
    assert told[0] == told[1]
