"""Modules and functions that look like those of the library, with some things exchanged."""

from types import ModuleType


def copied(real, **given):
    """A module that has all that the real one has, but for what is given."""
    made = ModuleType(real.__name__)
    vars(made).update({n: value for n, value in vars(real).items() if not n.startswith("__")})
    vars(made).update(given)
    return made


class Given:
    """A function that stands for one in C: kept in a class, it is no method."""

    __slots__ = ("__name__", "function")
    __stepped__ = True

    def __init__(self, function, name=None):
        self.function = function
        self.__name__ = name or getattr(function, "__name__", "call")

    def __call__(self, *args, **words):
        return self.function(*args, **words)

    def __repr__(self):
        return f"<built-in function {self.__name__}>"
