"""The shared values of a program as text, and the names that a program gives to its locks."""

import os
import re
from types import BuiltinFunctionType, FunctionType, ModuleType, SimpleNamespace

from pvt.stepper.engine import stage
from pvt.stepper.lives import PROXIES
from pvt.stepper.locks import Standin
from pvt.stepper.stops import settled
from pvt.stepper.threads import Thread

LONGEST = 200
PLAIN = (int, float, str, bytes, bool, type(None), complex, range)
HIDDEN = (FunctionType, BuiltinFunctionType, ModuleType, type, staticmethod, Thread)


def shared_items(program):
    """Name → value of everything that the threads share."""
    shared = program.shared
    if isinstance(shared, dict):
        return {str(name): value for name, value in shared.items()}
    if shared is None:
        hidden = HIDDEN if program.ordinary else (*HIDDEN, SimpleNamespace)
        names = {
            name: value
            for name, value in list(program.namespace.items())
            if type(value) not in PROXIES and not isinstance(value, hidden)
        }
        return {
            n: value
            for n, value in names.items()
            if n[0] not in "_@" and n != "THREADS" and not threads(value)
        }
    fields = getattr(shared, "__dict__", None)
    return dict(fields) if fields is not None else {"shared": shared}


def threads(value):
    """Whether a value is a list of threads, of which the lanes tell already."""
    return (
        isinstance(value, list) and bool(value) and all(isinstance(each, Thread) for each in value)
    )


def shared_texts(program):
    """Name → text of everything that the threads share."""
    return {name: text(value) for name, value in shared_items(program).items()}


def text(value, depth=3):
    """A value as text without addresses, and not too long."""
    try:
        return settled(written(value, depth))[:LONGEST]
    except Exception as error:
        return f"(its text raises {type(error).__name__})"


def written(value, depth):
    """As repr, but objects show their fields."""
    if isinstance(value, (PLAIN, Standin)):
        return repr(value)
    if type(value).__repr__ is not object.__repr__ and not is_box(value):
        return repr(value)
    if depth == 0:
        return "…"
    if type(value) in (list, tuple, set, frozenset):
        inside = ", ".join(written(each, depth - 1) for each in ordered(value))
        return {list: "[{}]", tuple: "({})"}.get(type(value), "{{{}}}").format(inside)
    if type(value) is dict:
        return (
            "{"
            + ", ".join(f"{key!r}: {written(each, depth - 1)}" for key, each in value.items())
            + "}"
        )
    fields = getattr(value, "__dict__", {})
    return f"{type(value).__name__}({', '.join(f'{n}={written(v, depth - 1)}' for n, v in fields.items())})"


def is_box(value):
    """Whether a value is a plain container, whose items are written one by one."""
    return type(value) in (list, tuple, set, frozenset, dict, SimpleNamespace)


def ordered(values):
    """Sets in an order that is the same in every run."""
    return sorted(values, key=repr) if isinstance(values, (set, frozenset)) else values


def name_of(program, thing, depth=2):
    """What the program calls a shared thing: "left", "forks[1]", "bank.lock"; an empty string if it
    has no name."""
    places = [*shared_items(program).items(), *program.namespace.items()]
    found = [(name, value) for name, value in places if not name.startswith(("__", "@"))]
    for _ in range(depth + 1):
        for name, value in found:
            if value is thing:
                return name
        found = [pair for name, value in found for pair in inside(name, value)]
    return ""


def in_words(program, thing, label, local=""):
    """A shared thing, and what of it is touched, as a sentence says it; `local` is its name in a
    function."""
    if isinstance(thing, Standin):
        return thing.named()
    if label in ("generator", "iterator"):
        name = name_of(program, generator_of(thing)) or local
        if name:
            return f"the {label} {name}"
        return "a generator" if label == "generator" else "an iterator"
    label = re.sub(r"^\w+:", "", label)
    name, kind = name_of(program, thing) or local or fields_of(program, thing), type(thing).__name__
    if label == kind:
        return f"the {kind} {name}" if name else f"a {kind}"
    if thing is os.environ:
        return "os.environ"
    if name and label.split(".")[0] != name:
        return f"{name}.{label}"
    return label


def generator_of(thing):
    """The generator for which its frame stands; other things as they are."""
    known = (each for each, frame in stage.alias.values() if frame is thing)
    return next(known, thing)


def fields_of(program, thing):
    """The name of a dict that is known as the attributes of an object, or as a module's globals; an
    empty string for others."""
    if thing is program.namespace:
        return "globals()"
    owner = stage.alias.get(id(thing), (None, thing))[1]
    name = "" if owner is thing else name_of(program, owner)
    return f"{name}.__dict__" if name else ""


def inside(name, value):
    """The pieces of a container or an object, by their names."""
    if type(value) in PROXIES:  # what it stands for may be gone
        return []
    if isinstance(value, (list, tuple)):
        return [(f"{name}[{number}]", each) for number, each in enumerate(value)][:100]
    if isinstance(value, dict):
        return [(f"{name}[{key!r}]", each) for key, each in list(value.items())[:100]]
    if isinstance(value, (*PLAIN, ModuleType, FunctionType, type)):
        return []
    return [
        (f"{name}.{field}", each)
        for field, each in list(getattr(value, "__dict__", {}).items())[:100]
    ]
