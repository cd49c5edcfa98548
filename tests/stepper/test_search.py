"""The search: counter += 1 in both worlds, every schedule once, the same on every Python and in
every run."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pythons import HERE, VERSIONS, ask, pythons

import pvt

COUNTER = """
from types import SimpleNamespace

def one():
    return 1

def setup():
    return SimpleNamespace(counter=0)

def add(shared):
    shared.counter += {step}

THREADS = [add, add]

def safe(shared):
    return shared.counter == 2
"""
GLOBAL = "counter = 0\ndef setup():\n    pass\ndef add():\n    global counter\n    counter += 1\nTHREADS = [add, add]\n"
GLOBAL += "def safe():\n    return counter == 2\n"
CELL = "def setup():\n    global THREADS, safe\n    counter = 0\n    def add():\n        nonlocal counter\n"
CELL += "        counter += 1\n    def check():\n        return counter == 2\n"
CELL += "    THREADS = [add, add]\n    safe = check\n"
CIRCLE = """
import threading
from types import SimpleNamespace

def setup():
    return SimpleNamespace(a=threading.Lock(), b=threading.Lock(), n=0)

def one(shared):
    with shared.a, shared.b:
        pass

def two(shared):
    with shared.b, shared.a:
        pass

def busy(shared):
    while True:
        shared.n += 1

THREADS = [one, two, busy]
"""
DEADLOCK = """\
from threading import Lock
def setup(): return Lock(), Lock()
def one(locks):
    with locks[0], locks[1]: pass
def two(locks):
    with locks[1], locks[0]: pass
THREADS = [one, two]
"""


def found(version, source, **params):
    """Ending → row, and the result row."""
    rows = ask(version, "search", 60, source=source, **params)
    return {row["ending"]: row for row in rows if row["kind"] == "ending"}, rows[-1]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "source", [COUNTER.format(step=1), GLOBAL, CELL], ids=["attribute", "global", "cell"]
)
def test_counter_breaks_in_the_world_of_the_language(version, source):
    endings, result = found(version, source, preemptions=3)
    assert endings["broken"]["schedule"] == "[0, 1, 1, 0]"
    assert (endings["safe"]["schedules"], endings["broken"]["schedules"]) == (2, 2)
    assert result["complete"] and result["world"] == "language"


@pytest.mark.parametrize("version", VERSIONS)
def test_counter_is_safe_where_this_interpreter_switches(version):
    endings, result = found(version, COUNTER.format(step=1), preemptions=3, world="interpreter")
    assert (
        set(endings) == {"safe"}
        and result["complete"]
        and "what this interpreter does" in result["because"]
    )
    for step in ("one()", "int(1)"):
        endings, _ = found(version, COUNTER.format(step=step), preemptions=3, world="interpreter")
        assert "broken" in endings, step


@pytest.mark.parametrize("version", VERSIONS)
def test_counter_replays_100_of_100_times_in_one_child_and_in_fresh_ones(version):
    source = COUNTER.format(step=1)
    for _ in range(3):
        assert (
            ask(version, "replay", source=source, schedule=[0, 1, 1, 0])[-1]["ending"] == "broken"
        )
    assert ask(version, "repeats", source=source, schedule=[0, 1, 1, 0], times=100) == [
        {"endings": ["broken"] * 100}
    ]


def test_a_search_is_the_same_in_every_run_and_on_every_python():
    from pvt.stepper.puzzles import NAMES, load

    cases = [{"source": load(name).broken, "preemptions": 2} for name in NAMES]
    answers = [ask(version, "tallies", cases=cases) for version in (HERE, *pythons())]
    for other in answers[1:]:
        assert [a["counts"] for a in other] == [a["counts"] for a in answers[0]]
        assert [a["digest"] for a in other] == [a["digest"] for a in answers[0]]


def test_two_processes_with_other_hashes_give_the_same_schedules():
    here = Path(__file__).parent
    paths = [
        *sorted(here.glob("trouble/*.py"))[:8],
        *sorted(here.glob("goker/*.py"))[::16],
        *sorted(here.glob("sctbench/[a-f]*.py"))[::2],
    ]
    cases = [
        {"source": path.read_text(encoding="utf-8"), "preemptions": 2}
        for path in paths
        if not path.stem.startswith("fsbench")
    ]
    assert len(cases) >= 20
    told = [
        subprocess.run(
            [sys.executable, str(here / "far.py"), "tallies"],
            input=json.dumps({"cases": cases}),
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
            env={**os.environ, "PYTHONPATH": str(here.parents[1]), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] and len(told[0].splitlines()) == len(cases)


def test_each_schedule_is_run_once():
    rows = ask(HERE, "schedules", source=COUNTER.format(step="one()"), preemptions=9)
    assert len({json.dumps(row["schedule"]) for row in rows}) == len(rows) == 4


def test_the_time_limit_ends_a_search_and_says_so():
    endless = CIRCLE.replace("[one, two, busy]", "[busy, busy]")
    _, result = found(HERE, endless, seconds=1, preemptions=3)
    assert not result["complete"] and result["seconds"] < 3 and "never ends" in result["because"]


@pytest.mark.soak
def test_two_threads_that_wait_for_each_other_are_found_beside_one_that_never_ends():
    endings, result = found(HERE, CIRCLE, seconds=50, preemptions=1, first=True)
    assert set(endings) == {"deadlock"} and not result["complete"]
    assert "some threads can never go on" in endings["deadlock"]["because"]


def test_first_stops_at_the_first_bad_schedule():
    endings, result = found(HERE, COUNTER.format(step=1), first=True)
    assert endings["broken"]["schedules"] == 1 and not result["complete"]


@pytest.mark.parametrize("source", [COUNTER.format(step=1), DEADLOCK], ids=["counter", "locks"])
def test_in_haste_what_is_likely_is_tried_first(source):
    """Without it the other order of both threads would come between, which is safe."""
    _, result = found(HERE, source, first=True)
    assert result["schedules"] == 2


def test_an_unknown_world_is_refused():
    from pvt.stepper.searching import run

    with pytest.raises(ValueError, match=r"'moon'.*language, interpreter"):
        next(run(source="", world="moon"))


CELLS = """
def setup():
    global THREADS
    ready = done = False
    count = 0

    def waiter():
        nonlocal done, count
        n = 0
        while not ready:
            n = 0
        count += 1
        done = True

    def maker():
        nonlocal ready, count
        count += 1
        ready = True
        while not done:
            pass
        assert count == 2, count

    THREADS = [waiter, maker]
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_busy_waits_on_cells_lose_no_writes(version):
    endings, result = found(version, CELLS, preemptions=2)
    assert set(endings) == {"safe"} and result["complete"]


