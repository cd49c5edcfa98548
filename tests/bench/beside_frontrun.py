"""The stepper beside frontrun 0.7.0: schedules and seconds to the first bad schedule, and to the
proof of the repair.

The puzzles and those programs of the public record that have setup and THREADS (frontrun has no
main thread), up to two preemptions, one after the other in the same run under the same Python.
frontrun is no dependency: install it into some environment and name its Python in PVT_FRONTRUN.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "stepper")]

from record import entries  # noqa: E402

SECONDS = 20.0
BOUND = 2


def programs():
    """(name, broken, repaired) of all that both can run."""
    from pvt.stepper.puzzles import NAMES, load

    for name in NAMES:
        puzzle = load(name)
        yield f"puzzle {name}", puzzle.broken, puzzle.repaired
    for one in entries():
        if "THREADS = [" in one.broken:
            yield one.name, one.broken, one.repaired


def table():
    """Print the table, and where the stepper needs more."""
    theirs = os.environ.get("PVT_FRONTRUN", "")
    python = theirs or sys.executable
    command = [str(Path(python).with_name("frontrun")), python]
    if not theirs or not Path(command[0]).exists():
        command = None
        print(
            "frontrun is not here: name the Python of an environment that has frontrun 0.7.0 in"
            " PVT_FRONTRUN\n"
        )
    print(f"{'':27}{'first bad schedule':^36}  {'all of the repair':^36}")
    print(f"{'':27}{'stepper':^18}{'frontrun':^18}  {'stepper':^18}{'frontrun':^18}")
    rows = [row(*program, python, command) for program in programs()]
    for at, what in ((0, "first bad schedule"), (1, "all of the repair")):
        pairs = [pair[at] for pair in rows]
        print(f"\n{what}: median of the stepper {median(ours for ours, _ in pairs)}")
        if command:
            print(f"  of frontrun {median(theirs for _, theirs in pairs)}")
            more = sum(ours["schedules"] > theirs["schedules"] > 0 for ours, theirs in pairs)
            slower = sum(ours["seconds"] > theirs["seconds"] for ours, theirs in pairs)
            print(
                f"  of {len(pairs)} programs the stepper needs more schedules in {more}, more"
                f" time in {slower}"
            )


def row(name, broken, repaired, python, command):
    """One program, printed; returns two pairs of answers."""
    questions = [
        {"source": broken, "preemptions": BOUND, "seconds": SECONDS, "first": True},
        {"source": repaired, "preemptions": BOUND, "seconds": SECONDS},
    ]
    ours = asked([python], "searched.py", questions)
    theirs = asked(command, "frontrunned.py", questions) if command else [None, None]
    pairs = list(zip(ours, theirs, strict=True))
    print(f"{name:27}" + "  ".join(shown(*pair, at) for at, pair in enumerate(pairs)), flush=True)
    return pairs


def shown(ours, theirs, repaired):
    """Schedules and seconds of both; a word where something is not as it should be."""
    bad = [ending for ending in ours["needed"] if ending != "safe"]
    good = (ours["complete"] and not bad) if repaired else bool(bad)
    return cell(ours, "" if good else "?") + cell(theirs, "" if right(theirs, repaired) else "?")


def right(answer, repaired):
    """Whether frontrun says what it should."""
    if answer is None:
        return True
    return answer["complete"] if repaired else answer["ending"] in ("broken", "deadlock")


def cell(answer, mark):
    """One answer."""
    if answer is None:
        return f"{'–':^18}"
    return f"{answer['schedules']:7,} {answer['seconds']:7.3f} s{mark:1} "


def median(answers):
    """The median of schedules and seconds."""
    answers = list(answers)
    schedules = statistics.median(answer["schedules"] for answer in answers)
    seconds = statistics.median(answer["seconds"] for answer in answers)
    return (
        f"{schedules:,.0f} schedules, {seconds:.3f} s (slowest"
        f" {max(a['seconds'] for a in answers):.2f} s)"
    )


def asked(command, script, questions):
    """Both answers of one script; the first question is asked twice, so that nothing is measured
    cold."""
    done = subprocess.run(
        [*command, str(ROOT / "tests" / "stepper" / script)],
        input=json.dumps([questions[0], *questions]),
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
    )
    if done.returncode:
        raise RuntimeError(f"{script} ended with {done.returncode}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")][1:]


if __name__ == "__main__":
    table()
