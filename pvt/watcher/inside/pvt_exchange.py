"""Another executor in place of the program's; Python's library keeps its own."""

import sys

import pvt_notes as notes

NAMES = {
    "thread": "ThreadPoolExecutor",
    "process": "ProcessPoolExecutor",
    "interpreter": "InterpreterPoolExecutor",
}
TAKES = {"max_workers", "initializer", "initargs"}  # what all of them take


def exchange(futures, wanted):
    """Let `concurrent.futures` give the wanted executor to the program, whichever it asks for."""
    chosen = getattr(futures, NAMES[wanted], None)
    if chosen is None:
        notes.State.notes.append(["lacks", NAMES[wanted]])
        return
    for kind, name in NAMES.items():
        original = getattr(futures, name, None)
        if kind != wanted and original is not None:
            setattr(futures, name, stand_in(original, chosen))


def stand_in(original, chosen):
    """A class that makes the chosen executor for the program, the original for others."""

    class Exchanged(original):
        def __new__(cls, max_workers=None, *args, **kwargs):
            if not notes.ours(sys._getframe(1)):
                return super().__new__(cls)
            kept = {name: value for name, value in kwargs.items() if name in TAKES}
            return chosen(max_workers, **kept)

    Exchanged.__name__ = Exchanged.__qualname__ = original.__name__
    Exchanged.__module__ = "concurrent.futures"
    return Exchanged
