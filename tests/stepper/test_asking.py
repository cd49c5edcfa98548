"""pvt.search and pvt.replay: what they say of good, bad and impossible input."""

import dataclasses
import json
import threading
import time

import pytest

import pvt
from pvt.problem import Problem
from pvt.stepper import asking
from pvt.stepper.puzzles import load

pytestmark = pytest.mark.usefixtures("nothing_left")


class Counter:
    from types import SimpleNamespace

    def setup():
        return SimpleNamespace(n=0)  # noqa: F821

    def add(shared):
        shared.n += 1

    THREADS = [add, add]  # noqa: RUF012

    def safe(shared):
        return shared.n == 2


STUCK = load("lost_update").broken.replace(
    "    shared.visitors += 1", "    import select\n    select.select([], [], [])"
)
IN_C = load("lost_update").broken.replace(
    "    shared.visitors += 1", "    import ctypes\n    ctypes.PyDLL(None).sleep(60)"
)


@pytest.mark.parametrize("program", ["lost_update", Counter, load("lost_update").broken])
def test_a_search_counts_endings_and_names_its_world(program):
    found = pvt.search(program)
    assert found.endings == {"safe": 2, "broken": 2}
    assert found.schedules["broken"] == [0, 1, 1, 0]
    assert (found.complete, found.world) == (True, "language")
    assert "2 of all 4 schedules" in found.because
    assert "World: language – anything the language allows." in found._repr_html_()
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.complete = False


def test_the_interpreter_is_another_world(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(load("lost_update").broken)
    found = pvt.search(path, preemptions=3, world="interpreter")
    assert (set(found.endings), found.world, found.complete) == ({"safe"}, "interpreter", True)


def test_a_replay_gives_ending_reason_and_steps():
    played = pvt.replay("two_locks", [0, 1])
    assert played.ending == "deadlock"
    assert "thread 1 is waiting for the lock ann that thread 0 holds" in played.because
    assert played.steps[-1]["shared"]["ann"] == "held by thread 0"
    assert "World: language" in played._repr_html_()
    assert "deadlock" in played._repr_html_()


def test_a_part_of_a_schedule_says_who_can_go_on():
    played = pvt.replay("lost_update", "0, 1")
    assert (played.ending, len(played.steps)) == ("stepping", 2)
    assert "next can be thread 0 or thread 1" in played.because


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: pvt.search("lost_updat"), "no puzzle 'lost_updat'; did you mean 'lost_update'"),
        (lambda: pvt.search("no/file.py"), "cannot be read"),
        (lambda: pvt.search(3), "program 3 is of type int: give a module, a class"),
        (lambda: pvt.search(len), "give a module, a class"),
        (
            lambda: pvt.search("lost_update", preemptions=-1),
            "preemptions=-1 is not possible; allowed: a whole number",
        ),
        (lambda: pvt.search("lost_update", preemptions=True), "preemptions=True is not possible"),
        (lambda: pvt.search("lost_update", seconds=0), "seconds=0 is not a time limit"),
        (lambda: pvt.search("lost_update", seconds="9"), "seconds='9' is not a time limit"),
        (
            lambda: pvt.search("lost_update", world="moon"),
            "world='moon' is unknown; there are: \"language\"",
        ),
        (
            lambda: pvt.replay("lost_update", [0, 7]),
            "no thread 7; this program has the threads 0 to 1",
        ),
        (
            lambda: pvt.replay("lost_update", "abc"),
            "schedule='abc' is not a list of thread numbers",
        ),
        (lambda: pvt.replay("lost_update", [True]), "schedule=[True] is not a list"),
        (lambda: pvt.replay("lost_update", 5), "schedule=5 is not a list"),
        (lambda: pvt.replay("lost_update", [0], grain="atom"), "grain='atom' is unknown"),
        (lambda: pvt.step("lost_updat"), "did you mean 'lost_update'"),
        (lambda: pvt.step("lost_update", world="moon"), "world='moon' is unknown"),
        (lambda: pvt.step("lost_update", grain="atom"), "grain='atom' is unknown"),
    ],
)
def test_wrong_input_is_refused_with_a_sentence(call, said):
    with pytest.raises(Problem) as caught:
        call()
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("x = = 1\n", "line 1: this is not Python yet"),
        ("def setup():\n    pass\n", "the program has no THREADS"),
        (STUCK, "nothing has moved for 2 s: thread 0 in line 17 blocks"),
    ],
)
def test_a_program_that_cannot_be_run_says_so(program, said):
    found = pvt.search(program, seconds=3)
    assert said in found.because
    assert not found.complete
    assert said in pvt.replay(program, [0]).because


def test_a_program_that_blocks_everything_ends_by_the_time_limit(monkeypatch):
    monkeypatch.setattr(asking, "MARGIN", 1.0)
    begin = time.monotonic()
    found = pvt.search(IN_C, seconds=0.5)
    assert "end the program after 1.5 s: it blocks everything" in found.because
    assert (found.endings, found.complete) == ({}, False)
    assert time.monotonic() - begin < 20


def test_a_kernel_thread_may_search_while_another_waits():
    results = []
    crowd = [
        threading.Thread(target=lambda: results.append(pvt.search("lost_update"))) for _ in range(2)
    ]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert [found.endings for found in results] == [{"safe": 2, "broken": 2}] * 2


@pytest.mark.parametrize("name", ("lazy_creation", "two_locks", "barrier", "semaphore"))
def test_every_puzzles_shortest_schedule_replays(name):
    found = pvt.search(name, preemptions=1)
    for ending, schedule in found.schedules.items():
        played = pvt.replay(name, schedule)
        assert played.ending == ending
        assert json.dumps(played.steps)
