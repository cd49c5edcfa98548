"""The experiment "replay": run in a child, it carries out a schedule and yields a row for every step.

The schedule is counted in its grain:
  "access"    one entry per shared access, as the search writes it; the same on every Python; the rows are bytecodes
  "bytecode"  one entry per bytecode; the `thread` column of any replay's step rows is such a schedule
  "line"      one entry per source line; the rows are lines
So a found schedule is shown expanded to bytecodes, and a learner goes on from any of these rows, bytecode by bytecode.
An entry for a thread that blocks in its step is spent; going on after it takes another entry.  `finish`: go on by
itself, without preemption, where the schedule ends; else the ending is "stepping" and `choices` says who could go on.
An entry that is not possible gives the ending "impossible" and the reason.

Rows have the same keys in one replay: kind (start, step, ending), world, grain, step, unit (index in the schedule),
thread, line, source, bytecode, access, shared (JSON object name → text), output (JSON list of lines), ending,
because, choices (JSON list), and for each thread i: name_i, state_i (runnable, blocked, finished), why_i, next_line_i,
next_source_i, next_bytecode_i.
"""

import json

from pvt.stepper.engine import WORLDS
from pvt.stepper.watchdog import watched

LONGEST = 20_000


def run(*, source, schedule="[]", world="language", grain="access", finish=False):
    """Carry out a schedule: a list of thread numbers, or the same as JSON text."""
    if world not in WORLDS:
        raise ValueError(f"world {world!r} is unknown: choose one of {', '.join(WORLDS)}.")
    plan = plan_of(schedule)
    for event in watched(lambda pulse: replayed(pulse, source, plan, world, grain, finish)):
        yield failed(world, grain, *event) if isinstance(event, tuple) else event


def plan_of(schedule):
    """The schedule as bytes."""
    numbers = json.loads(schedule) if isinstance(schedule, str) else list(schedule)
    if not all(isinstance(number, int) and 0 <= number < 256 for number in numbers):
        raise ValueError(f"schedule {numbers!r:.80} is not a list of thread numbers: give one such as [0, 0, 1].")
    return bytes(numbers)


def replayed(pulse, source, plan, world, grain, finish):
    """The rows of one replay."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program
    from pvt.stepper.recorder import Recorder, by_unit

    player = pulse.player = Player(Program(source), world, grain, every=True)
    player.begin(plan, limit=LONGEST, branch=False, onward=finish)
    recorder = Recorder(player, world=world, grain=grain)
    recorder.finish(*player.go())
    yield from by_unit(recorder.rows) if grain == "line" else recorder.rows


def failed(world, grain, ending, because):
    """The only row of a program that cannot be run."""
    told = {"kind": "ending", "world": world, "grain": grain, "step": 0, "thread": None}
    return told | {"ending": ending, "because": because, "choices": "[]"}
