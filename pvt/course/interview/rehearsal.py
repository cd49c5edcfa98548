"""Practice for an interview: questions with a rubric, and failures to investigate. Every line
leans on a claim."""

import random
import tomllib
from pathlib import Path
from typing import NamedTuple

from pvt import course
from pvt.problem import Problem
from pvt.questions import Question

FOLDER = Path(__file__).parent
LEVELS = ("beginner", "intermediate", "senior")
SPEAKERS = {"junior": "A junior says", "senior": "A senior adds", "nobody": "No one should say"}


class Line(NamedTuple):
    """Something that somebody says in an interview, and the claim that decides how true it is."""

    who: str
    says: str
    claim: str


class InterviewQuestion(NamedTuple):
    """What an interviewer asks, and what there is to say."""

    level: str
    asks: str
    rubric: tuple[Line, ...]


class Failure(NamedTuple):
    """A story with made-up figures: find the cause, then the fix, then run `experiment`."""

    name: str
    title: str
    symptoms: str
    cause: Question
    fix: Question
    experiment: str
    params: dict
    claims: tuple[str, ...]


def asked():
    """All questions, in the order in which they get harder."""
    listed = tomllib.loads((FOLDER / "interview.toml").read_text("utf-8"))["question"]
    return [
        InterviewQuestion(one["level"], one["asks"], tuple(Line(**line) for line in one["rubric"]))
        for one in listed
    ]


def chosen(level=None, count=None, seed=None):
    """The questions of a level, or `count` drawn at random. Raises ValueError for what there is
    not."""
    if level is not None and level not in LEVELS:
        raise Problem(f"there is no level {level!r}; {course.nearest(level, LEVELS)}")
    listed = [one for one in asked() if level in (None, one.level)]
    if count is None:
        return listed
    if not isinstance(count, int) or not 1 <= count <= len(listed):
        raise Problem(f"count={count!r} is not possible; allowed: 1 to {len(listed)}.")
    return sorted(random.Random(seed).sample(listed, count), key=listed.index)


def failures():
    """name -> Failure, in the order of the file."""
    listed = tomllib.loads((FOLDER / "failures.toml").read_text("utf-8"))["failure"]
    return {one["name"]: failure(**one) for one in listed}


def failure(*, cause, fix, claims, params=None, **rest):
    return Failure(
        **rest,
        params=params or {},
        cause=question(f"{rest['title']}: what is the cause?", cause, claims[0]),
        fix=question(f"{rest['title']}: what fixes it?", fix, claims[-1]),
        claims=tuple(claims),
    )


def question(text, choices, claim):
    """A list of choices, of which one is right, as a question of a quiz."""
    (right,) = (one for one in choices if one.get("right"))
    wrong = {one["says"]: one["because"] for one in choices if one is not right}
    return Question(text=text, claim=claim, right=right["says"], why=right["because"], wrong=wrong)
