"""A claim is one sentence of the lesson and a check over an experiment's rows; deciding it gives a
verdict.

Named tuples, not dataclasses: the child imports this file, and dataclasses would add a third to its
start.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

HOLDS, FAILS, UNDECIDED = "holds", "fails", "not decided"


class Verdict(NamedTuple):
    """What this machine says of a claim, and why."""

    value: Literal["holds", "fails", "not decided"]
    because: str


class Rows(list):
    """The rows of a run. `others`: the cores that others took meanwhile of those it needed, None
    if unknown."""

    def __init__(self, rows=(), others=None):
        super().__init__(rows)
        self.others = others


class Claim(NamedTuple):
    """One sentence that is true or false.

    `check(rows)` returns (True, False or None; because). A claim of kind "can" needs one sighting:
    none seen is "not decided". One of kind "always" needs every run: a single counter-example fails
    it.
    """

    id: str
    says: str
    params: dict
    check: Callable[[list[dict]], tuple[bool | None, str]]
    kind: Literal["can", "always"] = "always"
    runs: int = 1
    needs: tuple[str, ...] = ()


def decide(claim, runs):
    """The verdict over the rows of one or more finished runs."""
    answers = [claim.check(rows) for rows in runs if rows]
    seen = [because for answer, because in answers if answer is True]
    against = [because for answer, because in answers if answer is False]
    if claim.kind == "can":
        return Verdict(HOLDS, seen[0]) if seen else undecided(answers, "not one run gave a result")
    if against:
        return Verdict(FAILS, against[0])
    if len(seen) == len(runs) > 0:
        return Verdict(HOLDS, seen[-1])
    return undecided([answer for answer in answers if answer[0] is None], "a run gave no result")


def undecided(answers, otherwise):
    """No verdict, with the reason that the first of these answers gives."""
    return Verdict(UNDECIDED, answers[0][1] if answers else otherwise)
