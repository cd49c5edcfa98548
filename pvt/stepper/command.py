"""The same from a terminal: `python -m pvt search FILE`. `parser` has the options of a cell's
magic, too.

Exit status of a search: 0 all schedules up to the bound were tried and none is bad; 1 a bad one was
found; 3 none was found, but not all were tried; 2 the program cannot be run."""

import json
import sys
from pathlib import Path

from pvt.problem import Problem
from pvt.terminal import Parser

NOT_RUN = ("error", "hung")
SAFE, BAD, REFUSED, NOT_ALL = 0, 1, 2, 3


def parser(prog, file):
    """The options of a search."""
    made = Parser(prog=prog, description="Try the schedules of a program with threads.")
    if file:
        made.add_argument("file", help="a Python program")
    made.add_argument(
        "--preemptions",
        type=int,
        default=2,
        help="how often a thread may be interrupted (default: 2)",
    )
    made.add_argument("--seconds", type=float, default=8.0, help="time limit (default: 8)")
    made.add_argument("--world", default="language", help='"language" (default) or "interpreter"')
    made.add_argument("--also", action="append", default=[], help="a package to step into, too")
    made.add_argument("--cluster", help="share it: the address of a scheduler of dask.distributed")
    if file:
        made.add_argument("--json", action="store_true", help="one JSON object")
    return made


def search_command(words):
    """`python -m pvt search FILE`: prints what was found; gives the exit status."""
    given = parser("pvt search", file=True).parse_args(words)
    from pvt.stepper import telling
    from pvt.stepper.asking import search

    try:
        options = given.preemptions, given.seconds, given.world, given.also, given.cluster
        found = search(Path(given.file), *options)
    except Problem as problem:
        print(f"pvt search: {problem}", file=sys.stderr)
        return REFUSED
    status = status_of(found)
    if given.json:
        print(json.dumps(as_json(found)))
    elif status == REFUSED:
        print(f"pvt search: {given.file}: {found.because}.", file=sys.stderr)
    else:
        print(telling.as_text(found))
    return status


def status_of(found):
    """The exit status of a result."""
    if not found.answered or any(ending in NOT_RUN for ending in found.endings):
        return REFUSED
    if any(ending != "safe" for ending in found.endings):
        return BAD
    return SAFE if found.complete else NOT_ALL


def as_json(found):
    """What was found, as one object."""
    names = (
        "world",
        "endings",
        "schedules",
        "complete",
        "because",
        "outputs",
        "story",
        "marks",
        "assumed",
        "seconds",
    )
    return {name: getattr(found, name) for name in names}
