"""The experiment "replay": run in a child, it carries out a schedule and yields a row for every step.

The schedule is counted in its grain, the same on every Python:
  "access"    one entry for each shared access, as the search writes it
  "bytecode"  one entry for each bytecode that touches anything others might see, shared or not; the `thread` column of any
              replay's step rows is such a schedule
  "line"      one entry for each source line with shared accesses
A schedule that names a worker that cannot go on gives the ending "impossible" and the
reason.  `finish`: go on by itself, without preemption, where the schedule ends; else the ending is "stepping" and
`choices` says who could go on.

Rows have the same keys in one replay: kind (start, step, ending), world, grain, step, unit (index in the schedule),
thread, line, source, bytecode, access, shared (JSON object name → text), output (JSON list of lines), ending,
because, choices (JSON list), story and marks of a bad ending (JSON list of [line, note]), and for each thread i: name_i,
state_i (runnable, blocked, finished), why_i, next_line_i, next_source_i, next_bytecode_i.
"""

import json
import time

from pvt.stepper.engine import WORLDS
from pvt.stepper.watchdog import watched

GRAINS = ("access", "bytecode", "line")
LONGEST, SECONDS = 3_000_000, 7.0
BAD = ("broken", "deadlock", "unfinished")


def run(
    *, source, schedule="[]", world="language", grain="access", finish=False, folder=None, also=()
):
    """Carry out a schedule: a list of thread numbers, or the same as JSON text."""
    if world not in WORLDS:
        raise ValueError(f"world {world!r} is unknown: choose one of {', '.join(WORLDS)}.")
    if grain not in GRAINS:
        raise ValueError(f"grain {grain!r} is unknown: choose one of {', '.join(GRAINS)}.")
    plan = plan_of(schedule)
    where = {"folder": folder, "also": also}
    for event in watched(lambda pulse: replayed(pulse, source, plan, world, grain, finish, where)):
        yield failed(world, grain, *event) if isinstance(event, tuple) else event


def plan_of(schedule):
    """Numbers and extra names of a schedule."""
    from pvt.stepper.schedule import read

    given = json.loads(schedule) if isinstance(schedule, str) else list(schedule)
    try:
        return read(given)
    except ValueError:
        raise ValueError(
            f"schedule {given!r:.80} is not a list of thread numbers: give one such as [0, 0, 1]."
        ) from None


def replayed(pulse, source, plan, world, grain, finish, where):
    """The rows of one replay."""
    from pvt.stepper.player import Everything, Player
    from pvt.stepper.program import Program
    from pvt.stepper.recorder import Recorder
    from pvt.stepper.story import LONG, Story, Teller, told

    numbers, extra = plan
    player = pulse.player = Player(Program(source, world, **where), world, extra)
    deadline = time.perf_counter() + SECONDS
    player.learn(deadline)
    if grain == "bytecode":
        player.hot = Everything(player.hot)
    recorder = Recorder(world, grain, numbers)
    teller = Teller(recorder) if len(numbers) <= LONG else None
    ending, because = player.play(
        numbers, teller or recorder, limit=LONGEST, onward=finish, deadline=deadline
    )
    if not hasattr(recorder, "program"):
        yield failed(world, grain, ending, because)
        return
    story = told(player, teller, ending, because) if ending in BAD else Story()
    recorder.finish(ending, because)
    for row in recorder.rows:
        last = row is recorder.rows[-1]
        yield row | {"story": story.text if last else "", "marks": json.dumps(story.marks * last)}


def failed(world, grain, ending, because):
    """The only row of a program that cannot be run."""
    told = {"kind": "ending", "world": world, "grain": grain, "step": 0, "thread": None}
    return told | {"ending": ending, "because": because, "choices": "[]"}
