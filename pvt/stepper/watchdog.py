"""Rows of a search or a replay, watched: when nothing moves for some seconds, say where it hangs
and give up.

The work is done in a thread of its own; the thread that asks for rows only waits.  A program that
blocks in a way the stage cannot see (a real lock, a socket) stops the stage's pulse.  So does one
that computes without a look at anything shared: it may do so until the time limit."""

import gc
import os
import sys
import time
from _thread import get_ident, start_new_thread
from queue import Empty, SimpleQueue

from pvt import procfs
from pvt.stepper.engine import stage
from pvt.stepper.stops import SOURCE_NAME, ProgramError

PATIENCE = 2.0
GLANCE = 0.1
COMPUTES = 0.05
"""Processor time that a second of computing takes at least, on a busy machine too."""
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
        return current, frame and line_in(frame)


def line_in(frame):
    """The line at which a frame is; where its bytecode has none, the last one before."""
    lines = frame.f_code.co_lines()
    before = [line for start, _, line in lines if line and start <= frame.f_lasti]
    return frame.f_lineno or (before[-1] if before else None)


def watched(work, patience=PATIENCE, seconds=None):
    """Yield what `work(pulse)` yields; at the end of patience or of the program's fault, a tuple
    (ending, because).  `seconds`: until then the program may compute in one piece; then "slow"."""
    deadline = None if seconds is None else time.monotonic() + seconds
    gc.disable()
    stay_on_one_core()
    pulse, rows = Pulse(), SimpleQueue()
    outside = sys.stdout, sys.stderr
    start_new_thread(_work, (work, pulse, rows))
    try:
        yield from _until_done(pulse, rows, patience, outside, deadline)
    finally:
        pulse.stopped = True


def _until_done(pulse, rows, patience, outside, deadline=None):
    quiet, beat, used = 0.0, None, 0.0
    while True:
        try:
            row = rows.get(timeout=GLANCE)
        except Empty:
            if pulse.beat() != beat:
                quiet, beat, used = 0.0, pulse.beat(), time.process_time()
                continue
            quiet += GLANCE
            if quiet < patience or pulse.telling or pulse.between_runs():
                continue
            slow = deadline is not None and time.process_time() - used > COMPUTES * quiet
            if slow and time.monotonic() < deadline:
                continue
            sys.stdout, sys.stderr = outside  # the program's are still in place
            row = ("slow", where(pulse)) if slow else ("hung", hung_text(pulse, patience))
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


def where(pulse, verb=" is"):
    """Who moves, and where, in words."""
    thread, line = pulse.place()
    who = "what comes before or after the threads" if thread is None else f"thread {thread}"
    return f"{who}{verb} in line {line}" if line else f"{who}{verb}"


def hung_text(pulse, patience):
    """Where it hangs, in words."""
    return (
        f"nothing has moved for {patience:g} s: {where(pulse, '')} blocks or computes in a way that the scheduler cannot see "
        "(a real lock, a socket, an endless loop); use what threading, queue and time offer"
    )


def stay_on_one_core():
    """Handing the baton over is four times cheaper on one core; only Linux lets us ask for it. It is
    the one that the system has put us on: of many searches at once each has its own."""
    if hasattr(os, "sched_setaffinity"):
        allowed = os.sched_getaffinity(0)
        here = procfs.core()
        os.sched_setaffinity(0, {here if here in allowed else max(allowed)})
