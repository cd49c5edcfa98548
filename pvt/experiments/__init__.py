"""The experiments: one file per question. The listing of this folder is the registry."""

import os
import typing
from importlib import import_module

from pvt.problem import Problem


def names(kind="experiment"):
    """The names of all experiments, or of all exercises."""
    files = os.listdir(os.path.join(os.path.dirname(__file__), os.pardir, f"{kind}s"))
    return sorted(file[:-3] for file in files if file.endswith(".py") and not file.startswith("_"))


def load(name, kind="experiment"):
    """The module of an experiment, or of an exercise. Raises ValueError, with the nearest name, for an unknown one."""
    if name not in names(kind):
        raise Problem(f"there is no {kind} {name!r}; {nearest(name, names(kind))}")
    return import_module(f"pvt.{kind}s.{name}")


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
    return {parameter.name: (values(hints[parameter.name]), parameter.default) for parameter in parameters}


def values(hint):
    """The allowed values that an annotation declares: Annotated[int, range(…)], Literal[…] or bool."""
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
            raise Problem(f"{key}={value!r} is not possible for {name!r}; allowed: {spoken(known[key][0])}.")
    return {key: default for key, (_, default) in known.items()} | params


def permitted(value, allowed):
    """Whether a value is allowed; True is not 1 here, and 1.0 is not 1."""
    return any(type(value) is type(one) for one in allowed[:1]) and value in allowed


def spoken(allowed):
    """The allowed values as a person would say them."""
    if isinstance(allowed, range):
        return f"a whole number from {allowed[0]} to {allowed[-1]}" + f" in steps of {allowed.step}" * (
            allowed.step > 1
        )
    return ", ".join(repr(value) for value in allowed)
