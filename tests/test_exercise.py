"""A learner's function, right, wrong or wild: the answer names the thing and the next step."""

import os
import threading

import pytest

import pvt
from pvt import exercise

pytestmark = pytest.mark.usefixtures("nothing_left")
LOCK = threading.Lock()
STEP = 1


def good(account, times):
    for _ in range(times):
        account.write(account.read() + 1)


def one_more(number):
    return number + STEP


def with_help_from_outside(account, times):
    for _ in range(times):
        account.write(one_more(account.read()))


def endless(account, times):
    while True:
        pass


def deadlock(account, times):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def leaves(account, times):
    os._exit(3)


def prints(account, times):
    while True:
        print("x" * 1000)


def divides(account, times):
    return 1 // 0


def hoards(account, times):
    hoard = []
    while True:
        hoard.append(b"x" * (64 << 20))


def outside_lock(account, times):
    with LOCK:
        pass


def unknown_name(account, times):
    account.write(undefined_thing)  # noqa: F821


def too_few(account):
    pass


@pytest.mark.parametrize("function", [good, with_help_from_outside])
def test_a_right_answer_passes(function):
    answer = pvt.check("race_break", function)
    assert answer.passed, answer.because
    assert "additions are gone" in answer.because


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (
            endless,
            "not done after 6 s. An endless loop? Or threads that wait for each other – in line"
            " 2: while True:",
        ),
        (deadlock, "threads that wait for each other – in line 4: lock.acquire()"),
        (leaves, "its process ended (exit 3)"),
        (prints, "it printed without end. Take the print out of the loop"),
        (
            divides,
            "it raised ZeroDivisionError: integer division or modulo by zero – in line 2: return"
            " 1 // 0",
        ),
        (
            outside_lock,
            "'LOCK' (lock) lives in the notebook, out of reach: your function is tried in a process of its own.",
        ),
        (unknown_name, "the name 'undefined_thing' is not known here"),
        (too_few, "it takes 1 (account), it must take 2: too_few(account, times)"),
        ("def attack(account, times)\n    pass", "line 1 is not Python: expected ':'"),
        ("x = 1", "the text holds no function"),
        (3, "3 is not a function"),
        (lambda account, times: None, "a lambda cannot be sent"),
        (print, "is not a function"),
    ],
    ids=lambda value: getattr(value, "__name__", "") or str(value)[:20],
)
def test_a_wild_answer_is_explained(function, expected):
    answer = pvt.check("race_break", function)
    assert not answer.passed
    assert expected in answer.because
    assert "Not yet" in answer._repr_html_()


def test_an_answer_that_takes_too_much_memory_is_explained(monkeypatch):
    monkeypatch.setattr(exercise, "SECONDS", 60.0)  # a slow machine fills 512 MiB slowly
    answer = pvt.check("race_break", hoards)
    assert not answer.passed and "it took more than 512 MiB of memory" in answer.because


def test_an_unknown_exercise_gets_the_nearest_name():
    with pytest.raises(ValueError, match="there is no exercise 'rce'; did you mean 'race'"):
        pvt.check("rce", good)


def test_what_the_learner_printed_is_shown():
    answer = pvt.check("race_break", "def attack(a, n):\n    print('hello')\n    a.write(0)\n")
    assert "hello" in answer.printed


def test_a_check_that_could_not_start_does_not_blame_the_learner():
    run = exercise.Running("race", {})
    run.ending, run.seconds = "could not start: the system refuses more memory", 0.0
    because = exercise.answer(None, run.result(), "double", []).because
    assert (
        because
        == "double was not tried: its process could not start: the system refuses more memory."
    )
