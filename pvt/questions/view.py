"""The quiz as a page shows it: one question at a time, and what this machine says of the claim behind it.

The kernel judges and the page draws: no answer is in the page before it is given. A verdict is decided in a thread,
as in the lab, with the context of the message, so that the notebook stays usable.
"""

import contextvars
import os
import random
import re
import threading
from html import escape
from pathlib import Path

import anywidget
import traitlets

from pvt import access, card, ledger, questions
from pvt.access import DEAD

HERE = Path(__file__).parent


def quiz(chapter, seed=None):
    """Show the questions of a chapter, such as "05". The same seed gives the same order; without one it is random.

    Raises ValueError for a chapter that has none. With PVT_AUTORUN=1 it is also shown as plain HTML, answers folded.
    """
    shown = Quiz(chapter, random.randrange(1, 10_000) if seed is None else seed)
    if os.environ.get("PVT_AUTORUN") == "1":
        from IPython.display import HTML, display

        display(HTML(plain(shown.drawn)))
    return shown


class Quiz(anywidget.AnyWidget):
    """The view; `state` is all that the page knows. `given` holds the answers to each question, in order."""

    _esm = access.module(HERE / "view.js")
    _css = HERE / "view.css"
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, chapter, seed):
        super().__init__()
        self.drawn, self.at = questions.shuffled(questions.load(chapter), seed), 0
        self.order = f"pvt.quiz({chapter!r}, seed={seed!r}) gives this order again."
        self.given = [[] for _ in self.drawn]
        self.entries, self.deciding, self.lock = {}, None, threading.Lock()
        self.tell(DEAD)
        self.on_msg(lambda _, message, __: self.asked(message))

    def tell(self, status="", progress=0.0):
        """Tell the page what to show."""
        with self.lock:
            self.state = self.scene() | {"status": status, "progress": progress, "busy": self.deciding is not None}

    def scene(self):
        """The question that is on, and what has become of it."""
        question, choices = self.drawn[self.at]
        given, entry = self.given[self.at], self.entries.get(question.claim)
        return {
            "number": self.at + 1,
            "of": len(self.drawn),
            "text": marked(question.text),
            "code": question.code,
            "unit": question.unit,
            "choices": [marked(choice) for choice in choices],
            "tried": [choices.index(answer) for answer in given if choices and answer != question.right],
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
        late = [question.claim for (question, _), given in zip(self.drawn, self.given, strict=True) if len(given) > 1]
        first = f"You found {len(self.drawn) - len(late)} of {len(self.drawn)} answers at the first try."
        again = "".join(f"<li>{escape(says(claim))}</li>" for claim in dict.fromkeys(late))
        return f"{first} Worth another look:<ul>{again}</ul>" if late else first

    def asked(self, message):
        """A message from the page."""
        {"answer": self.answer, "go": self.go, "decide": self.start, "stop": self.stop}[message["do"]](message)

    def answer(self, message):
        """A choice by its place, or a number as it was typed; None if there was neither."""
        question, choices = self.drawn[self.at]
        answer = message["answer"]
        if answer is not None:
            answer = questions.number(answer) if question.is_number else choices[answer]
        if answer is None:
            wanted = "Type a number, such as 12 or 0.5." if question.is_number else "Choose an answer first."
            return self.tell(f"{wanted} A guess is fine.")
        if not self.found(self.at):
            self.given[self.at].append(answer)
        return self.tell()

    def go(self, message):
        """To the next question, or to the one before."""
        self.at = min(max(self.at + message["by"], 0), len(self.drawn) - 1)
        self.tell()

    def start(self, _):
        """Decide the claim behind the question. A second press while that runs does nothing."""
        with self.lock:
            if self.deciding:
                return
            self.deciding = ledger.Deciding(ledger.find([self.drawn[self.at][0].claim]))
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self.work, self.deciding), daemon=True).start()

    def stop(self, _):
        if deciding := self.deciding:
            deciding.stop()

    def work(self, deciding):
        """The whole run, in a thread of its own; whatever goes wrong is said in the quiz."""
        status = ""
        try:
            for entry in ledger.follow(deciding, self.tell):
                self.entries[entry.id] = entry
        except Exception as problem:
            status = f"No verdict: {type(problem).__name__}: {problem}"
        self.deciding = None
        self.tell(status)


def says(claim):
    """A claim's sentence."""
    return ledger.find([claim])[0][1].says


def feedback(question, answer):
    """What there is to say about an answer, and the claim that the question leans on."""
    right, said = question.judged(answer)
    kind, words = ("good", "✔ Yes") if right else ("not yet", "➜ Look again")
    claim = f"<br><small>The claim: {escape(says(question.claim))}</small>"
    return card.html(kind, f"{card.chip(kind, words)} {marked(said)}{claim}")


def marked(text):
    """A text as HTML: what stands in backticks is code, what stands in asterisks is stressed."""
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))


def plain(drawn):
    """All questions as plain HTML, for copies that nobody can click; the answers are folded."""
    items = ""
    for question, choices in drawn:
        asked = marked(question.text) + (f"<pre>{escape(question.code)}</pre>" if question.code else "")
        listed = "".join(f"<li>{marked(choice)}</li>" for choice in choices)
        right = f"{question.right:g} {question.unit}" if question.is_number else question.right
        answer = f"<p><b>{marked(right)}</b> {marked(question.why)}</p>"
        items += f"<li>{asked}<ul>{listed}</ul><details><summary>Answer</summary>{answer}</details></li>"
    return f"<ol>{items}</ol>"
