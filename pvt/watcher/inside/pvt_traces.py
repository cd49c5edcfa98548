"""Keeps the recorder out of what a program shows of itself: its tracebacks, stacks and frames."""

import _thread
import sys
import threading

import pvt_builtin
import pvt_notes as notes


def put_in_place():
    """Let no text of an error name a frame of the recorder."""
    pvt_builtin.exchange(sys.excepthook, cutting(sys.excepthook, lambda found: found[1]))
    sys.__excepthook__ = sys.excepthook
    ignored = cutting(sys.unraisablehook, lambda found: found[0].exc_value)
    pvt_builtin.exchange(sys.unraisablehook, ignored)
    sys.__unraisablehook__ = sys.unraisablehook
    of_threads = cutting(_thread._excepthook, lambda found: found[0].exc_value)
    pvt_builtin.exchange(_thread._excepthook, of_threads)
    threading.excepthook = threading.__excepthook__ = _thread._excepthook
    for bare in (sys._current_frames, sys._current_exceptions):
        pvt_builtin.exchange(bare, without_probe(bare))


def without_probe(bare):
    """A function of all threads that leaves out the recorder's."""

    def asked(*args, **kwargs):
        found = bare(*args, **kwargs)
        found.pop(notes.State.probe_ident, None)
        return found

    return asked


def in_traceback(traceback):
    """The same for what a program prints or logs of its errors by itself."""
    for name in ("walk_tb", "_walk_tb_with_full_positions"):
        if hasattr(traceback, name):
            setattr(traceback, name, walking(getattr(traceback, name)))


def walking(original):
    def walk(tb):
        cut(tb)
        return original(tb)

    walk.__name__ = walk.__qualname__ = original.__name__
    walk.__module__, walk.__doc__ = original.__module__, original.__doc__
    return walk


def cutting(bare, raised):
    """A hook that cuts the tracebacks of an exception, and of those that led to it, first."""

    def hook(*args, **kwargs):
        from contextlib import suppress  # here: for each start of a Python it would cost time

        with suppress(Exception):  # the hook says itself what is wrong with what it is given
            cut_all(raised(args), set())
        return bare(*args, **kwargs)

    return hook


def cut_all(problem, known):
    """Cut the traceback of an exception, of its cause and context, and of those in its group."""
    if problem is None or id(problem) in known:
        return
    known.add(id(problem))
    cut(problem.__traceback__)
    for one in (problem.__cause__, problem.__context__, *getattr(problem, "exceptions", ())):
        cut_all(one, known)


def cut(tb):
    """Take the recorder's frames out of a traceback."""
    while tb is not None:
        following = tb.tb_next
        while following is not None and recorders(following.tb_frame):
            following = following.tb_next
        if following is not tb.tb_next:
            tb.tb_next = following
        tb = following


def recorders(frame):
    return frame.f_code.co_filename.startswith(notes.HERE)
