"""The far side of the stepper's tests: run under any Python, it answers one question as JSON
lines."""

import gc
import json
import os
import sys
import time

OUT = sys.stdout
"""While a program runs, its own output stands in the place of this."""


def out(**row):
    """One answer."""
    print(json.dumps(row), file=OUT, flush=True)


def puzzles(names, replays):
    """For each puzzle: first bad schedule, its replays, the repaired and the rarer version."""
    from pvt.stepper.engine import stage
    from pvt.stepper.puzzles import load

    for name in names:
        puzzle = load(name)
        bad, seconds, player = first_bad(puzzle.broken)
        out(
            name=name,
            question="broken",
            ending=bad.ending,
            schedule=list(bad.schedule),
            seconds=seconds,
        )
        endings = [player.play(bad.schedule)[0] for _ in range(replays)]
        out(name=name, question="replays", same=endings.count(bad.ending), traces=list(stage.trace))
        rarer, seconds, player = first_bad(puzzle.rarer)
        out(name=name, question="rarer", ending=rarer and rarer.ending, seconds=seconds)
        out(name=name, question="repaired", **tally(puzzle.repaired, 3))


def first_bad(source, world="language"):
    """The first bad run, the seconds it took, and the player."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program
    from pvt.stepper.search import runs

    began = time.perf_counter()
    player = Player(Program(source), world)
    bad = next(
        (
            run
            for run in runs(player.program, 2, world, player)
            if run.ending not in ("safe", "again")
        ),
        None,
    )
    return bad, time.perf_counter() - began, player


def tally(source, preemptions, world="language", grain="access"):
    """How many schedules have which ending."""
    from pvt.stepper.player import Everything, Player
    from pvt.stepper.program import Program
    from pvt.stepper.search import runs

    player, counts, traces = Player(Program(source, world), world), {}, []
    if grain == "bytecode":
        player.known, player.hot = frozenset(), Everything(set())
    for run in runs(player.program, preemptions, world, player):
        if run.ending == "again":
            counts, traces = {}, []
            continue
        counts[run.ending] = counts.get(run.ending, 0) + 1
        traces.append(list(run.schedule))
    return {"counts": counts, "digest": hash(tuple(map(tuple, traces)))}


def tallies(cases):
    """`tally` for many programs."""
    for case in cases:
        out(**tally(**case))


def states(sources):
    """For each program: every ending with the shared values it leaves, over all schedules."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program
    from pvt.stepper.search import runs
    from pvt.stepper.values import shared_texts

    for source in sources:
        player, found = Player(Program(source)), set()
        for run in runs(player.program, 99, "language", player):
            if run.ending == "again":
                found = set()
                continue
            values = shared_texts(player.program) if run.ending == "safe" else {}
            found.add((run.ending, json.dumps(values, sort_keys=True)))
        out(found=sorted(found), runs=player.runs)


def endings(sources, world="language"):
    """For each program: its endings up to two preemptions, until one is bad."""
    from pvt.stepper.searching import run

    for source in sources:
        rows = list(run(source=source, seconds=60.0, first=True, world=world))
        out(endings={row["ending"]: row["because"] for row in rows if row["kind"] == "ending"})


def names(modules, kinds):
    """Public names of real modules and their classes that the stand-ins lack."""
    from importlib import import_module

    from pvt.stepper.modules import MAKERS

    for name in modules:
        real, mine = import_module(name), MAKERS[name]()
        wanted = getattr(real, "__all__", None) or [
            each for each in dir(real) if not each.startswith("_")
        ]
        missing = [each for each in wanted if not hasattr(mine, each)]
        for kind in kinds.get(name, ()):
            made, stand = getattr(real, kind), getattr(mine, kind)
            made = type(made()) if not isinstance(made, type) else made
            missing += [
                f"{kind}.{each}"
                for each in dir(made)
                if each[:1] != "_" and not hasattr(stand, each)
            ]
        out(module=name, missing=missing)


def schedules(source, preemptions):
    """Every schedule."""
    from pvt.stepper.program import Program
    from pvt.stepper.search import runs

    for run in runs(Program(source), preemptions):
        if run.ending != "again":
            out(schedule=list(run.schedule), ending=run.ending)


def repeats(source, schedule, times):
    """The endings of one schedule played again and again."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program

    player = Player(Program(source))
    player.learn()
    out(endings=[player.play(schedule)[0] for _ in range(times)])


def rates(source, preemptions, times):
    """Schedules a second, several times, the interpreter's start and the compilation not
    counted."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program
    from pvt.stepper.search import runs
    from pvt.stepper.watchdog import stay_on_one_core

    stay_on_one_core()
    player = Player(Program(source))
    for _ in range(times):
        began = time.perf_counter()
        before = player.runs
        for _ in runs(player.program, preemptions, "language", player):
            pass
        count = player.runs - before
        out(rate=count / (time.perf_counter() - began), count=count)


def search(**params):
    """The experiment "search"."""
    from pvt.stepper.searching import run

    for row in run(**params):
        out(**row)


def replay(**params):
    """The experiment "replay"."""
    from pvt.stepper.replaying import run

    for row in run(**params):
        out(**row)


if __name__ == "__main__":
    gc.disable()
    question, given = sys.argv[1], json.loads(sys.stdin.read())
    {
        f.__name__: f
        for f in (
            puzzles,
            tallies,
            states,
            endings,
            names,
            schedules,
            repeats,
            rates,
            search,
            replay,
        )
    }[question](**given)
    sys.stdout.flush()
    os._exit(0)
