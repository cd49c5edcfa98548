"""Every schedule of a program up to a number of preemptions: simplest first, equivalent ones once.

A preemption takes the turn from a worker that could go on.  Leaving a blocked, sleeping or finished
worker is free. Each run follows a plan and notes the roads not taken; each of these is one plan
more.  Plans wait in the order of how far they leave the undisturbed run: the number of choices in
which they differ from what a plan's run does by itself.  What need not be tried, because an
equivalent schedule is, says the stage (`engine`).  Who asks for a bad schedule only gets the likely
ones first: a preemption in the middle of what a worker does to one thing, or between two locks.
Where all are wanted that would cost some schedules more.

When a run shows that more is shared than was known, all begins again with that known.

Of a program that goes on for ever only the first steps of each run are played, then more of them.
"""

import time
from collections import deque
from dataclasses import dataclass, field

from pvt.stepper.engine import stage
from pvt.stepper.player import Player

SKIPPED = ("cut",)
FEW_ORDERS = 1_500
"""Runs within which every order of tasks must be tried; else only those that deviate little are."""
BEGINNING, DEEPER = 10, 2
"""Steps of a run that are played of a program without an end; how many times as many come next."""
LONG = 100_000
"""Steps after which the first run of a program that looks endless is given up, on a machine that is
fast enough to come that far."""


@dataclass(frozen=True)
class Run:
    """One schedule: how it ended, why, and the plan that was carried out."""

    ending: str
    because: str
    schedule: list = field(repr=False)
    preemptions: int
    output: str = ""


AGAIN = Run("again", "more is shared than was known", [], 0)
GIVEN_UP = Run("given up", "it goes on for ever", [], 0)


def runs(program, preemptions=2, world="language", player=None, deadline=None):
    """Generate a Run for every schedule; ends when the bound is exhausted.  AGAIN: forget the runs
    before; GIVEN_UP: one of a program without an end was played so far."""
    player = player or Player(program, world)
    if player.known is None:
        player.learn(deadline)
    player.more = True
    while player.more:
        player.whole, player.more = True, False
        yield from orders(player, preemptions, deadline)


def orders(player, preemptions, deadline):
    """With tasks: every order of their turns, if these are few; else those that deviate little from
    asyncio's own."""
    player.every_order, player.too_many, far, seen = True, False, [], set()
    for run in attempt(player, preemptions, deadline, FEW_ORDERS):
        far.append(run)
        yield run
    if player.more or not player.too_many:
        return
    player.every_order = False
    yield AGAIN
    for run in attempt(player, preemptions, deadline):
        seen.add(run.ending)
        yield run
    if not player.more:
        yield from (run for run in far if run.ending not in {"safe", *seen})


def spread(options):
    """Of many roads from many places first one from each place: the last that became possible, then
    the first."""
    places = {}
    for option in options:
        places.setdefault(option[0], deque()).append(option)
    found, turn = [], 0
    while places:
        for at in list(places):
            found.append(places[at].popleft() if turn % 2 else places[at].pop())
            if not places[at]:
                del places[at]
        turn += 1
    return found


def attempt(player, preemptions, deadline, most=None, limit=None):
    """All schedules, with what is known to be shared; ends with AGAIN when more is.  `limit`: steps
    of a run after which it is given up."""
    if player.beginning and limit is None:
        yield from beginnings(player, preemptions, deadline)
        return
    memory, waiting, played = player.remembers(), {0: deque([((), 0, 0, 0)])}, 0
    long = 0.0 if deadline is None else (deadline - time.perf_counter()) / 2
    while waiting:
        if most and stage.with_tasks and played >= most:
            player.too_many = True
            return
        rank = min(waiting)
        if not waiting[rank]:
            del waiting[rank]
            continue
        trace, at, number, price = waiting[rank].popleft()
        plan = [*trace[:at], number] if trace or at else ()
        if len(trace) == 0 and rank:
            plan = [number]
        endless = limit is None and not played and player.program.endless
        began, until = time.perf_counter(), share(deadline, 1 / 8 if endless else 3 / 4)
        limits = {
            "branch": True,
            "memory": memory,
            "price": price,
            "bound": preemptions,
            "deadline": until,
        }
        if limit or endless:
            limits["limit"] = limit or LONG
        ending, because = player.play(plan, **limits)
        played += 1
        more = stage.learned - player.hot
        if more:
            player.hot |= more
            player.more = True
            yield AGAIN
            return
        player.whole = player.whole and stage.whole
        roads = (
            spread(stage.options)
            if stage.with_tasks
            else ordered(stage.options, price, stage.whole, player.hasty)
        )
        for when, other, cost, _ in roads:
            waiting.setdefault(rank + 1, deque()).append((stage.trace, when, other, cost))
        if limit is None:
            player.foresee(roads, preemptions, deadline)
        if ending in ("time", "endless"):
            player.whole, player.because = False, player.because or because
            player.given_up += 1
            if deadline is not None and time.perf_counter() >= deadline:
                return
            if limit is None and (until is None or until - began >= long):
                # it was not cut for want of time
                player.unended = player.unended or because
            long_enough = deadline is not None and len(stage.trace) > BEGINNING
            if limit is None and played == 1 and long_enough:
                player.beginning = BEGINNING
                yield from beginnings(player, preemptions, deadline)
                return
            if limit:
                yield GIVEN_UP
        elif ending not in SKIPPED:
            yield Run(ending, because, list(stage.trace), price, player.output())


def beginnings(player, preemptions, deadline):
    """Of a program that goes on for ever: the beginnings of its runs, ever longer ones."""
    seen = set()
    while not player.more and (deadline is None or time.perf_counter() < deadline):
        player.whole, player.given_up = True, 0
        for run in attempt(player, preemptions, deadline, limit=player.beginning):
            name = (run.ending, *run.schedule)
            if run in (AGAIN, GIVEN_UP) or name not in seen:
                yield run
            seen.add(name)
        if not player.given_up:
            return
        player.beginning *= DEEPER


def share(deadline, part):
    """Until when one run may go on: one that never ends leaves a part of the time to others."""
    now = time.perf_counter()
    return None if deadline is None else now + max(deadline - now, 0) * part


def ordered(options, price, whole, hasty):
    """Roads not taken, in the order in which to try them: the likely ones first if there is haste;
    in a long run the preemptions first, early and late ones."""
    if whole:
        return sorted(options, key=lambda option: not option[3]) if hasty else options
    dear = [option for option in options if option[2] > price]
    mixed = [option for pair in zip(dear, reversed(dear), strict=True) for option in pair][
        : len(dear)
    ]
    free = [option for option in options if option[2] == price]
    return mixed + free
