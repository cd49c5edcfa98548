"""What a record says, from made-up rows."""

import datetime

from pvt.learner import history, repeat
from pvt.learner.history import Chapter

BASE = {"date": "2026-03-01T10:00:00+00:00", "machine": "2 cores", "python": "3.12.1"}
OUTLINE = [
    Chapter("04", "Why does a program lose count?", ("race", "lock"), ("Q1", "Q2"), ("race",)),
    Chapter("05", "Why does a program stop?", ("deadlock",), (), ()),
]


def lab(name, predicted=None, came=None, settings=(), ending="finished", **more):
    fields = {"params": {}, "sentence": f"{name} was run.", "thought": "Think.", "ending": ending}
    return (
        {"lab": name, "predicted": predicted, "came": came, "settings": dict(settings)}
        | fields
        | BASE
        | more
    )


def question(text, right, day=1, answer="a", **more):
    date = {"date": f"2026-03-{day:02}T10:00:00+00:00"}
    fields = {
        "chapter": "04",
        "claim": "race.exact",
        "answer": answer,
        "right": right,
        "reply": "No.",
    }
    return {"question": text} | fields | BASE | date | more


def exercise(name, solved, text="def f(): pass", because="Lost 3.", **more):
    return {"exercise": name, "solved": solved, "text": text, "because": because} | BASE | more


def test_the_first_prediction_of_a_lab_counts():
    rows = [
        lab("race", "none", "many"),
        lab("race", "many", "many"),
        lab("race", "many", "none", {"workers": 2}),
    ]
    first, other = history.guesses(rows)
    assert (first.predicted, first.came, first.right) == ("none", "many", False)
    assert (other.settings, other.right) == ({"workers": 2}, False)


def test_a_run_that_was_not_decided_waits_for_one_that_is():
    rows = [
        lab("race", "none", None, ending="stopped"),
        lab("race", "many", "many"),
        lab("race", "none", "many"),
    ]
    assert history.guesses(rows)[0].right is True
    assert history.guesses(rows[:1])[0].right is None


def test_no_opinion_is_neither_right_nor_wrong():
    assert history.guesses([lab("race", history.UNSURE, "many")])[0].right is None
    assert history.guesses([lab("race")]) == []


def test_an_exercise_counts_different_texts_until_it_is_solved():
    rows = [
        exercise("race", False, "1"),
        exercise("race", False, "1"),
        exercise("race", True, "2"),
        exercise("race", False, "3"),
        exercise("bounded", False, "4", "Too slow."),
    ]
    assert history.attempts(rows)["race"][1:3] == (True, 2)
    assert history.attempts(rows)["bounded"][1:] == (False, 1, "Too slow.")
    assert history.solutions(rows) == {"race": "2", "bounded": "4"}


def test_progress_is_counted_for_each_chapter():
    rows = [lab("race"), lab("lock", ending="stopped"), question("Q1", True), question("Q2", False)]
    rows += [exercise("race", True)]
    first, second = history.progress(OUTLINE, rows)
    assert (first.labs, first.questions, first.exercises) == ((1, 2), (1, 2), (1, 1))
    assert first.begun and not first.whole
    assert not second.begun and not second.whole


def test_the_next_step_is_in_the_chapter_worked_on_last():
    assert history.next_step(OUTLINE, [])[1:] == ("lab", "race")
    rows = [lab("race"), lab("lock"), question("Q1", True)]
    assert history.next_step(OUTLINE, rows)[1:] == ("question", "Q2")
    rows += [question("Q2", True)]
    assert history.next_step(OUTLINE, rows)[1:] == ("exercise", "race")
    rows += [exercise("race", True)]
    assert history.next_step(OUTLINE, rows)[0].number == "05"
    assert history.next_step(OUTLINE, [*rows, lab("deadlock")]) is None


def test_what_was_never_missed_is_not_repeated():
    assert repeat.cards([question("Q1", True)]) == []


def test_a_missed_question_comes_again_ever_later_until_it_is_learned():
    rows, day = [question("Q1", False)], datetime.date(2026, 3, 1)
    for wait in (1, 2, 4, 8, 16):
        (card,) = repeat.cards(rows)
        assert card.due == day + datetime.timedelta(days=wait)
        day = card.due
        rows.append(question("Q1", True, date=f"{day}T10:00:00+00:00"))
    assert repeat.cards(rows) == []


def test_another_miss_takes_it_back_to_the_first_box():
    rows = [question("Q1", False, 1), question("Q1", True, 2), question("Q1", False, 4)]
    assert repeat.cards(rows)[0].box == 0


def test_the_right_answer_of_the_same_day_is_no_repetition():
    rows = [question("Q1", False, 1), question("Q1", True, 1)]
    (card,) = repeat.cards(rows)
    assert (card.box, card.due) == (0, datetime.date(2026, 3, 2))


def test_a_right_answer_before_it_is_due_moves_nothing():
    rows = [question("Q1", False, 1), question("Q1", True, 2), question("Q1", True, 3)]
    assert (repeat.cards(rows)[0].box, repeat.cards(rows)[0].due.day) == (1, 4)


def test_due_is_today_and_before():
    rows = [question("Q1", False, 1), question("Q2", False, 5)]
    assert [card.question for card in repeat.due(rows, datetime.date(2026, 3, 2))] == ["Q1"]
    assert [card.question for card in repeat.due(rows, datetime.date(2026, 3, 6))] == ["Q1", "Q2"]


def test_a_prediction_after_the_outcome_was_seen_is_no_first_one():
    rows = [lab("race", None, "many"), lab("race", "many", "many"), lab("lock", "cheap", "cheap")]
    assert [one.lab for one in history.guesses(rows)] == ["lock"]


def test_a_question_that_was_missed_on_the_last_day_of_all_comes_on_that_day():
    row = question("Q1", False) | {"date": "9999-12-31T10:00:00+00:00"}
    (card,) = repeat.cards([row])
    assert card.due <= datetime.date.max
