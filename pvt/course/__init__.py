"""The course: a folder for each chapter, in which its experiments, exercises and questions lie.

A listing of the folders is the registry. A file of a chapter is an experiment if it has a QUESTION:

    QUESTION    str, the title of its picture, ends with a question mark
    OUTCOMES    tuple of str: the answers that a learner may predict
    NEEDS       tuple of str, optional: what it cannot do without, of those in `host.lacking`
    SECONDS     float, at most 5: how long it usually takes with its defaults on two cores
    STUDY       tuple of functions, optional: the code that the learner is shown
    run(*, …)   a generator of rows; its keyword-only parameters are annotated with what is allowed:
                Annotated[int, range(…)], Literal[…] or bool. A row is flat, a dict of str, int, float,
                bool and None, with the same keys each time; times are in seconds, sizes in bytes
                It may return how many cores others took meanwhile (`timing.Neighbours.cores`)
    outcome(rows)   which of OUTCOMES came out, or None where the rows do not tell
    sentence(rows)  what there is to see in the picture, in one sentence; also from the first row on
    draw(ax, rows)  draws the rows into the axes it is given; imports nothing
    CLAIMS      list of `pvt.claims.Claim`: the sentences that its rows decide

It uses the standard library only, for it runs in a bare interpreter, which may be another Python.

A file in a chapter's folder `exercises` is an exercise: the task (docstring), ARGUMENTS, `run(*,
source, name)`, which yields rows in the child, and `judge(rows)`, which gives (whether it is
solved, why). LATE, if there, is added when time was up: what has most likely been waited for.
AWAITED = True wants a coroutine function.
"""

import functools
import os
import re
import typing
from importlib import import_module

from pvt.problem import Problem

CHAPTERS = (
    "process",
    "thread",
    "talk",
    "race",
    "deadlock",
    "gil",
    "birth",
    "switch",
    "crash",
    "limits",
    "choose",
    "server",
    "interview",
    "your_program",
    "no_gil",
    "event_loop",
    "machines",
)
HERE = os.path.dirname(__file__)


@functools.cache
def homes(kind="experiment"):
    """Where the experiments, or the exercises, are: name -> module, sorted by name. They are looked
    for once: it means to read each file of each chapter."""
    found = {}
    for chapter in CHAPTERS:
        steps = (chapter, "exercises") if kind == "exercise" else (chapter,)
        folder = os.path.join(HERE, *steps)
        for file in os.listdir(folder) if os.path.isdir(folder) else ():
            if is_one(kind, os.path.join(folder, file)):
                found[file[:-3]] = ".".join(("pvt.course", *steps, file[:-3]))
    return dict(sorted(found.items()))


def is_one(kind, path):
    """Whether a file is an experiment, or an exercise."""
    if not path.endswith(".py") or os.path.basename(path).startswith("_"):
        return False
    if kind == "exercise":
        return True
    with open(path, encoding="utf-8") as file:
        return re.search(r"^QUESTION = ", file.read(), re.MULTILINE) is not None


def names(kind="experiment"):
    """The names of all experiments, or of all exercises."""
    return list(homes(kind))


def load(name, kind="experiment"):
    """The module of an experiment, or of an exercise. Raises ValueError, with the nearest name,
    for an unknown one."""
    if name not in homes(kind):
        raise Problem(f"there is no {kind} {name!r}; {nearest(name, names(kind))}")
    return import_module(homes(kind)[name])


def chapter(name):
    """The place of an experiment's chapter among the chapters."""
    return CHAPTERS.index(homes()[name].split(".")[2])


def number(chapter):
    """A chapter's number as its notebook has it: "04"."""
    return f"{CHAPTERS.index(chapter) + 1:02}"


def nearest(name, allowed):
    """What was probably meant, for the end of an error message."""
    import difflib

    close = difflib.get_close_matches(str(name), allowed, n=1)
    return (f"did you mean {close[0]!r}? " if close else "") + f"There are: {', '.join(allowed)}."


def domains(run):
    """The parameters of an experiment's `run`: name -> (allowed values, default), in order."""
    import inspect

    hints = typing.get_type_hints(run, include_extras=True)
    parameters = inspect.signature(run).parameters.values()
    return {
        parameter.name: (values(hints[parameter.name]), parameter.default)
        for parameter in parameters
    }


def values(hint):
    """The allowed values that an annotation declares: Annotated[int, range(…)], Literal[…] or
    bool."""
    if hint is bool:
        return (False, True)
    if typing.get_origin(hint) is typing.Literal:
        return typing.get_args(hint)
    return typing.get_args(hint)[1]


def checked(name, params):
    """All parameters of an experiment: the defaults, changed by `params`.

    Raises ValueError for an unknown experiment or parameter and for a value outside its domain.
    """
    known = domains(load(name).run)
    for key, value in params.items():
        if key not in known:
            raise Problem(f"{name!r} has no parameter {key!r}; {nearest(key, list(known))}")
        if not permitted(value, known[key][0]):
            raise Problem(
                f"{key}={value!r} is not possible for {name!r}; allowed: {spoken(known[key][0])}."
            )
    return {key: default for key, (_, default) in known.items()} | params


def permitted(value, allowed):
    """Whether a value is allowed; True is not 1 here, and 1.0 is not 1."""
    return any(type(value) is type(one) for one in allowed[:1]) and value in allowed


def spoken(allowed):
    """The allowed values as a person would say them."""
    if isinstance(allowed, range):
        return (
            f"a whole number from {allowed[0]} to {allowed[-1]}"
            + f" in steps of {allowed.step}" * (allowed.step > 1)
        )
    return ", ".join(repr(value) for value in allowed)
