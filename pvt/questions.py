"""The questions of the chapters: each has one right answer, a reason for every other, and a
claim it leans on."""

import random
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from pvt import course
from pvt.problem import Problem

FOLDER = Path(course.__file__).parent


class Question(NamedTuple):
    """`right` is one of the choices, or a number (in `unit`, give or take `within`); `why` is said
    when it is found.

    `wrong` maps every other choice, or numbers that one may think of, to why it is not that.
    `otherwise` answers all other numbers. `code` stands below the text. Texts may hold `code` in
    backticks.
    """

    text: str
    claim: str
    right: str | float
    why: str
    wrong: dict
    code: str = ""
    unit: str = ""
    within: float = 0.0
    otherwise: str = ""

    @property
    def is_number(self):
        return not isinstance(self.right, str)

    def judged(self, answer):
        """Whether this choice or number is right, and what there is to say about it."""
        if self.is_number:
            if abs(answer - self.right) <= self.within:
                return True, self.why
            return False, next(
                (why for other, why in self.wrong.items() if float(other) == answer),
                self.otherwise,
            )
        return (True, self.why) if answer == self.right else (False, self.wrong[answer])


def chapters():
    """The chapters that have questions: number -> file."""
    listed = ((chapter, FOLDER / chapter / "questions.toml") for chapter in course.CHAPTERS)
    return {course.number(chapter): path for chapter, path in listed if path.exists()}


def load(chapter):
    """The questions of a chapter, "05" for example. Raises ValueError for a chapter that has
    none."""
    if chapter not in chapters():
        raise Problem(
            f"there are no questions {chapter!r}; {course.nearest(chapter, list(chapters()))}"
        )
    return [
        Question(**question)
        for question in tomllib.loads(chapters()[chapter].read_text("utf-8"))["question"]
    ]


def shuffled(questions, seed):
    """The questions in an order of this seed, each with its choices in order (none where a
    number is asked)."""
    chance = random.Random(seed)
    drawn = [
        (question, [] if question.is_number else [question.right, *question.wrong])
        for question in questions
    ]
    for _, choices in drawn:
        chance.shuffle(choices)
    chance.shuffle(drawn)
    return drawn


def number(text):
    """What somebody typed as a number, or None: "8192", "8,192" and "8 192" are the same, "0,5"
    is a half."""
    plain = re.sub(r"[\s_']", "", text)
    plain = re.sub(r",(?=\d{3}(\D|$))", "", plain).replace(",", ".")
    return float(plain) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", plain) else None
