"""The quiz as a page shows it: one question at a time, and what this machine says of the claim
behind it.

No answer is in the page before it is given.
"""

import datetime
import os
import random
import re
from html import escape
from pathlib import Path

from markupsafe import Markup

from pvt import card, questions
from pvt.learner import journal, noting, repeat
from pvt.problem import Problem
from pvt.views import access
from pvt.views.pages import Pages, says

HERE = Path(__file__).parent
STYLE = HERE / "page.css"


def quiz(chapter=None, seed=None):
    """Show the questions of a chapter, such as "05"; without one, those to repeat today (see
    `pvt.record()`).

    The same seed gives the same order; without one it is random. Raises ValueError for a chapter
    that has no questions. With PVT_AUTORUN=1 it is also shown as plain HTML, answers folded.
    """
    if chapter is None:
        return again()
    seed = random.randrange(1, 10_000) if seed is None else seed
    order = f"pvt.quiz({chapter!r}, seed={seed!r}) gives this order again."
    shown = Quiz(questions.shuffled(questions.load(chapter), seed), order, chapter)
    if os.environ.get("PVT_AUTORUN") == "1":
        from IPython.display import HTML, display

        display(HTML(plain(shown.drawn)))
    return shown.asleep("quiz")


def again():
    """The missed questions that come again today. Raises ValueError where there are none."""
    cards = repeat.due(journal.read().rows, datetime.date.today())
    chapters = {
        one.text: (one, number) for number in questions.chapters() for one in questions.load(number)
    }
    due = [chapters[card.question] for card in cards if card.question in chapters]
    if not due:
        raise Problem(
            'no question is to be repeated today; pvt.quiz("04") shows those of a chapter.'
        )
    drawn = questions.shuffled([one for one, _ in due], random.random())
    named = {one.text: number for one, number in due}
    return Quiz(drawn, "These come again today.", named).asleep("quiz")


class Quiz(Pages):
    """A page for each of the (question, choices) in `drawn`. `given` holds the answers to each, in
    order.

    `chapter` is theirs, or a dict that names it for each question's text.
    """

    _esm = access.module(HERE / "page.js", HERE / "quiz.js")
    _css = STYLE

    def __init__(self, drawn, order="", chapter=""):
        super().__init__(len(drawn))
        self.drawn, self.order, self.chapter = drawn, order, chapter
        self.given = [[] for _ in drawn]
        self.tell()
        self.on_msg(lambda _, message, __: self.asked(message))

    def claims(self):
        return [self.drawn[self.at][0].claim]

    def scene(self):
        """The question that is on, and what has become of it."""
        question, choices = self.drawn[self.at]
        given, entry = self.given[self.at], self.entries.get(question.claim)
        return {
            "text": marked(question.text),
            "code": question.code,
            "unit": question.unit,
            "choices": [marked(choice) for choice in choices],
            "tried": [
                choices.index(answer) for answer in given if choices and answer != question.right
            ],
            "found": self.found(self.at),
            "feedback": feedback(question, given[-1]) if given else "",
            "verdict": entry._repr_html_() if entry and given else "",
            "score": self.score(),
            "order": self.order,
        }

    def found(self, at):
        """Whether the right answer to a question was given."""
        return any(self.drawn[at][0].judged(answer)[0] for answer in self.given[at])

    def score(self):
        """One sentence when all answers are found, and what to look at again."""
        if not all(self.found(at) for at in range(len(self.drawn))):
            return ""
        late = [
            question.claim
            for (question, _), given in zip(self.drawn, self.given, strict=True)
            if len(given) > 1
        ]
        first = (
            f"You found {len(self.drawn) - len(late)} of {len(self.drawn)} answers at the"
            " first try."
        )
        again = "".join(f"<li>{escape(says(claim))}</li>" for claim in dict.fromkeys(late))
        return f"{first} Worth another look:<ul>{again}</ul>" if late else first

    def asked(self, message):
        return self.answer(message) if message["do"] == "answer" else super().asked(message)

    def answer(self, message):
        """A choice by its place, or a number as it was typed; None if there was neither."""
        question, choices = self.drawn[self.at]
        answer = message["answer"]
        if answer is not None:
            answer = questions.number(answer) if question.is_number else choices[answer]
        if answer is None:
            wanted = (
                "Type a number, such as 12 or 0.5."
                if question.is_number
                else "Choose an answer first."
            )
            return self.tell(f"{wanted} A guess is fine.")
        if self.found(self.at):
            return self.tell()
        self.given[self.at].append(answer)
        named = self.chapter if isinstance(self.chapter, str) else self.chapter[question.text]
        return self.tell(noting.question(question, named, answer))


def feedback(question, answer):
    """What there is to say about an answer, and with the right one the claim that the question
    leans on: before, it would give the answer away."""
    right, why = question.judged(answer)
    kind, words = ("good", "✔ Yes") if right else ("not yet", "➜ Look again")
    claim = f"The claim: {says(question.claim)}" if right else ""
    return card.html(kind, words, Markup(marked(why)), small=claim)


def marked(text):
    """A text as HTML: what stands in backticks is code, what stands in asterisks is stressed."""
    return re.sub(
        r"\*([^*]+)\*", r"<em>\1</em>", re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    )


def plain(drawn):
    """All questions as plain HTML, for copies without a kernel: each choice unfolds what there
    is to say about it."""
    return f"<ol>{''.join(map(plainly, drawn))}</ol>"


def plainly(pair):
    """One (question, choices): a number's answer is folded below it."""
    question, choices = pair
    code = f"<pre>{escape(question.code)}</pre>" if question.code else ""
    answers = [(choice, feedback(question, choice)) for choice in choices]
    if question.is_number:
        right = f"<b>{question.right:g} {escape(question.unit)}</b>"
        answers = [("Answer", f"<p>{right} {marked(question.why)}</p>")]
    return f"<li>{marked(question.text)}{code}{''.join(folded(*one) for one in answers)}</li>"


def folded(choice, text):
    return f"<details><summary>{marked(choice)}</summary>{text}</details>"
