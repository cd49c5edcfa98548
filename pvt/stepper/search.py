"""Every schedule of a program up to a number of preemptions: fewest first, early ones first.

A preemption takes the turn from a thread that could go on.  Leaving a blocked, sleeping or finished thread is free.
Each run follows a plan and notes the roads not taken; each of these is one plan more, at the same price
or one preemption dearer.  So every schedule is run exactly once, and the first that breaks is a simple one.
"""

from collections import deque
from dataclasses import dataclass

from pvt.stepper.player import Player

ENDINGS = ("safe", "broken", "deadlock", "unfinished")
FIRST_LIMIT, LEAST_LIMIT = 2_000, 120
"""Steps: a program that ends by itself in its first run gets three times as many as it took, or the least."""


@dataclass(frozen=True)
class Run:
    """One schedule: how it ended, why, and the plan that was carried out."""

    ending: str
    because: str
    schedule: bytes
    preemptions: int


def runs(program, preemptions=2, world="language", player=None):
    """Generate a Run for every schedule; ends when the bound is exhausted."""
    player = player or Player(program, world)
    stage, limit = player.stage, FIRST_LIMIT
    level = deque([b""])
    for bound in range(preemptions + 1):
        later = deque()
        while level:
            plan = level.popleft()
            ending, because = player.play(plan, limit=limit, branch=bound < preemptions)
            trace = bytes(stage.trace)
            if limit == FIRST_LIMIT:
                limit = LEAST_LIMIT if ending == "unfinished" else max(LEAST_LIMIT, 3 * len(trace))
            for at, other, price in stage.options:
                (later if price else level).append(trace[:at] + bytes((other,)))
            yield Run(ending, because, trace, bound)
        level = later
