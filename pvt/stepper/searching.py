"""The experiment "search": run in a child, it yields progress, then one row per ending, per output,
then the result.

Every row has the same keys.  `kind` is "progress", "ending", "output" or "result"; `schedules`
counts all so far, those with this ending or output, or all; `schedule` is the simplest such
schedule (fewest preemptions, then fewest steps) as JSON text; `preemptions` is the bound being
searched, those of this schedule, or the greatest bound exhausted (-1: none).  Endings: safe,
broken, deadlock; error (the program cannot be run) and hung (nothing moves)."""

import json
import time

from pvt.stepper.engine import WORLDS, has_gil, stage
from pvt.stepper.schedule import written
from pvt.stepper.stops import ProgramError
from pvt.stepper.watchdog import watched

BAD = ("broken", "deadlock")
BETWEEN_ROWS = 0.2
FEW, TEXTS = 30, 10
"""Runs before a search of long runs is given up; different outputs after which one more is nothing
new."""
PATIENCE = 4
"""In long runs, which cannot all be tried: this part of the time without anything new is enough."""
STORY_SECONDS = 2.0
"""After these no further story is begun."""
KEYS = (
    "kind",
    "world",
    "ending",
    "schedules",
    "schedule",
    "steps",
    "because",
    "preemptions",
    "complete",
)
KEYS += ("seconds", "per_second", "note", "output", "story", "marks", "assumed")
MOST_OUTPUTS = 200


def run(
    *,
    source,
    preemptions=2,
    seconds=8.0,
    world="language",
    first=False,
    folder=None,
    also=(),
    cluster=None,
):
    """Search every schedule; `first`: only until the first bad ending; `cluster`: an address, to
    share it there."""
    if world not in WORLDS:
        raise ValueError(f"world {world!r} is unknown: choose one of {', '.join(WORLDS)}.")
    tally = Tally(world, preemptions)
    where = {"folder": folder, "also": also}
    from pvt.stepper.sharing import helpers

    with helpers(cluster) as there:
        for event in watched(
            lambda pulse: searched(
                pulse, source, preemptions, seconds, world, first, tally, where, there
            ),
            seconds=seconds,
        ):
            if isinstance(event, tuple):
                tally.failed(*event)
            else:
                yield event
    if getattr(tally.player, "lost", ""):
        tally.note = f"the cluster was lost ({tally.player.lost}), and the rest was searched here"
    yield from tally.rows()


