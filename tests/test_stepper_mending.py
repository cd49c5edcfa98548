"""Repairs of puzzles: what holds passes, what is only rarer is shown the schedule, and nothing can be left out."""

import pytest

import pvt
from pvt.stepper.puzzles import load

pytestmark = pytest.mark.usefixtures("nothing_left")
SOME = ("lost_update", "two_locks", "barrier", "missed_call")  # test_stepper_puzzles searches them all


def bob_to_ann(shared):
    with shared.ann, shared.bob:
        shared.moved += 1


def eat(shared, left, right):
    pass


class WithALock:
    def setup():
        return SimpleNamespace(visitors=0, lock=Lock())  # noqa: F821

    def door(shared):
        with shared.lock:
            shared.visitors += 1


@pytest.mark.parametrize("name", SOME)
def test_repaired_passes_and_rarer_is_shown_what_breaks_it(name):
    puzzle = load(name)
    good = pvt.repair(name, puzzle.repaired)
    assert good.passed, good.because
    assert "preemptions are safe (in all that the language allows)" in good.because
    rarer = pvt.repair(name, puzzle.rarer)
    assert not rarer.passed
    assert "one that still breaks it" in rarer.because
    assert pvt.replay(rarer.program, rarer.schedule).ending in ("broken", "deadlock")
    assert "pvt-diagram" in rarer._repr_html_()


@pytest.mark.parametrize("name", SOME)
def test_an_unchanged_puzzle_is_not_repaired(name):
    assert not pvt.repair(name).passed


def test_the_functions_that_changed_are_enough():
    assert pvt.repair("two_locks", bob_to_ann).passed
    assert pvt.repair("lost_update", WithALock).passed


@pytest.mark.parametrize(
    ("name", "part", "said"),
    [
        ("philosophers", eat, "even undisturbed, one thread after the other, meals ends as 0, not as 3"),
        ("two_locks", "def bob_to_ann(shared):\n    pass", "moved ends as 1, not as 2"),
        ("missed_call", "def guest(shared):\n    pass", "“assert shared.called” is missing"),
        ("two_locks", "def bob_to_ann(shared)\n    pass", "line 1 is not Python: expected ':'"),
        ("two_locks", "def setup():\n    return 1 / 0\n", "setup() raised ZeroDivisionError"),
        ("lost_update", "def door(shared):\n    with Lock():\n        shared.visitors += 1", "still breaks it"),
        ("lost_update", "def safe(shared):\n    return True", "still breaks it"),
        ("two_locks", 3, "program 3 is a int"),
        ("two_locks", lambda shared: None, "a lambda cannot be sent"),
    ],
)
def test_a_wrong_repair_is_explained(name, part, said):
    answer = pvt.repair(name, part)
    assert not answer.passed
    assert said in answer.because
    assert "Not yet" in answer._repr_html_()


def test_an_unknown_puzzle_gets_the_nearest_name():
    with pytest.raises(ValueError, match="there is no puzzle 'two_lock'; did you mean 'two_locks'"):
        pvt.repair("two_lock", bob_to_ann)
