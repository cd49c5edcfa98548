"""The interview and the investigations as a page shows them."""

import os
import random
from html import escape
from pathlib import Path

from IPython.display import HTML, display

from pvt import card, course
from pvt.course.interview import rehearsal
from pvt.problem import Problem
from pvt.views import access
from pvt.views.lab import lab
from pvt.views.pages import Pages, says
from pvt.views.quiz import STYLE, Quiz, plain

HERE = Path(__file__).parent
KINDS = {"junior": "open", "senior": "good", "nobody": "bad"}


def interview(level=None, *, count=None, seed=None):
    """Show the questions of a level ("beginner", "intermediate", "senior"), or `count` at random,
    each with a rubric.

    The same seed draws the same questions. Raises ValueError for what there is not. With
    PVT_AUTORUN=1 they are also shown as plain HTML.
    """
    drawn = rehearsal.chosen(level, count, seed)
    if os.environ.get("PVT_AUTORUN") == "1":
        display(HTML("".join(written(one) for one in drawn)))
    return Interview(drawn).asleep("interview")


class Interview(Pages):
    """A question, a place for one's own words (they stay in the page), and the rubric when it is
    asked for."""

    _esm = access.module(access.HERE / "page.js", HERE / "view.js")
    _css = STYLE

    def __init__(self, drawn):
        super().__init__(len(drawn))
        self.drawn, self.revealed = drawn, set()
        self.tell()
        self.on_msg(lambda _, message, __: self.asked(message))

    def asked(self, message):
        if message["do"] == "reveal":
            self.revealed.add(self.at)
            self.tell()
        else:
            super().asked(message)

    def claims(self):
        return list(dict.fromkeys(line.claim for line in self.drawn[self.at].rubric))

    def scene(self):
        one, open_ = self.drawn[self.at], self.at in self.revealed
        return {
            "level": one.level,
            "text": escape(one.asks),
            "rubric": rubric(one, self.entries) if open_ else "",
        }


def rubric(one, entries):
    """What people say to a question: each line with the claim it leans on, and its verdict once
    that is decided."""
    text = ""
    for who, heading in rehearsal.SPEAKERS.items():
        lines = "".join(
            listed(line, entries.get(line.claim)) for line in one.rubric if line.who == who
        )
        text += f"<h4>{card.chip(KINDS[who], heading)}</h4><ul>{lines}</ul>"
    return text


def listed(line, entry):
    verdict = (
        entry._repr_html_()
        if entry
        else f"<br><small>The claim: {escape(says(line.claim))}</small>"
    )
    return f"<li>{escape(line.says)}{verdict}</li>"


def written(one):
    """A question with its rubric folded, for copies that nobody can click."""
    return f"<p><b>{escape(one.asks)}</b></p><details><summary>Rubric</summary>{rubric(one, {})}</details>"


def investigate(name):
    """Show a failure: its symptoms, what may be the cause and the fix, and the lab of the
    experiment that shows it.

    Raises ValueError for a name that there is not.
    """
    known = rehearsal.failures()
    if name not in known:
        raise Problem(f"there is no failure {name!r}; {course.nearest(name, list(known))}")
    failure = known[name]
    drawn = [(question, shuffled(question)) for question in (failure.cause, failure.fix)]
    story = f"<h3>{escape(failure.title)}</h3><p>The figures are made up for this story.</p>"
    display(HTML(f"{story}<pre>{escape(failure.symptoms.strip())}</pre>"))
    alone = os.environ.get("PVT_AUTORUN") == "1"
    display(HTML(plain(drawn)) if alone else Quiz(drawn, chapter="13").asleep("investigation"))
    lab(failure.experiment, **failure.params)


def shuffled(question):
    choices = [question.right, *question.wrong]
    random.shuffle(choices)
    return choices