def searched(pulse, source, preemptions, seconds, world, first, tally, where, there=None):
    """Fill the tally; yields a progress row now and then."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program
    from pvt.stepper.search import AGAIN, GIVEN_UP, runs
    from pvt.stepper.sharing import SharedPlayer

    program = Program(source, world, **where)
    player = SharedPlayer(program, world, source, where, there) if there else Player(program, world)
    pulse.player = tally.player = player
    player.hasty = first
    due, deadline = 0.0, tally.began + seconds
    for found in runs(player.program, preemptions, world, player, deadline):
        if found is AGAIN:
            tally.forget()
            continue
        if found.ending == "error":
            raise ProgramError(found.because)
        if found is not GIVEN_UP:
            tally.add(found)
        now = time.perf_counter()
        if now >= deadline or (first and found.ending in BAD) or tally.pays_no_more(now, seconds):
            pulse.telling = True
            tally.tell()
            return
        if now >= due:
            due = now + BETWEEN_ROWS
            yield tally.row("progress", preemptions=found.preemptions)
    tally.complete = player.whole and not player.doubts
    pulse.telling = True
    tally.tell()


class Tally:
    """Counts endings and outputs and keeps the simplest schedule of each."""

    def __init__(self, world, preemptions):
        self.world, self.bound = world, preemptions
        self.began = time.perf_counter()
        self.player, self.failures = None, {}
        self.forget()
        self.complete, self.stories = False, {}
        self.note = (
            ""
            if has_gil() or world == "language"
            else "this interpreter has no GIL: both worlds are the same"
        )

    def forget(self):
        """More is shared than was known: what was counted says nothing."""
        self.counts, self.simplest, self.outputs, self.reached = {}, {}, {}, 0
        self.workers = 0
        self.new_at = time.perf_counter()

    def add(self, found):
        """Count one run."""
        self.reached = max(self.reached, found.preemptions)
        self.workers = max(self.workers, len(stage.workers))
        new = found.output not in self.outputs and len(self.outputs) < TEXTS
        if found.ending not in self.counts or (found.ending == "safe" and new):
            self.new_at = time.perf_counter()
        self.counts[found.ending] = self.counts.get(found.ending, 0) + 1
        best = self.simplest.get(found.ending)
        if best is None or simplicity(found) < simplicity(best):
            self.simplest[found.ending] = found
        if found.ending == "safe" and (
            found.output in self.outputs or len(self.outputs) < MOST_OUTPUTS
        ):
            count, best = self.outputs.get(found.output, (0, found))
            self.outputs[found.output] = count + 1, min(best, found, key=simplicity)

    def pays_no_more(self, now, seconds):
        """Whether runs that are too long to try all of them have brought nothing new for a
        while."""
        few = 1 if self.player.beginning else FEW
        if self.player.whole or sum(self.counts.values()) < few:
            return False
        return now - self.new_at > seconds / PATIENCE

    def failed(self, ending, because):
        """The program could not be run to the end of the search; "slow": not in this time."""
        if ending == "slow":
            self.player.because = self.player.unended = because
            return
        self.failures[ending] = because
        self.complete = False

    def tell(self):
        """The story of each bad ending, and of two different outputs."""
        from pvt.stepper.story import compared, explained

        end = time.perf_counter() + STORY_SECONDS
        for ending, best in self.simplest.items():
            if ending in BAD and time.perf_counter() < end:
                self.stories[ending] = explained(self.player, best.schedule, ending, best.because)
        two = pair({text: simplicity(best) for text, (_, best) in self.outputs.items()})
        if two and time.perf_counter() < end:
            runs = [self.outputs[text][1].schedule for text in two]
            self.stories |= zip(two, compared(self.player, runs), strict=True)

    def told(self, name):
        """The columns of a story."""
        story = self.stories.get(name)
        return {"story": story and story.text, "marks": story and json.dumps(story.marks)}

    def row(self, kind, **given):
        """A row with all keys."""
        seconds = time.perf_counter() - self.began
        total = sum(self.counts.values())
        row = dict.fromkeys(KEYS) | {
            "kind": kind,
            "world": self.world,
            "schedules": total,
            "note": self.note,
        }
        row |= {
            "seconds": seconds,
            "per_second": total / seconds if seconds else 0.0,
            "complete": self.complete,
        }
        return row | given

    def plan(self, found):
        """A schedule as it is written down."""
        return json.dumps(written(found.schedule, self.player.extra()))

    def rows(self):
        """The endings and outputs, then the result."""
        for ending, best in self.simplest.items():
            schedule = {
                "schedule": self.plan(best),
                "steps": len(best.schedule),
            } | self.told(ending)
            told = {
                "because": best.because,
                "preemptions": best.preemptions,
                "schedules": self.counts[ending],
            }
            yield self.row("ending", ending=ending, **schedule, **told)
        for ending, because in self.failures.items():
            yield self.row("ending", ending=ending, because=because, schedules=1)
        for text, (count, best) in self.outputs.items() if any(self.outputs) else ():
            schedule = {
                "schedule": self.plan(best),
                "steps": len(best.schedule),
                "preemptions": best.preemptions,
            } | self.told(text)
            yield self.row("output", output=text, schedules=count, **schedule)
        assumed = "; ".join(self.player.assumed.values()) if self.player else ""
        reached = self.bound if self.complete else self.reached - 1
        yield self.row("result", because=self.verdict(), preemptions=reached, assumed=assumed)

    def verdict(self):
        """The result in one sentence, with the world it is about."""
        where = {
            "language": "(in all that the language allows)",
            "interpreter": "(in what this interpreter does)",
        }
        bad = sum(count for ending, count in self.counts.items() if ending in BAD)
        total, what = sum(self.counts.values()), where[self.world]
        if self.failures:
            return next(iter(self.failures.values()))
        different = (
            f"; what it prints depends on who comes first: {len(self.outputs)} different texts"
        )
        different = different if len(self.outputs) > 1 else ""
        if not self.complete:
            if not total:
                place = self.player.because if self.player else ""
                where = f"{place}, and it" if place else "it"
                looked = f"; {self.beginning()}, and nothing bad came" if self.beginning() else ""
                return (
                    f"no run has ended within the time limit: {where} is long or never ends"
                    f"{looked} {what}"
                )
            looked = f"looked at {total:,} schedule{'s' * (total != 1)}, {bad:,} of them bad"
            if self.player.whole and self.player.doubts:
                why = "something was taken for one step where threads meet"
                return f"{looked}; nothing is proved {what}, for {why}{different}"
            unended = self.player and self.player.unended
            different += f"; one run was given up, it may never end: {unended}" if unended else ""
            if self.beginning():
                different += f"; it is long or never ends: {self.beginning()}"
            return f"{looked}; up to {self.bound} preemptions{self.orders()} not exhausted {what}{different}"
        tried = f"all {total:,} schedules with up to {self.bound} preemptions{self.orders()}"
        if total == 1:
            tried = f"the only schedule with up to {self.bound} preemptions{self.orders()}"
            alone = "; it starts no thread and no task" if self.workers < 2 else ""
            return f"{tried} is {'bad' if bad else 'safe'} {what}{alone}"
        return (
            f"{tried} are safe {what}{different}"
            if not bad
            else f"{bad:,} of {tried} are bad {what}{different}"
        )

    def beginning(self):
        """How much was played of the runs of a program that goes on for ever."""
        if self.player is None or not self.player.beginning:
            return ""
        return f"of each run only up to {self.player.beginning:,} steps were played"

    def orders(self):
        """What was tried of the orders of tasks, where there are tasks."""
        if self.player is None or not self.player.with_tasks:
            return ""
        if self.player.every_order:
            return " and every order in which ready tasks can go on and timers end"
        return " or deviations from asyncio's own order of tasks and timers"


def pair(outputs):
    """Of several outputs the simplest, and the simplest that has other lines or, if there is none,
    another order."""
    found = sorted(outputs, key=outputs.get)
    if len(found) < 2:
        return []
    lines = [sorted(text.splitlines()) for text in found]
    other = next((at for at, each in enumerate(lines) if each != lines[0]), 1)
    return [found[0], found[other]]


def simplicity(found):
    """Fewest preemptions, then fewest steps."""
    return found.preemptions, len(found.schedule)
