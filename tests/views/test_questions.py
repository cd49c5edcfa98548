"""The questions: each leans on a claim, explains every answer, and cannot be answered by its
looks."""

import re
import time
from pathlib import Path

import pytest

import pvt
from pvt import ledger, questions
from pvt.views import quiz

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHAPTERS = [*(f"{number:02}" for number in range(1, 13)), "14", "15", "16", "17"]
CLAIMS = {claim.id for _, claim in ledger.find([])}
ALL = [
    (chapter, question) for chapter in questions.chapters() for question in questions.load(chapter)
]
EACH = pytest.mark.parametrize("question", [pytest.param(q, id=f"{c}-{q.claim}") for c, q in ALL])


def texts(question):
    return [
        question.why,
        *question.wrong.values(),
        *([question.otherwise] if question.is_number else []),
    ]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_six_questions_and_shows_them(chapter):
    assert len(questions.load(chapter)) >= 6
    (notebook,) = NOTEBOOKS.glob(f"{chapter}_*.ipynb")
    folder = {"asyncio": "event_loop"}.get(notebook.stem[3:], notebook.stem[3:])
    assert questions.chapters()[chapter].parent.name == folder
    assert f'pvt.quiz(\\"{chapter}\\")' in notebook.read_text()


@pytest.mark.parametrize("chapter", questions.chapters())
def test_a_question_is_about_what_its_notebook_shows(chapter):
    assert chapter in CHAPTERS
    (notebook,) = NOTEBOOKS.glob(f"{chapter}_*.ipynb")
    for question in questions.load(chapter):
        assert question.claim in CLAIMS
        # chapter 14 shows no verdicts: its programs lead back to the chapters that do
        assert f'\\"{question.claim}\\"' in notebook.read_text() or chapter == "14", question.claim


@pytest.mark.parametrize("chapter", questions.chapters())
def test_the_right_answer_does_not_stand_out_by_its_length(chapter):
    asked = [question for question in questions.load(chapter) if not question.is_number]
    longest = [
        question.text for question in asked if len(question.right) > max(map(len, question.wrong))
    ]
    shortest = [
        question.text for question in asked if len(question.right) < min(map(len, question.wrong))
    ]
    assert len(longest) <= len(asked) / 3, longest
    assert len(shortest) <= len(asked) / 2, shortest


@pytest.mark.parametrize("chapter", questions.chapters())
def test_the_place_of_the_right_answer_is_drawn(chapter):
    for question in (question for question in questions.load(chapter) if not question.is_number):
        places = set()
        for seed in range(60):
            choices = dict(
                (asked.text, choices)
                for asked, choices in questions.shuffled(questions.load(chapter), seed)
            )
            places.add(choices[question.text].index(question.right))
        assert places == set(range(len(question.wrong) + 1))


@EACH
def test_every_answer_is_explained(question):
    assert question.text.endswith("?")
    assert len(question.wrong) >= 2
    for text in texts(question):
        assert len(text) > 20
        assert text.endswith((".", "?")), text
        assert not re.search(r"\bwrong\b|incorrect|of the above", text, re.IGNORECASE), text
    assert not any(
        re.search("of the above|none of these", choice, re.IGNORECASE) for choice in question.wrong
    )


@EACH
def test_there_is_one_right_answer(question):
    assert question.right not in question.wrong
    if question.is_number:
        assert all(abs(float(other) - question.right) > question.within for other in question.wrong)
        assert question.judged(question.right) == (True, question.why)
        assert question.judged(123456.7) == (False, question.otherwise)
    for other, why in question.wrong.items():
        assert question.judged(float(other) if question.is_number else other) == (False, why)


def test_a_seed_gives_the_same_order_again():
    first, again, other = (questions.shuffled(questions.load("01"), seed) for seed in (7, 7, 8))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("8192", 8192),
        (" 8,192 ", 8192),
        ("8 192", 8192),
        ("0.5", 0.5),
        ("0,5", 0.5),
        (".5", 0.5),
        ("-1", -1),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, number):
    assert questions.number(typed) == number


