"""Runs first in every Python that a watched program starts: begins to note, then lets the program
be.

The folder of this file stands first in PYTHONPATH. It is taken out of the search path again, and a
sitecustomize that would have been found without it is run, so that the program finds what it would
have found.
"""

import os
import sys


def begin():
    here = os.path.dirname(os.path.abspath(__file__))
    try:
        if os.environ.get("PVT_WATCH") and in_first_interpreter():
            import pvt_notes

            pvt_notes.begin(os.environ["PVT_WATCH"])
    except Exception:  # the program is more important than its picture
        if os.environ.get("PVT_WATCH_STRICT"):
            raise
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]
    run_next(here)


def in_first_interpreter():
    """False in a subinterpreter: a thread that notes would keep it from ending."""
    try:
        interpreters = __import__("_interpreters")  # 3.13 and later
    except ImportError:
        return True
    current = interpreters.get_current()
    return (current[0] if isinstance(current, tuple) else current) == 0


def run_next(here):
    """Run the sitecustomize that this one hides, if there is one."""
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("sitecustomize", [folder for folder in sys.path if folder != here])
    if spec and spec.loader:
        from importlib.util import module_from_spec

        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


begin()
