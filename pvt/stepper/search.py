"""Every schedule of a program up to a number of preemptions: simplest first, equivalent ones once.

A preemption takes the turn from a worker that could go on.  Leaving a blocked, sleeping or finished worker is free.
Each run follows a plan and notes the roads not taken; each of these is one plan more.  Plans wait in the order of how far
they leave the undisturbed run: a preemption counts two, another choice one.  What need not be tried, because an
equivalent schedule is, says the stage (`engine`).

When a run shows that more is shared than was known, all begins again with that known.
"""

from collections import deque
from dataclasses import dataclass, field

from pvt.stepper.engine import stage
from pvt.stepper.player import Player

ENDINGS = ("safe", "broken", "deadlock", "unfinished")
SKIPPED = ("cut",)


@dataclass(frozen=True)
class Run:
    """One schedule: how it ended, why, and the plan that was carried out."""

    ending: str
    because: str
    schedule: list = field(repr=False)
    preemptions: int
    output: str = ""


AGAIN = Run("again", "more is shared than was known", [], 0)


def runs(program, preemptions=2, world="language", player=None, deadline=None):
    """Generate a Run for every schedule; ends when the bound is exhausted.  AGAIN: forget the runs before."""
    player = player or Player(program, world)
    player.learn()
    player.known = set(player.hot)
    while True:
        player.whole = True
        for run in attempt(player, preemptions, deadline):
            yield run
            if run is AGAIN:
                break
        else:
            return


def attempt(player, preemptions, deadline):
    """All schedules, with what is known to be shared; ends with AGAIN when more is."""
    memory, waiting = {}, {0: deque([((), 0, 0, 0)])}
    while waiting:
        rank = min(waiting)
        if not waiting[rank]:
            del waiting[rank]
            continue
        trace, at, number, price = waiting[rank].popleft()
        plan = [*trace[:at], number] if trace or at else ()
        if len(trace) == 0 and rank:
            plan = [number]
        limits = {"branch": True, "memory": memory, "price": price, "bound": preemptions, "deadline": deadline}
        ending, because = player.play(plan, **limits)
        more = stage.learned - player.hot
        if more:
            player.hot |= more
            yield AGAIN
            return
        player.whole = player.whole and stage.whole
        for when, other, cost in stage.options:
            farther = rank + 2 * (cost - price) + (cost == price)
            waiting.setdefault(farther, deque()).append((stage.trace, when, other, cost))
        if ending not in SKIPPED:
            yield Run(ending, because, list(stage.trace), price, player.output())
        if ending == "time":
            return
