"""The predictions of a class as they come."""

import html
import json
import os
import re
import time

import pytest

from pvt import course
from pvt.classroom import poll
from pvt.views.lab import UNSURE, Lab

pytestmark = pytest.mark.usefixtures("nothing_left")
ANSWERS = dict.fromkeys(course.load("race").OUTCOMES, "Think.")
NONE_LOST, FEW, MANY = ANSWERS


def made(folder, **params):
    return Lab("race", course.checked("race", params), ANSWERS, 30.0, params, str(folder))


def bars(lab):
    rows = re.findall(
        r'<th scope="row"[^>]*>(.*?)</th><td[^>]*>(\d+)</td>', lab.poll.children[1].value
    )
    return {html.unescape(answer): int(count) for answer, count in rows}


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """A function that gives the lab of another learner of the class."""

    def named(name):
        monkeypatch.setenv("JUPYTERHUB_USER", name)
        return made(tmp_path)

    return named


def test_predictions_are_seen_as_they_come_before_anyone_runs(tmp_path, learner):
    teacher = made(tmp_path)
    teacher.poll.children[0].value = True
    until(lambda: bars(teacher) == {NONE_LOST: 0, FEW: 0, MANY: 0, UNSURE: 0})
    learner("Ann").prediction.value = MANY
    until(lambda: bars(teacher)[MANY] == 1)
    learner("Bob").prediction.value = MANY
    changing = learner("Cem")
    changing.prediction.value = NONE_LOST
    until(lambda: bars(teacher) == {NONE_LOST: 1, FEW: 0, MANY: 2, UNSURE: 0})
    changing.prediction.value = UNSURE
    until(lambda: bars(teacher) == {NONE_LOST: 0, FEW: 0, MANY: 2, UNSURE: 1})
    assert "3 predictions of the class" in teacher.poll.children[1].value
    teacher.poll.children[0].value = False
    assert teacher.poll.children[1].value == ""


def test_nobody_sees_the_others_unasked(tmp_path, learner):
    learner("Ann").prediction.value = MANY
    assert made(tmp_path).poll.children[1].value == ""


def test_a_notebook_opened_twice_votes_once(tmp_path, learner):
    learner("Ann").prediction.value = MANY
    learner("Ann").prediction.value = FEW
    assert poll.count(tmp_path, "race", {}) == {FEW: 1}


def test_labs_with_other_settings_are_counted_apart(tmp_path):
    made(tmp_path).prediction.value = MANY
    made(tmp_path, workers=2).prediction.value = FEW
    assert poll.count(tmp_path, "race", {}) == {MANY: 1}
    assert poll.count(tmp_path, "race", {"workers": 2}) == {FEW: 1}


def test_no_name_is_in_the_folder(tmp_path, learner):
    learner("Ann").prediction.value = MANY
    (path,) = tmp_path.iterdir()
    assert "Ann" not in path.name + path.read_text()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"predicted": 7}', "[" * 5_000, "null"])
def test_a_strange_file_does_not_count(tmp_path, learner, text):
    learner("Ann").prediction.value = MANY
    (tmp_path / f"{poll.key('race', {})}-x.json").write_text(text)
    assert poll.count(tmp_path, "race", {}) == {MANY: 1}


def test_a_prediction_that_is_no_answer_is_not_shown_as_one(tmp_path):
    fields = json.dumps({"predicted": "<script>"})
    (tmp_path / f"{poll.key('race', {})}-x.json").write_text(fields)
    teacher = made(tmp_path)
    teacher.poll.children[0].value = True
    until(lambda: bars(teacher))
    teacher.poll.children[0].value = False
    assert set(bars(teacher)) <= {*ANSWERS, UNSURE}


def test_a_folder_that_is_none_is_said(tmp_path):
    lab = made(tmp_path / "none")
    lab.prediction.value = MANY
    assert "could not be put into" in lab.status.value
    lab.poll.children[0].value = True
    until(lambda: "cannot be read: No such file" in lab.poll.children[1].value)
    lab.poll.children[0].value = False


def test_300_predictions_are_counted_at_once(tmp_path):
    for number in range(300):
        path = tmp_path / f"{poll.key('race', {})}-{number}.json"
        path.write_text(json.dumps({"predicted": MANY if number % 3 else FEW}))
    assert poll.count(tmp_path, "race", {}) == {MANY: 200, FEW: 100}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_pipe_makes_nobody_wait_and_a_stray_answer_does_not_count(tmp_path):
    shown = made(tmp_path)
    poll.cast(tmp_path, "race", shown.settings, MANY)
    begin = poll.key("race", shown.settings)
    os.mkfifo(tmp_path / f"{begin}-f.json")
    (tmp_path / f"{begin}-s.json").write_text('{"lab": "race", "predicted": "nonsense"}')
    shown.poll.children[0].value = True
    until(lambda: bars(shown))
    assert bars(shown)[MANY] == 1
    assert "1 prediction" in shown.poll.children[1].value
    shown.poll.children[0].value = False


@pytest.mark.parametrize("folder", [5, "a\0b"])
def test_a_poll_that_is_no_folder_is_refused(folder):
    with pytest.raises(ValueError, match="is no folder: name the one that the class shares"):
        Lab("race", course.checked("race", {}), ANSWERS, 30.0, {}, folder)