@pytest.mark.parametrize("typed", ["", "two", "1.2.3", "4 MiB", "nan"])
def test_what_is_no_number_is_none(typed):
    assert questions.number(typed) is None


def test_an_unknown_chapter_says_which_there_are():
    with pytest.raises(ValueError, match="there are no questions '21'; There are: 01, 02"):
        pvt.quiz("21")


class Page:
    """A quiz without a browser: finds the answers of the question that is on, and gives them."""

    def __init__(self, chapter="01"):
        self.quiz = quiz.quiz(chapter, 4)

    @property
    def state(self):
        return self.quiz.state

    def send(self, do, **more):
        self.quiz.asked({"do": do, **more})
        return self.state

    def give(self, right):
        question, choices = self.quiz.drawn[self.quiz.at]
        answer = question.right if right else next(iter(question.wrong))
        return self.send(
            "answer", answer=str(answer) if question.is_number else choices.index(answer)
        )


def test_the_page_does_not_know_the_answers():
    page = Page()
    for _ in questions.load("01"):
        question = page.quiz.drawn[page.quiz.at][0]
        assert not any(quiz.marked(text) in str(page.state) for text in texts(question))
        page.send("go", by=1)


def test_an_answer_is_explained_with_its_claim():
    page = Page()
    question = page.quiz.drawn[0][0]
    shown = page.give(right=False)["feedback"]
    assert "➜ Look again" in shown
    assert quiz.marked(next(iter(question.wrong.values()))) in shown
    claim = quiz.escape(quiz.says(question.claim))
    assert claim not in shown  # it would give the answer away
    shown = page.give(right=True)
    assert "✔ Yes" in shown["feedback"] and claim in shown["feedback"]
    assert shown["found"]


def test_no_answer_is_no_try():
    page = Page()
    while page.state["choices"]:
        page.send("go", by=1)
    assert "Type a number" in page.send("answer", answer="many")["status"]
    assert page.state["feedback"] == ""


def test_the_score_is_said_when_all_are_found():
    page = Page()
    count = len(page.quiz.drawn)
    page.give(right=False)
    for _ in range(count):
        assert page.state["score"] == ""
        page.give(right=True)
        page.send("go", by=1)
    assert page.state["score"].startswith(
        f"You found {count - 1} of {count} answers at the first try."
    )
    assert quiz.escape(quiz.says(page.quiz.drawn[0][0].claim)) in page.state["score"]


def test_the_machine_is_asked_in_a_thread(nothing_left):
    page = Page()
    page.give(right=True)
    page.send("decide")
    assert page.quiz.deciding
    while page.quiz.deciding:
        time.sleep(0.01)
    while page.state["busy"]:
        time.sleep(0.01)
    assert "decided in" in page.state["verdict"]


def test_whatever_goes_wrong_is_said_in_the_quiz(monkeypatch):
    page = Page()
    page.give(right=True)
    monkeypatch.setattr(ledger, "follow", lambda *_: 1 // 0)
    page.quiz.background.carry_out(ledger.Deciding([]), page.quiz.work, page.quiz.end)
    assert page.state["status"].startswith("No verdict: ZeroDivisionError")


def test_a_quiz_works_in_a_copy_without_a_kernel(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.setenv("PVT_AUTORUN", "1")
    pvt.quiz("01")
    text = shown[0].data
    for question in questions.load("01"):
        answers = [] if question.is_number else [question.right, *question.wrong]
        for answer in answers:
            said = re.escape(quiz.marked(question.judged(answer)[1]))
            unfolds = (
                rf"<summary>{re.escape(quiz.marked(answer))}</summary>(?:(?!<summary>).)*{said}"
            )
            assert re.search(unfolds, text, re.DOTALL), answer
        assert answers or f"<b>{question.right:g} " in text
