"""The experiment "search": run in a child, it yields progress, then one row per ending, then the result.

Every row has the same keys.  `kind` is "progress", "ending" or "result"; `schedules` counts all so far, those with this
ending, or all; `schedule` is the simplest schedule with this ending as JSON text (fewest preemptions, then fewest
steps); `preemptions` is the bound being searched, those of this schedule, or the greatest bound exhausted (-1: none).
Endings: safe, broken, deadlock, unfinished; error (the program cannot be run) and hung (nothing moves).
"""

import json
import time

from pvt.stepper.engine import WORLDS, has_gil
from pvt.stepper.stops import ProgramError
from pvt.stepper.watchdog import watched

BAD = ("broken", "deadlock", "unfinished")
BETWEEN_ROWS = 0.2
KEYS = ("kind", "world", "ending", "schedules", "schedule", "steps", "because", "preemptions", "complete")
KEYS += ("seconds", "per_second", "note")


def run(*, source, preemptions=2, seconds=30.0, world="language", first=False):
    """Search every schedule; `first`: only until the first bad ending."""
    if world not in WORLDS:
        raise ValueError(f"world {world!r} is unknown: choose one of {', '.join(WORLDS)}.")
    tally = Tally(world, preemptions)
    for event in watched(lambda pulse: searched(pulse, source, preemptions, seconds, world, first, tally)):
        if isinstance(event, tuple):
            tally.failed(*event)
        else:
            yield event
    yield from tally.rows()


def searched(pulse, source, preemptions, seconds, world, first, tally):
    """Fill the tally; yields a progress row now and then."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program
    from pvt.stepper.search import runs

    pulse.player = Player(Program(source), world)
    due, deadline = 0.0, tally.began + seconds
    for found in runs(pulse.player.program, preemptions, world, pulse.player):
        if found.ending == "error":
            raise ProgramError(found.because)
        tally.add(found)
        now = time.perf_counter()
        if now >= deadline or (first and found.ending in BAD):
            return
        if now >= due:
            due = now + BETWEEN_ROWS
            yield tally.row("progress", preemptions=found.preemptions)
    tally.complete = True


class Tally:
    """Counts endings and keeps the simplest schedule of each."""

    def __init__(self, world, preemptions):
        self.world, self.bound = world, preemptions
        self.began = time.perf_counter()
        self.counts, self.simplest, self.failures = {}, {}, {}
        self.complete, self.reached = False, 0
        self.note = "" if has_gil() or world == "language" else "this interpreter has no GIL: both worlds are the same"

    def add(self, found):
        """Count one run."""
        self.reached = found.preemptions
        self.counts[found.ending] = self.counts.get(found.ending, 0) + 1
        best = self.simplest.get(found.ending)
        if best is None or simplicity(found) < simplicity(best):
            self.simplest[found.ending] = found

    def failed(self, ending, because):
        """The program could not be run to the end of the search."""
        self.failures[ending] = because
        self.complete = False

    def row(self, kind, **given):
        """A row with all keys."""
        seconds = time.perf_counter() - self.began
        total = sum(self.counts.values())
        row = dict.fromkeys(KEYS) | {"kind": kind, "world": self.world, "schedules": total, "note": self.note}
        row |= {"seconds": seconds, "per_second": total / seconds if seconds else 0.0, "complete": self.complete}
        return row | given

    def rows(self):
        """The endings, then the result."""
        for ending, best in self.simplest.items():
            schedule = {"schedule": json.dumps(list(best.schedule)), "steps": len(best.schedule)}
            told = {"because": best.because, "preemptions": best.preemptions, "schedules": self.counts[ending]}
            yield self.row("ending", ending=ending, **schedule, **told)
        for ending, because in self.failures.items():
            yield self.row("ending", ending=ending, because=because, schedules=1)
        yield self.row("result", because=self.verdict(), preemptions=self.bound if self.complete else self.reached - 1)

    def verdict(self):
        """The result in one sentence, with the world it is about."""
        where = {"language": "(in all that the language allows)", "interpreter": "(in what this interpreter does)"}
        bad = sum(count for ending, count in self.counts.items() if ending in BAD)
        total, what = sum(self.counts.values()), where[self.world]
        if self.failures:
            return next(iter(self.failures.values()))
        if not self.complete:
            return f"{total:,} schedules tried, {bad:,} of them bad; not all up to {self.bound} preemptions {what}"
        tried = f"all {total:,} schedules with up to {self.bound} preemptions"
        return f"{tried} are safe {what}" if not bad else f"{bad:,} of {tried} are bad {what}"


def simplicity(found):
    """Fewest preemptions, then fewest steps."""
    return found.preemptions, len(found.schedule)
