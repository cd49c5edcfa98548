"""Whatever a learner does is in the record, and a lab shows again what it showed."""

import base64
import io
import time

import pytest
from PIL import Image

import pvt
from pvt import course, questions
from pvt.learner import journal
from pvt.views.lab import Lab
from pvt.views.ledger_page import LedgerPage
from pvt.views.quiz import Quiz

pytestmark = pytest.mark.usefixtures("nothing_left")
ANSWERS = {answer: f"Think of {answer}." for answer in course.load("race").OUTCOMES}
NONE_LOST = "No addition is lost"


def made(predict=ANSWERS, **params):
    return Lab("race", course.checked("race", params), predict, 30.0, params)


def run(shown, answer=NONE_LOST):
    shown.prediction.value = answer
    shown.start(None)
    while shown.running:
        time.sleep(0.01)


def test_a_prediction_is_noted_with_what_came_out(record):
    shown = made(workers=2)
    run(shown)
    (row,) = journal.read().rows
    assert (row["lab"], row["settings"], row["predicted"]) == ("race", {"workers": 2}, NONE_LOST)
    assert row["came"] in ANSWERS and row["came"] in shown.feedback.value
    assert row["sentence"] in shown.picture.value
    assert row["params"]["workers"] == 2
    assert (row["thought"], row["ending"]) == (f"Think of {NONE_LOST}.", "finished")


def test_the_prediction_is_the_one_made_when_run_was_pressed(record):
    shown = made()
    shown.prediction.value = NONE_LOST
    shown.start(None)
    shown.prediction.value = "1 in 100 or more"
    while shown.running:
        time.sleep(0.01)
    assert journal.read().rows[0]["predicted"] == NONE_LOST


def test_the_picture_is_kept_small_and_whole(record):
    run(made())
    png = base64.b64decode(journal.read().rows[0]["picture"])
    assert Image.open(io.BytesIO(png)).size == (700, 340)
    assert len(record.read_bytes()) < 40_000


def test_a_lab_run_before_shows_it_again_marked_as_from_then(record):
    run(made())
    again = made()
    assert "From then:" in again.vitals.value and "Run it again to see now." in again.vitals.value
    assert journal.read().rows[0]["sentence"] in again.picture.value
    assert f"Then you predicted:</b> {NONE_LOST}." in again.feedback.value
    assert again.prediction.value is None  # a new prediction is asked for
    run(again)
    assert "From then" not in again.vitals.value
    assert "It came out" in again.feedback.value and "Then you" not in again.feedback.value


def test_a_lab_with_other_settings_shows_nothing_from_then(record):
    run(made())
    assert "From then" not in made(workers=2).vitals.value


@pytest.mark.parametrize(
    "picture", [None, 7, "no base64", base64.b64encode(b"no picture").decode()]
)
def test_a_row_without_a_picture_is_still_shown(record, picture):
    fields = {"settings": {}, "params": {}, "predicted": "x", "came": None, "thought": ""}
    journal.note("lab", "race", sentence="s", ending="stopped", picture=picture, **fields)
    shown = made()
    assert "From then:" in shown.vitals.value
    assert "Then you predicted:</b> x. It was not decided." in shown.feedback.value


def test_a_full_disk_does_not_stop_a_lab(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PVT_RECORD", str(tmp_path / "file" / "record.jsonl"))
    shown = made()
    run(shown)
    assert "Finished after" in shown.status.value
    assert "Your record could not be written to" in shown.feedback.value


def test_every_answer_of_a_quiz_is_noted(record):
    (asked,) = [one for one in questions.load("04") if one.right == 6]
    quiz = Quiz([(asked, [])], chapter="04")
    for answer in ("1006", "6", "7"):
        quiz.answer({"answer": answer})
    rows = journal.read().rows
    assert [(row["answer"], row["right"]) for row in rows] == [(1006, False), (6, True)]
    assert {(row["question"], row["chapter"], row["claim"]) for row in rows} == {
        (asked.text, "04", asked.claim)
    }
    assert rows[0]["reply"] == asked.wrong["1006"]


def test_an_exercise_is_noted_solved_or_not(record):
    pvt.check("race_break", "def attack(account, times):\n    account.write(0)\n")
    good = (
        "def attack(account, times):\n    for _ in range(times):\n       "
        " account.write(account.read() + 1)\n"
    )
    pvt.check("race_break", good)
    rows = journal.read().rows
    assert [(row["exercise"], row["solved"]) for row in rows] == [
        ("race_break", False),
        ("race_break", True),
    ]
    assert rows[1]["text"] == good
    assert rows[0]["because"]


def test_what_is_no_function_counts_as_a_try(record):
    pvt.check("race_break", "x = 1")
    assert journal.read().rows[0]["solved"] is False


def test_a_verdict_is_noted_with_its_figures(record):
    entry = pvt.verdict("thread.shared")
    (row,) = journal.read().rows
    assert (row["verdict"], row["value"], row["because"]) == (entry.id, entry.value, entry.because)
    assert row["host"] == entry.host


def test_verdicts_of_the_page_are_noted(record):
    page = LedgerPage(["memory"])
    page.start(None)
    while page.deciding or page.start_button.disabled:
        time.sleep(0.01)
    assert {row["verdict"] for row in journal.read().rows} == {
        one.id for one in page.record.entries
    }


def test_what_was_stopped_is_no_verdict(record):
    page = LedgerPage(["lock"])
    page.start(None)
    page.stop(None)
    while page.deciding or page.start_button.disabled:
        time.sleep(0.01)
    assert journal.read().rows == []


def test_a_search_of_a_puzzle_and_of_ones_own_program_is_noted(record):
    pvt.search("lost_update", preemptions=1)
    pvt.search("THREADS = 1\n\ndef thread_0(shared):\n    pass\n", preemptions=0)
    first, second = journal.read().rows
    assert (first["search"], first["own"]) == ("lost_update", False)
    assert first["because"]
    assert second["own"] is True


def test_a_repair_is_noted(record):
    pvt.repair("lost_update", "def nothing(shared):\n    pass\n")
    (row,) = journal.read().rows
    assert (row["puzzle"], row["solved"]) == ("lost_update", False)


def test_what_cannot_be_written_is_said_below_the_cell(monkeypatch, capsys):
    monkeypatch.setenv("PVT_RECORD", "/dev/null/record.jsonl")
    assert pvt.verdict("thread.shared").value
    assert "Your record could not be written to /dev/null/record.jsonl" in capsys.readouterr().out


def test_what_was_missed_yesterday_is_asked_again(record):
    with pytest.raises(ValueError, match="no question is to be repeated today"):
        pvt.quiz()
    missed = questions.load("04")[0]
    fields = {"chapter": "04", "claim": missed.claim, "answer": 5, "right": False, "reply": "No."}
    journal.note("question", missed.text, date="2026-01-01T10:00:00+00:00", **fields)
    journal.note("question", "A question that is gone", date="2026-01-01T10:00:00+00:00", **fields)
    quiz = pvt.quiz()
    assert [question.text for question, _ in quiz.drawn] == [missed.text]
    quiz.answer({"answer": "6"})
    assert journal.read().rows[-1]["chapter"] == "04"
    with pytest.raises(ValueError, match="no question"):
        pvt.quiz()
