"""What each chapter asks of a learner: the labs, questions and exercises that lie in its folder.

The puzzles that a chapter wants repaired are exercises too; they lie with the stepper, and its
notebook names them.
"""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

from pvt import course, questions
from pvt.learner.history import Chapter

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@cache
def outline():
    """The chapters in order."""
    return [chapter(name) for name in course.CHAPTERS]


def chapter(name):
    number = course.number(name)
    asked = questions.load(number) if number in questions.chapters() else []
    texts = tuple(one.text for one in asked)
    title = import_module(f"pvt.course.{name}").__doc__.partition(" ")[2]
    return Chapter(number, title, within(name), texts, within(name, "exercise") + repairs(name))


def within(chapter, kind="experiment"):
    """The names of a chapter's experiments, or exercises, as its notebook has them in order."""
    homes = course.homes(kind).items()
    names = [name for name, module in homes if module.split(".")[2] == chapter]
    text, call = notebook(chapter), "lab" if kind == "experiment" else "check"
    return tuple(sorted(names, key=lambda name: place(text, rf"pvt.{call}(\"{name}\"")))


def repairs(chapter):
    """The puzzles that a chapter's notebook wants repaired."""
    found = re.findall(r'pvt\.repair\(\\"(\w+)', notebook(chapter))
    return tuple(dict.fromkeys(found))


def place(text, call):
    """Where a call stands in a notebook's file; behind all, where it does not."""
    at = text.find(call)
    return len(text) if at < 0 else at


def notebook(chapter):
    """A chapter's notebook as text; "" where the notebooks are neither beside pvt nor here."""
    name = f"{course.number(chapter)}_*.ipynb"
    found = next(
        (path for folder in (NOTEBOOKS, Path()) for path in sorted(folder.glob(name))), None
    )
    return found.read_text("utf-8") if found else ""
