"""Repairs of puzzles: what holds passes, what is only rarer is shown the schedule, and nothing can
be left out."""

import pytest

import pvt
from pvt.stepper.puzzles import load

pytestmark = pytest.mark.usefixtures("nothing_left")
SOME = (
    "lost_update",
    "two_locks",
    "barrier",
    "missed_call",
)  # test_puzzles searches them all


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


TRANSFER = "def bob_to_ann(shared):\n    {}\n        shared.moved += 1\n"
IF_FREE = (
    "def bob_to_ann(shared):\n    with shared.bob:\n        if {}:\n            shared.moved += 1"
)
ZENO = "def zeno(shared):\n    {}\n"
EAT = "def eat(shared, left, right):\n    {}\n        shared.meals += 1\n"
ALL_TURNED = """
def plato(shared):
    eat(shared, shared.b, shared.a)
def hypatia(shared):
    eat(shared, shared.c, shared.b)
def zeno(shared):
    eat(shared, shared.a, shared.c)
"""
SHOP = "def customer(shared):\n    {}\n    if shared.loaves == 0:\n        return{}\n    shared.loaves -= 1\n"
CLOSE = "    shared.key.release()\n"
DOCTOR = "def doctor(shared):\n    {}\n    shared.called = True\n    {}\n"
WAIT = "def guest(shared):\n    {}\n            shared.bell.wait({})\n    assert shared.called, 'nobody has called'\n"
FIRST_LOOK = "{} not shared.called:\n        with shared.bell:"
WRONG = [
    ("two_locks", "def bob_to_ann(shared):\n    pass", "moved ends as 1, not as 2"),
    ("two_locks", "def bob_to_ann(shared)\n    pass", "line 1 is not Python: expected ':'"),
    ("two_locks", "def bob_to_ann():\n    pass", "it takes none, it must take 1: bob_to_ann(shared)"),
    ("two_locks", "def bob_to_anne(shared):\n    pass", "no function of this puzzle is called bob_to_anne; it has"),
    ("two_locks", "def setup():\n    return 1 / 0\n", "setup() raised ZeroDivisionError"),
    ("two_locks", "def bob_to_ann(shared):\n    while True:\n        pass", "is waiting in the loop of line 26"),
    ("two_locks", 3, "program 3 is of type int"),
    ("two_locks", lambda shared: None, "a lambda cannot be sent"),
    ("two_locks", TRANSFER.format("with shared.bob, shared.ann:"), "waiting for the lock bob that thread 1 holds"),
    ("two_locks", TRANSFER.format("time.sleep(1)\n    with shared.bob, shared.ann:"), "lock bob that thread 1 holds"),
    ("two_locks", IF_FREE.format("shared.ann.acquire(timeout=1)"), "one that still breaks it"),
    ("two_locks", IF_FREE.format("not shared.ann.locked()"), "safe() says False: at the end moved is 1"),
    ("two_locks", TRANSFER.format("with Lock():"), "safe() says False: at the end moved is 1"),
    ("two_locks", "def bob_to_ann(shared):\n    shared.ann.acquire()\n    shared.bob.acquire()\n    shared.moved += 1",
     "waiting for the lock ann that thread 1, which has finished, holds"),
    ("philosophers", eat, "even undisturbed, one thread after the other, meals ends as 0, not as 3"),
    ("philosophers", EAT.format("with right, left:"), "waiting for the lock"),
    ("philosophers", EAT.format("with Lock():"), "safe() says False: at the end meals is"),
    ("philosophers", EAT.format("if not right.locked():"), "at the end meals is"),
    ("philosophers", ZENO.format("eat(shared, shared.c, shared.a)"), "waiting for the lock a that thread 0 holds"),
    ("philosophers", ALL_TURNED, "waiting for the lock a that thread 2 holds"),
    ("philosophers", ZENO.format("eat(shared, shared.a, shared.a)"), "waiting for the lock a that it itself holds"),
    ("philosophers", ZENO.format("pass"), "meals ends as 2, not as 3. The threads must still do all their work"),
    ("philosophers", ZENO.format("shared.meals += 1"), "at the end meals is 2"),
    ("philosophers", ZENO.format("if not shared.a.locked(): eat(shared, shared.c, shared.a)"), "at the end meals is 2"),
    ("lock_kept", SHOP.format("pass", ""), "a loaf was sold that was not there"),
    ("lock_kept", SHOP.format("with shared.key: pass", ""), "a loaf was sold that was not there"),
    ("lock_kept", SHOP.format("shared.key.acquire()", "\n    " + CLOSE) + CLOSE, "thread 2, which has finished, holds"),
    ("lock_kept", SHOP.format("shared.key.acquire()", "").replace("return", "shared.key.release()") + CLOSE,
     "RuntimeError: release unlocked lock"),
    ("lock_kept", SHOP.format("shared.key.acquire()", "").replace("if", "while").replace("return", "pass") + CLOSE,
     "waiting for the lock key that thread 2 holds"),
    ("lock_kept", "def customer(shared):\n    pass", "loaves ends as 2, not as 0"),
    ("missed_call", "def guest(shared):\n    pass", "“assert shared.called” is missing"),
    ("missed_call", DOCTOR.format("pass", "shared.bell.notify()"), "cannot notify on un-acquired lock"),
    ("missed_call", DOCTOR.format("pass", "with shared.bell: shared.bell.notify_all()"), "bell to be notified"),
    ("missed_call", WAIT.format(FIRST_LOOK.format("while"), ""), "for the condition bell to be notified"),
    ("missed_call", WAIT.format(FIRST_LOOK.format("if"), "timeout=1"), "line 30 failed: nobody has called"),
    ("missed_call", WAIT.format("with shared.bell:\n        if True:", ""), "even undisturbed, one thread after"),
    ("lost_update", "def door(shared):\n    with Lock():\n        shared.visitors += 1", "still breaks it"),
    ("lost_update", "def safe(shared):\n    return True", "still breaks it"),
]  # fmt: skip


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


@pytest.mark.parametrize(("name", "part", "said"), WRONG)
def test_a_wrong_repair_is_explained(name, part, said):
    answer = pvt.repair(name, part)
    assert not answer.passed
    assert said in answer.because
    assert "Not yet" in answer._repr_html_()


def test_an_unknown_puzzle_gets_the_nearest_name():
    with pytest.raises(ValueError, match="there is no puzzle 'two_lock'; did you mean 'two_locks'"):
        pvt.repair("two_lock", bob_to_ann)