def test_without_a_gil_both_worlds_are_the_same_and_the_result_says_so(monkeypatch):
    import sys

    from pvt.stepper.player import Player
    from pvt.stepper.searching import Tally

    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert Player(None, "interpreter").free
    assert Tally("interpreter", 2).note == "this interpreter has no GIL: both worlds are the same"


def test_long_runs_are_given_up_when_they_bring_nothing_new_for_a_quarter_of_the_time():
    from types import SimpleNamespace

    from pvt.stepper.search import Run
    from pvt.stepper.searching import Tally

    tally = Tally("language", 2)
    tally.player = SimpleNamespace(whole=False, beginning=0)
    for number in range(40):
        tally.add(Run("safe", "", [], 1, f"{number}\n"))
    assert not tally.pays_no_more(tally.new_at + 1.9, 8.0)
    assert tally.pays_no_more(tally.new_at + 2.1, 8.0)
    tally.add(Run("broken", "", [], 1))
    assert not tally.pays_no_more(tally.new_at + 1.9, 8.0)
    tally.player.whole = True
    assert not tally.pays_no_more(tally.new_at + 100.0, 8.0)


PHILOSOPHERS = """import threading

forks = [threading.Lock() for _ in range({count})]

def philosopher(number):
    left, right = {forks}
    while True:
        with left:
            with right:
                print(number, "eats")

for number in range({count}):
    threading.Thread(target=philosopher, args=(number,)).start()
"""
IN_A_CIRCLE = "forks[number], forks[(number + 1) % len(forks)]"
IN_ORDER = "(forks[at] for at in sorted((number, (number + 1) % len(forks))))"


@pytest.mark.parametrize("count", [2, 5])
def test_a_deadlock_of_threads_that_go_on_for_ever_is_found(count):
    found = pvt.search(PHILOSOPHERS.format(count=count, forks=IN_A_CIRCLE), seconds=10)
    assert set(found.endings) == {"deadlock"}, found
    assert "it is long or never ends: of each run only up to" in found.because


def test_threads_that_go_on_for_ever_are_given_up_after_as_many_steps_on_a_fast_machine():
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program
    from pvt.stepper.search import AGAIN, GIVEN_UP, runs

    player = Player(Program(PHILOSOPHERS.format(count=2, forks=IN_A_CIRCLE)))
    found = runs(player.program, 2, "language", player, time.perf_counter() + 3_600)
    first = next(run for run in found if run not in (AGAIN, GIVEN_UP))
    assert first.ending == "deadlock" and len(first.schedule) < 20
    assert player.beginning and "after 100,000 steps" in player.because


def test_threads_that_go_on_for_ever_are_not_called_safe():
    found = pvt.search(PHILOSOPHERS.format(count=3, forks=IN_ORDER), seconds=6)
    assert not found.endings and not found.complete
    assert "no run has ended within the time limit" in found.because
    assert "and nothing bad came" in found.because
