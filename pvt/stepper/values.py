"""The shared values of a program as text, and the names that a program gives to its locks."""

from types import FunctionType, ModuleType, SimpleNamespace

LONGEST = 200
PLAIN = (int, float, str, bytes, bool, type(None), complex, range)


def shared_items(program):
    """Name → value of everything that the threads share."""
    shared = program.shared
    if isinstance(shared, dict):
        return {str(name): value for name, value in shared.items()}
    if shared is None:
        hidden = (FunctionType, ModuleType, type, SimpleNamespace, staticmethod)
        names = {name: value for name, value in program.namespace.items() if not isinstance(value, hidden)}
        return {n: value for n, value in names.items() if not n.startswith("__") and n != "THREADS"}
    fields = getattr(shared, "__dict__", None)
    return dict(fields) if fields is not None else {"shared": shared}


def shared_texts(program):
    """Name → text of everything that the threads share."""
    return {name: text(value) for name, value in shared_items(program).items()}


def text(value, depth=3):
    """A value as text without addresses, and not too long."""
    return written(value, depth)[:LONGEST]


def written(value, depth):
    """As repr, but objects show their fields."""
    if isinstance(value, PLAIN) or (type(value).__repr__ is not object.__repr__ and not is_box(value)):
        return repr(value)
    if depth == 0:
        return "…"
    if type(value) in (list, tuple, set, frozenset):
        inside = ", ".join(written(each, depth - 1) for each in ordered(value))
        return {list: "[{}]", tuple: "({})"}.get(type(value), "{{{}}}").format(inside)
    if type(value) is dict:
        return "{" + ", ".join(f"{key!r}: {written(each, depth - 1)}" for key, each in value.items()) + "}"
    fields = getattr(value, "__dict__", {})
    return f"{type(value).__name__}({', '.join(f'{n}={written(v, depth - 1)}' for n, v in fields.items())})"


def is_box(value):
    """Whether a value is a plain container, whose items are written one by one."""
    return type(value) in (list, tuple, set, frozenset, dict, SimpleNamespace)


def ordered(values):
    """Sets in an order that is the same in every run."""
    return sorted(values, key=repr) if isinstance(values, (set, frozenset)) else values


def name_of(program, thing):
    """What the program calls a shared thing: "left", "forks[1]"; an empty string if it has no name."""
    for name, value in shared_items(program).items():
        if value is thing:
            return name
        if isinstance(value, (list, tuple)):
            for number, each in enumerate(value):
                if each is thing:
                    return f"{name}[{number}]"
    return next((name for name, value in program.namespace.items() if value is thing), "")
