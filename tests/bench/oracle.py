"""Random programs, each searched by the engine and by the oracle that switches before every
bytecode.

`python -m tests.bench.oracle 10000 --python 3.12 --first 0` compares that many under one Python;
without a number 10,000 are spread over the Pythons that are here.  Each disagreement is printed
with its program.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "stepper")]

from comparing import compared, differing  # noqa: E402
from pythons import pythons  # noqa: E402

from pvt import host  # noqa: E402

PROGRAMS, BATCH, MOST = 10_000, 100, 400


def table():
    """10,000 programs over all Pythons."""
    found = sorted(pythons().items())
    for place, (version, interpreter) in enumerate(found):
        line(version, interpreter, place * PROGRAMS, PROGRAMS // len(found))


def line(version, interpreter, first, count, most=MOST):
    """Compare `count` programs; returns how many differ."""
    batches = [
        range(at, min(at + BATCH, first + count)) for at in range(first, first + count, BATCH)
    ]
    programs = several = ours = theirs = wrong = 0
    with ThreadPoolExecutor(host.cores()) as pool:
        for rows in pool.map(lambda seeds: compared(interpreter, seeds, most, 3_000), batches):
            programs += len(rows)
            several += sum(len(expected["endings"]) > 1 for _, _, expected, _ in rows)
            theirs += sum(expected["schedules"] for _, _, expected, _ in rows)
            ours += sum(answer["schedules"] for _, _, _, answer in rows)
            for sentence in differing(rows):
                wrong += 1
                print(sentence, flush=True)
    print(
        f"  {version:5} {programs:6,} programs, {several:,} of them with several endings: {wrong}"
        " differ; "
        f"{theirs:,} schedules of the oracle, {ours:,} of the search",
        flush=True,
    )
    return wrong


def main():
    """Compare as the command line says."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("programs", type=int, nargs="?", default=PROGRAMS)
    words.add_argument("--python", choices=sorted(pythons()))
    words.add_argument("--first", type=int, default=0, help="the first seed")
    words.add_argument(
        "--most", type=int, default=MOST, help="schedules of the oracle for one program"
    )
    given = words.parse_args()
    chosen = {given.python: pythons()[given.python]} if given.python else pythons()
    wrong = sum(
        line(version, interpreter, given.first, given.programs, given.most)
        for version, interpreter in sorted(chosen.items())
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
