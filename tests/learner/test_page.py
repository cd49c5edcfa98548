"""The page of the record, and the first line of a notebook, as a learner reads them."""

import re
from itertools import pairwise

import counted
import pytest
from test_history import BASE, exercise, lab, question

import pvt
from pvt import questions
from pvt.learner import journal, outline, page


@pytest.fixture
def kept(record):
    """Put rows into the record."""

    def put(*rows):
        for row in rows:
            fields = dict(row)
            kind = journal.kind(row)
            assert kind, row
            subject = fields.pop(kind)
            for name in BASE:
                fields.pop(name)
            assert journal.note(kind, subject, **fields) == ""

    return put


def test_every_chapter_is_in_the_outline():
    assert [chapter.number for chapter in outline.outline()][:2] == ["01", "02"]
    chapters = {chapter.number: chapter for chapter in outline.outline()}
    assert "race" in chapters["04"].labs and "race" in chapters["04"].exercises
    texts = tuple(one.text for one in questions.load("04"))
    assert chapters["04"].questions == texts
    assert chapters["04"].title == "Why does a program lose count?"


def test_an_empty_record_says_where_to_begin(record):
    text = pvt.record()._repr_html_()
    assert "Nothing is done yet." in text
    assert "01 · What is a process? – the lab" in text


def test_where_the_intuition_was_wrong_is_said_with_what_explains_it(kept):
    came = "1 in 100 or more"
    kept(lab("race", "No addition is lost", came), lab("lock", came, came), lab("gil", "x", "y"))
    text = pvt.record()._repr_html_()
    assert "1 of 3 first predictions came out as predicted." in text
    row = re.search(
        r"<tr><th scope=\"row\">What does the counter say at the end\?.*?</tr>", text, re.DOTALL
    )[0]
    assert (
        "<td>No addition is lost</td><td>1 in 100 or more</td><td>race was run. Think.</td>" in row
    )
    assert text.index("<h5>04 · Why does a program") < text.index("<h5>06 · Why do more")
    assert "predicted: No addition is lost; it came out: 1 in 100 or more" in repr(pvt.record())


def test_missed_questions_come_again_the_next_day(kept, monkeypatch):
    text = outline.outline()[3].questions[0]
    kept(question(text, False))
    assert "The next question comes on" in pvt.record()._repr_html_()
    tomorrow = page.datetime.date.today() + page.datetime.timedelta(days=1)

    class Tomorrow(page.datetime.date):
        @classmethod
        def today(cls):
            return tomorrow

    monkeypatch.setattr(page.datetime, "date", Tomorrow)
    assert "chapter 04, missed and due since" in pvt.record()._repr_html_()


def test_what_was_typed_is_escaped(kept):
    kept(
        lab("race", "<script>alert(1)</script>", "<b>x"),
        exercise("race", False, because="<img src=x>"),
    )
    text = pvt.record()._repr_html_()
    assert "<script>alert" not in text and "<img" not in text and "&lt;img" in text


def test_tables_can_be_followed_without_seeing_them(kept):
    kept(lab("race", "a", "b"), exercise("race", True))
    text = page.file()
    assert text.startswith('<!doctype html>\n<html lang="en">')
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(
        'scope="' in cell
        for cell in re.findall(r"<th[^>]*>", text)
        if not cell.startswith("<thead")
    )
    assert text.count("<caption>") == text.count("<table")


def test_off_is_said(monkeypatch):
    assert "PVT_RECORD=off" in pvt.record()._repr_html_()
    assert "What you do here is not kept." in pvt.begin("04")._repr_html_()


def test_lines_that_are_not_shown_are_counted(kept, record):
    kept(exercise("race", True))
    with open(record, "ab") as file:
        file.write(b'{"dream": 1}\n{"torn')
    assert "Lines in" in pvt.record()._repr_html_()
    assert "From another version of pvt, kept and not shown: 1." in pvt.record()._repr_html_()
    assert "Damaged and not shown: 1." in pvt.record()._repr_html_()


def test_a_notebook_begins_with_what_is_done_and_where_to_go_on(kept):
    assert (
        "Nothing is done here yet. Begin with the lab “What does the counter say at the end?”."
        in repr(pvt.begin("04"))
    )
    kept(lab("race"), exercise("orders", True))
    text = repr(pvt.begin("04"))
    done = counted.of("04", labs=1, exercises=1)
    assert text.startswith(f"04 · Done here: {done}. Go on with the lab")


def test_a_chapter_that_is_done_leads_on(kept):
    chapter = outline.outline()[3]
    kept(*map(lab, chapter.labs), *(question(text, True) for text in chapter.questions))
    kept(*(exercise(name, True) for name in chapter.exercises))
    assert "04 · All of it is done. Next: 05 · Why does a program stop for ever?" in repr(
        pvt.begin("04")
    )


def test_a_repaired_puzzle_is_an_exercise_of_the_chapter_that_asks_for_it(kept):
    fields = {"solved": True, "because": "No schedule breaks it.", "text": "x"} | BASE
    kept({"puzzle": "philosophers"} | fields)
    assert f"05 · Done here: {counted.of('05', exercises=1)}" in repr(pvt.begin("05"))
    assert "philosophers" in pvt.record()._repr_html_()


def test_the_first_notebook_looks_at_the_whole_course(kept):
    text = repr(pvt.begin("00"))
    assert text.startswith("00 · Nothing is done yet. Next: 01 · What is a process? – the lab")
    kept(lab("race"))
    assert "1 run of a lab; since" in repr(pvt.begin("00"))


def test_an_unknown_chapter_is_refused():
    with pytest.raises(ValueError, match="there is no chapter '4'"):
        pvt.begin("4")
