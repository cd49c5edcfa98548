"""Settings of the whole process: what one thread sets there, all others have.

`warnings.catch_warnings` and `redirect_stdout` put something there and take it back at their end,
and `mock.patch` does so with an attribute: two threads that do it at once put back what is not
theirs.
"""

import contextlib
import os
import sys
import warnings

from pvt.stepper.engine import stage
from pvt.stepper.touching import wa


class Settings:
    """Stands for all of them."""

    __slots__ = ()


SETTINGS, LABEL = Settings(), "a setting of the process"
FILTERS = list(warnings.filters)
OWN = filter(None, os.environ.pop("PVT_PYTHONPATH", "").split(os.pathsep))
PATH = list(dict.fromkeys([*sys.path, *OWN]))
ENVIRONMENT = dict(os.environ)
ENCODED = dict(os.environ._data)
"""The same as os.environ keeps it: a comparison before each run should not decode it all."""
FUNCTIONS = {  # module: {function: whether it sets something}
    "sys": {
        "setrecursionlimit": True,
        "getrecursionlimit": False,
        "setswitchinterval": True,
        "getswitchinterval": False,
    },
    "warnings": {
        "simplefilter": True,
        "filterwarnings": True,
        "resetwarnings": True,
        "warn": False,
        "warn_explicit": False,
    },
    "_warnings": {"warn": False, "warn_explicit": False},
    "locale": {"setlocale": True, "getlocale": False, "localeconv": False, "format_string": False},
    "_locale": {"setlocale": True, "localeconv": False},
    "gc": {"enable": True, "disable": True, "isenabled": False},
    "posix": {"umask": True},
    "nt": {"umask": True},
}


def touch(write):
    """About to look at a setting of the process, or to change one."""
    stage.touch(SETTINGS, None, LABEL, write)


def sets(function):
    """Whether a function of the library sets such a setting (True) or asks for one (False); None
    if it has nothing to do with them."""
    known = FUNCTIONS.get(getattr(function, "__module__", None) or "")
    return known.get(function.__name__) if known else None


def told(function, write):
    """The function, with a touch before."""

    def call(*args, **words):
        touch(write)
        return function(*args, **words)

    return call


def begin():
    """Before a run: all is as it was before the first."""
    for (thing, name), value in stage.before.items():
        with contextlib.suppress(AttributeError, TypeError):  # the program could not set it either
            setattr(thing, name, value) if value is not stage else delattr(thing, name)
    stage.before.clear()
    if os.environ._data != ENCODED:
        os.environ.clear()
        os.environ.update(ENVIRONMENT)
    sys.path[:] = PATH
    if warnings.filters != FILTERS:
        warnings.filters[:] = FILTERS
        getattr(warnings, "_filters_mutated", lambda: None)()


class Setting:
    """A context manager that changes something for all threads, and changes it back."""

    __slots__ = ("change", "manager")
    __stepped__ = True

    def __init__(self, manager, change):
        self.manager, self.change = manager, change

    def __enter__(self):
        self.change()
        return self.manager.__enter__()

    def __exit__(self, *problem):
        if problem[0] is None and not stage.alone:
            self.change()
        return self.manager.__exit__(*problem)


def managed(manager):
    """The context manager, or what tells the stage first."""
    kind = type(manager)
    if kind is warnings.catch_warnings:
        return Setting(manager, lambda: touch(True))
    if kind in (contextlib.redirect_stdout, contextlib.redirect_stderr):
        return Setting(manager, lambda: wa(sys, manager._stream))
    if kind.__module__ == "unittest.mock" and kind.__name__ == "_patch":
        return Setting(manager, lambda: wa(manager.getter(), manager.attribute))
    return manager
