"""Rows of a search or a replay, watched: when nothing moves for some seconds, say where it hangs
and give up.

The work is done in a thread of its own; the thread that asks for rows only waits.  A program that
blocks in a way the stage cannot see (a real lock, a socket) or computes for ever in one call stops
the stage's pulse."""

import gc
import os
import sys
from _thread import get_ident, start_new_thread
from queue import Empty, SimpleQueue

from pvt import procfs
from pvt.stepper.engine import stage
from pvt.stepper.stops import SOURCE_NAME, ProgramError

PATIENCE = 2.0
GLANCE = 0.1
DONE = object()


class Pulse:
    """What the work shows of itself: its player (once there is one), and whether it is told to
    stop."""

    player = None
    stopped = telling = False
    ident = None

    def beat(self):
        """What changes as long as the program moves."""
        return self.player and (self.player.runs, stage.beat)

    def between_runs(self):
        """Whether the search itself is at work, on what a run has shown; that may take long."""
        return self.player is not None and not self.player.playing

    def place(self):
        """The line of the program where the moving thread is, or None."""
        me = stage.me
        current = me.number if me is not None and me.number >= 0 else None
        ident = self.ident if current is None else me.ident
        frame = sys._current_frames().get(ident)
        while frame is not None and frame.f_code.co_filename != SOURCE_NAME:
            frame = frame.f_back
        return current, frame and frame.f_lineno


def watched(work, patience=PATIENCE):
    """Yield what `work(pulse)` yields; at the end of patience or of the program's fault, a tuple
    (ending, because)."""
    gc.disable()
    stay_on_one_core()
    pulse, rows = Pulse(), SimpleQueue()
    outside = sys.stdout, sys.stderr
    start_new_thread(_work, (work, pulse, rows))
    try:
        yield from _until_done(pulse, rows, patience, outside)
    finally:
        pulse.stopped = True


def _until_done(pulse, rows, patience, outside):
    quiet, beat = 0.0, None
    while True:
        try:
            row = rows.get(timeout=GLANCE)
        except Empty:
            quiet = quiet + GLANCE if pulse.beat() == beat else 0.0
            beat = pulse.beat()
            if quiet < patience or pulse.telling or pulse.between_runs():
                continue
            sys.stdout, sys.stderr = outside  # the program's are still in place
            row = ("hung", hung_text(pulse, patience))
        if row is DONE:
            return
        yield row
        if isinstance(row, tuple):
            return


def _work(work, pulse, rows):
    pulse.ident = get_ident()
    try:
        for row in work(pulse):
            rows.put(row)
            if pulse.stopped:
                break
    except ProgramError as error:
        rows.put(("error", str(error)))
    except BaseException as error:
        rows.put(("error", f"the stepper itself failed: {type(error).__name__}: {error}"))
    finally:
        rows.put(DONE)


def hung_text(pulse, patience):
    """Where it hangs, in words."""
    thread, line = pulse.place()
    who = "what comes before or after the threads" if thread is None else f"thread {thread}"
    at = f" in line {line}" if line else ""
    return (
        f"nothing has moved for {patience:g} s: {who}{at} blocks or computes in a way that the scheduler cannot see "
        "(a real lock, a socket, an endless loop); use what threading, queue and time offer"
    )


def stay_on_one_core():
    """Handing the baton over is four times cheaper on one core; only Linux lets us ask for it. It is
    the one that the system has put us on: of many searches at once each has its own."""
    if hasattr(os, "sched_setaffinity"):
        allowed = os.sched_getaffinity(0)
        here = procfs.core()
        os.sched_setaffinity(0, {here if here in allowed else max(allowed)})
