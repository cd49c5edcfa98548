"""Learners' programs that are wrong in every way end in a clear sentence, within their time
limit."""

import time

import pytest
from pythons import HERE, ask, each_python

HEAD = "import threading, time, queue\nfrom types import SimpleNamespace\ndef setup():\n    return SimpleNamespace(x=0)\n"
TAIL = "\nTHREADS = [work, work]\n"


def body(*lines):
    """A program whose two threads do these lines."""
    return HEAD + "def work(shared):\n" + "".join(f"    {line}\n" for line in lines) + TAIL


NOT_PROGRAMS = {
    "syntax": (body("shared.x = = 1"), "line 6: this is not Python yet"),
    "no setup": ("def f():\n    pass\nTHREADS = [f, f]\n", "no setup(): write a function setup()"),
    "setup raises": ("def setup():\n    1 / 0\ndef f():\n    pass\nTHREADS = [f, f]\n",
                     "setup() raised ZeroDivisionError in line 2"),
    "first lines raise": ("import nonsense_module\n", "line 1: No module named 'nonsense_module' here: install it"),
    "no THREADS": (HEAD.partition("\n")[2], "no THREADS: write THREADS = [function, function]"),
    "THREADS not a list": (HEAD + "THREADS = 2\n", "THREADS = 2: write"),
    "THREADS of wrong things": (HEAD + "THREADS = [1, 2]\n", "THREADS holds 1: give functions"),
    "THREADS of builtins": (HEAD + "THREADS = [print, len]\n", "give functions that this program defines"),
    "THREADS of generators": (HEAD + "def f(shared):\n    yield\nTHREADS = [f, f]\n", "a generator or coroutine"),
    "one thread": (HEAD + "def f(shared):\n    pass\nTHREADS = [f]\n", "THREADS has 1 entries: give 2 to 100"),
    "too many threads": (HEAD + "def f(shared):\n    pass\nTHREADS = [f] * 101\n", "THREADS has 101 entries"),
    "two arguments": (HEAD + "def f(a, b):\n    pass\nTHREADS = [f, f]\n", "takes 2 arguments"),
    "starts processes": (body("import multiprocessing", "multiprocessing.Process()"), "processes are not stepped"),
    "forks": (body("import os", "os.fork()"), "the program uses os.fork: processes are not stepped"),
    "asks": (body("input('?')"), "calls input()"),
    "setup waits": ("import threading\ndef setup():\n    l = threading.Lock(); l.acquire(); l.acquire()\n"
                    "def f():\n    pass\nTHREADS = [f, f]\n", "must not wait"),
    "safe says nothing": (body("pass") + "def safe(shared):\n    shared.x == 0\n", "safe() returned None"),
    "safe raises": (body("pass") + "def safe(shared):\n    return shared.y\n",
                    "safe() raised AttributeError in line 10"),
}  # fmt: skip
RUNS = {
    "raises": (body("raise ValueError('no')"), "broken", "thread 0: line 6 raised ValueError: no"),
    "asserts": (body("assert shared.x == 1, 'not one'"), "broken", "the assert in line 6 failed: not one"),
    "exits": (body("raise SystemExit(3)"), "broken", "raised SystemExit: 3"),
    "loops in itself": (body("while True:", "    y = 1"), "deadlock", "waiting in the loop of line"),
    "floods": (body("for _ in range(1000):", "    print('x' * 1000)"), "safe", "all threads have finished"),
    "waits for itself": (body("l = threading.Lock()", "l.acquire()", "l.acquire()"), "deadlock",
                         "the lock that it itself holds"),
    "recurses": (body("work(shared)"), "broken", "RecursionError"),
}  # fmt: skip
ENDLESS = {
    "writes for ever": body("while True:", "    shared.x += 1"),
    "counts for ever": body("n = 0", "while True:", "    n += 1"),
    "swallows all": body(
        "while True:",
        "    try:",
        "        shared.x += 1",
        "    except BaseException:",
        "        pass",
    ),
    "setup loops": "def setup():\n    while True:\n        pass\ndef f():\n    pass\nTHREADS = [f, f]\n",
    "safe loops": body("pass") + "def safe(shared):\n    while True:\n        pass\n",
    "a script that loops": "while True:\n    pass\n",
    "a script that floods": "while True:\n    print('x' * 1000)\n",
}
STUCK = {
    "real lock": body("import select", "select.select([], [], [])"),
}


def search(version, source, **params):
    """Ending → row, and the result row."""
    rows = ask(version, "search", 30, source=source, **({"preemptions": 1, "seconds": 2} | params))
    assert all(row.keys() == rows[0].keys() for row in rows)
    return {row["ending"]: row for row in rows if row["kind"] == "ending"}, rows[-1]


@pytest.mark.parametrize("name", NOT_PROGRAMS)
def test_what_is_not_a_program_is_refused_with_a_sentence(name):
    source, sentence = NOT_PROGRAMS[name]
    endings, result = search(HERE, source)
    assert sentence in endings["error"]["because"]
    assert sentence in result["because"] and not result["complete"]


@pytest.mark.parametrize(("version", "name"), each_python(ENDLESS, 2))
def test_what_never_ends_is_said_within_the_time_limit(version, name):
    began = time.monotonic()
    endings, result = search(version, ENDLESS[name])
    assert not result["complete"]
    if endings:  # a fast machine comes to the greatest number of steps first
        assert "no ending after 1,000,000 steps" in endings.pop("unfinished")["because"]
        assert "not exhausted" in result["because"] and not endings
    else:
        assert "never ends" in result["because"] and "in line" in result["because"]
    assert time.monotonic() - began < 40


@pytest.mark.parametrize(("version", "name"), each_python(RUNS, 2))
def test_a_bad_program_has_its_ending(version, name):
    source, ending, sentence = RUNS[name]
    endings, _ = search(version, source, seconds=8)  # a busy machine is slow to begin
    assert sentence in endings[ending]["because"]


@pytest.mark.parametrize(("version", "name"), each_python(STUCK, 1))
def test_what_the_stage_cannot_see_ends_as_hung(version, name):
    endings, result = search(version, STUCK[name])
    assert (
        "nothing has moved for 2 s" in endings["hung"]["because"]
        and "in line" in endings["hung"]["because"]
    )
    assert not result["complete"]


@pytest.mark.parametrize("source", [STUCK["real lock"], body("shared.x = = 1")])
def test_a_replay_of_a_bad_program_ends_too(source):
    rows = ask(HERE, "replay", 20, source=source, schedule=[0], finish=True)
    assert rows[-1]["ending"] in ("hung", "error") and rows[-1]["because"]


def test_what_computes_until_the_time_limit_is_long_not_hung():
    source = "import threading\ndef work():\n    for i in range(10**12):\n        i * i\n"
    source += "threading.Thread(target=work).start()\n"
    endings, result = search(HERE, source, seconds=3)
    assert endings == {}
    said = "no run has ended within the time limit: thread 1 is in line "
    assert result["because"].startswith(said) and not result["complete"]
