"""Processes and threads as live experiments: pvt.lab, pvt.run, pvt.verdict, pvt.check, pvt.step, pvt.quiz, pvt.facts.

The names are looked up on first use, so that `import pvt` costs nothing and a bare Python,
without matplotlib or psutil, can import `pvt.experiments.race` in a child or a spawned worker.
"""

from importlib import import_module

_HOME = {
    "run": "runner",
    "lab": "widget",
    "verdict": "ledger",
    "verdicts": "ledger_page",
    "check": "exercise",
    "step": "stepper.view",
    "quiz": "questions.view",
    "interview": "rehearsal.view",
    "investigate": "rehearsal.view",
    "search": "stepper.asking",
    "replay": "stepper.asking",
    "repair": "stepper.mending",
    "source": "listing",
    "facts": "host",
}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"pvt has no {name!r}; it has {', '.join(_HOME)}")
    return getattr(import_module(f"pvt.{_HOME[name]}"), name)


def __dir__():
    return __all__
