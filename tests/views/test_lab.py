"""The lab without a browser: what its widgets show after each click."""

import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from pvt import course, host, runner
from pvt.views import lab as lab_module
from pvt.views.lab import UNSURE, Lab, lab

pytestmark = pytest.mark.usefixtures("nothing_left")
ANSWERS = {answer: f"Think of {answer}." for answer in course.load("race").OUTCOMES}


def made(name="race", predict=None, seconds=30.0, **params):
    return Lab(name, course.checked(name, params), predict or {}, seconds)


def wait(shown):
    while shown.running:
        time.sleep(0.01)


def test_run_shows_picture_rows_and_ending():
    shown = made(workers=2)
    before = shown.picture.value
    shown.start(None)
    wait(shown)
    assert shown.picture.value != before
    assert "2 threads, without a lock." in shown.picture.value
    assert "Finished after" in shown.status.value
    assert "<table>" in shown.rows.value
    assert (shown.run_button.disabled, shown.stop_button.disabled) == (False, True)


def test_a_prediction_is_asked_for_and_answered():
    shown = made(predict=ANSWERS)
    shown.start(None)
    assert "Choose an answer first" in shown.status.value
    assert shown.running is None
    shown.prediction.value = "No addition is lost"
    shown.start(None)
    wait(shown)
    assert "It came out: 1 in 100 or more" in shown.feedback.value
    assert "Think of No addition is lost." in shown.feedback.value


def test_not_knowing_is_an_answer():
    shown = made(predict=ANSWERS)
    shown.prediction.value = UNSURE
    shown.start(None)
    wait(shown)
    assert "It came out:" in shown.feedback.value


def test_an_unclear_run_decides_nothing(monkeypatch):
    shown = made(predict=ANSWERS)
    monkeypatch.setattr(
        shown,
        "experiment",
        SimpleNamespace(**vars(shown.experiment) | {"outcome": lambda rows: None}),
    )
    shown.prediction.value = UNSURE
    shown.start(None)
    wait(shown)
    assert "Not decided:" in shown.feedback.value


def test_stop_ends_a_long_run():
    shown = made("lock")
    shown.start(None)
    while "rows" not in shown.status.value:
        time.sleep(0.01)
    shown.stop(None)
    wait(shown)
    assert "Stopped after" in shown.status.value  # how soon: see `make bench`


def test_a_double_click_starts_one_run():
    shown = made("lock")
    shown.start(None)
    running = shown.running
    shown.start(None)
    assert shown.running is running
    shown.stop(None)
    wait(shown)


def test_a_second_lab_waits_for_the_first():
    first, second = made("lock"), made("race")
    first.start(None)
    while "rows" not in first.status.value:
        time.sleep(0.01)
    second.start(None)
    while "Waiting" not in second.status.value:
        time.sleep(0.01)
    second.stop(None)
    wait(second)
    assert "Stopped" in second.status.value
    first.stop(None)
    wait(first)


def test_a_time_limit_is_said():
    shown = made("lock", seconds=0.3)
    shown.start(None)
    wait(shown)
    assert "Time limit after" in shown.status.value


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(course.load("race"), "NEEDS", ("fork",), raising=False)
    shown = made()
    run = lab_module.Running("race", {}, module="tests.helpers.needy")
    monkeypatch.setenv("PVT_WITHOUT", "fork")
    shown.work(run)
    assert "Not decided here: this needs fork." in shown.status.value


def test_whatever_goes_wrong_is_said_in_the_lab(monkeypatch):
    shown = made()
    monkeypatch.setattr(shown, "follow", lambda running: 1 // 0)
    shown.start(None)
    wait(shown)
    assert "The lab failed: ZeroDivisionError" in shown.status.value
    assert not shown.run_button.disabled


def test_the_code_follows_the_controls():
    shown = made()
    shown.controls["workers"].value = 7
    assert "workers=7" in shown.code.value


def test_autorun_runs_once_and_leaves_a_plain_picture(monkeypatch):
    displayed = []
    monkeypatch.setattr(lab_module, "display", displayed.append)
    monkeypatch.setenv("PVT_AUTORUN", "1")
    lab("race", workers=1)
    assert displayed[1].sentence.startswith("1 thread, without a lock.")


def test_wrong_settings_are_refused_before_anything_is_shown():
    with pytest.raises(ValueError, match="workers=99 is not possible"):
        lab("race", workers=99)


def test_a_lab_that_may_not_start_a_thread_says_so_and_can_be_tried_again(monkeypatch):
    def refused(_):
        raise RuntimeError("can't start new thread")

    shown = made()
    monkeypatch.setattr(threading.Thread, "start", refused)
    shown.start(None)
    monkeypatch.undo()
    assert (
        "The lab could not start: the system refuses another process or thread"
        in shown.status.value
    )
    shown.start(None)
    wait(shown)
    assert "Finished after" in shown.status.value


def test_an_ending_keeps_its_capitals():
    shown, running = made(), lab_module.Running("race", {})
    running.ending, running.seconds = "killed by SIGSEGV", 0.1
    shown.finish(running.result())
    assert "Killed by SIGSEGV after" in shown.status.value


def test_any_python_found_here_can_be_chosen(monkeypatch):
    """The second Python is this one by another name: what counts is which one is started, and
    said."""
    other = str(
        Path(sys.executable).resolve().parent / ".." / "bin" / Path(sys.executable).resolve().name
    )
    monkeypatch.setattr(lab_module.host, "pythons", lambda: {other: "3.99.1t"})
    shown = made(workers=1)
    assert [label for label, _ in shown.python.options] == [host.version(), "3.99.1t"]
    assert "python=" not in shown.code.value
    shown.python.value = other
    assert "python=&#x27;3.99.1t&#x27;" in shown.code.value
    assert shown.run().python == other


def test_where_there_is_one_python_there_is_nothing_to_choose(monkeypatch):
    monkeypatch.setattr(lab_module.host, "pythons", dict)
    assert made().python.layout.display == "none"


def test_a_lab_begins_with_the_python_it_is_given(python):
    shown = Lab("race", course.checked("race", {}), {}, 30.0, python=runner.interpreter(python))
    assert shown.python.label.startswith(python or host.version())


def test_the_last_run_stays_beside_the_new_one():
    shown = made(additions=1000)
    shown.start(None)
    wait(shown)
    assert shown.earlier.value == ""
    shown.controls["lock"].value = True
    shown.start(None)
    wait(shown)
    assert "The run before this one: lock = no" in shown.earlier.value
    assert "without a lock" in shown.earlier.value and "with a lock" in shown.picture.value


def test_again_shows_all_ten_runs_and_how_often_each_answer_came(monkeypatch):
    monkeypatch.setattr(lab_module, "AGAIN", 3)
    shown = made(additions=1000, lock=True)
    shown.start_again(None)
    wait(shown)
    assert "3 runs with the same settings:</b> 3 × No addition is lost" in shown.others.value
    assert shown.others.value.count("<li>") == 3
    assert "Finished" in shown.status.value


def test_stop_ends_the_runs_that_would_follow():
    shown = made(additions=1000)
    shown.start_again(None)
    while "<li>" not in shown.others.value:
        time.sleep(0.01)
    shown.stop(None)
    wait(shown)
    assert shown.others.value.count("<li>") < lab_module.AGAIN
    assert not shown.run_button.disabled


def test_large_is_for_the_whole_lab():
    shown = made()
    shown.large.value = True
    assert "pvt-large" in shown.box._dom_classes
    shown.large.value = False
    assert "pvt-large" not in shown.box._dom_classes
