"""Processes and threads as live experiments: pvt.lab, pvt.run, pvt.verdict, pvt.check, pvt.step,
pvt.quiz, pvt.challenge, pvt.record …

The names are looked up on first use, so that `import pvt` costs nothing and a bare Python,
without matplotlib or psutil, can import `pvt.course.race.race` in a child or a spawned worker.
"""

import os
import sys
from importlib import import_module

from pvt.problem import Problem

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    # `python -m pvt` beside programs: a queue.py there is not Python's own
    del sys.path[0]

_FILES = 24  # open files that a notebook's side needs: modules, fonts, pipes to an experiment
_HOME = {
    "run": "runner",
    "lab": "views.lab",
    "verdict": "ledger",
    "verdicts": "views.ledger_page",
    "check": "exercise",
    "step": "stepper.view",
    "quiz": "views.quiz",
    "interview": "course.interview.view",
    "investigate": "course.interview.view",
    "search": "stepper.asking",
    "replay": "stepper.asking",
    "repair": "stepper.mending",
    "load_ipython_extension": "cells",
    "watch": "watcher.asking",
    "challenge": "challenger.asking",
    "answer": "challenger.application",
    "source": "listing",
    "diagram": "diagrams",
    "facts": "host",
    "begin": "learner.opening",
    "record": "learner.page",
    "hand_in": "learner.handing",
}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"pvt has no {name!r}; it has {', '.join(_HOME)}")
    _find_room()
    return getattr(import_module(f"pvt.{_HOME[name]}"), name)


def _find_room():
    """Raises Problem where this process may open too few further files: anything might fail
    then, a traceback too."""
    found = []
    try:
        while len(found) < _FILES:
            found.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        more = f"this process may open {len(found)} further files, and pvt needs {_FILES}"
        raise Problem(
            f"{more}: allow more (ulimit -n 256) before you start Jupyter or Python."
        ) from None
    finally:
        for number in found:
            os.close(number)


def __dir__():
    return __all__
