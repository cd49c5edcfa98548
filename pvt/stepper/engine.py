"""The stage: real threads of which exactly one moves, and a plan that says which.

There is no scheduler thread.  Every thread has one raw lock, its baton.  The interpreter calls `reach` in the
thread that is about to execute a bytecode; at a *decision point* that very thread looks at the plan and, only if
another thread is to go on, hands the baton over and sleeps.  A step without a switch costs no thread switch.

A plan is a sequence of thread numbers, one for every step.  A step is: chosen, then up to just before the
next decision point (or until the thread blocks or finishes).  A thread's first step starts it and includes its first
shared access; an attempt that blocks is a step, going on after it another one.  Where the plan ends, the running thread
goes on as long as it can.  `trace` is the plan that was really carried out; `options` are the roads not taken.
"""

import sys
from _thread import allocate_lock, get_ident, start_new_thread

from pvt.stepper.blocking import Blocking
from pvt.stepper.deciding import Deciding
from pvt.stepper.points import DECIDE, ENTRY, JUMP, SWITCH, WRITE
from pvt.stepper.stops import ProgramError, Stop, failure

WORLDS = ("language", "interpreter")
RUNAWAY = 200


def has_gil():
    """Whether only one thread at a time runs bytecode in this interpreter."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


class Stage(Deciding, Blocking):
    """Runs one program again and again, each time after another plan."""

    def __init__(self, count, world="language"):
        if world not in WORLDS:
            raise ValueError(f"world {world!r} is unknown: choose one of {', '.join(WORLDS)}.")
        self.count = count
        self.free_world = world == "language" or not has_gil()
        self.current = self.asked = self.observer = None
        self.name_of = lambda thing: ""
        self.clock = 0.0
        self.around = lambda call: call()
        self.beat = 0
        self.home = allocate_lock()
        self.home.acquire()
        self.batons = [None] * count
        self.idents = [None] * count
        for number in range(count):
            self._hire(number)

    def _hire(self, number):
        self.batons[number] = baton = allocate_lock()
        baton.acquire()
        start_new_thread(self._work, (number, baton))

    def _work(self, number, baton):
        self.idents[number] = get_ident()
        while True:
            baton.acquire()
            self._perform(number)

    # -- one run ---------------------------------------------------------------------------------------------------

    def begin(self, calls, plan=b"", limit=2_000, branch=True, onward=True):
        """Get ready to run `calls` after `plan`.  `onward`: go on by oneself where the plan ends."""
        count = self.count
        self.calls, self.plan, self.limit, self.branch, self.onward = calls, plan, limit, branch, onward
        self.trace, self.options = [], []
        self.ending, self.because, self.error = None, "", None
        self.over = False
        self.done, self.started, self.fresh = [False] * count, [False] * count, [True] * count
        self.open, self.waits = [True] * count, [None] * count
        self.writes = self.jumps = self.raised = 0
        self.rounds = [{} for _ in range(count)]
        self.choices = []

    def go(self):
        """Carry the plan out; returns the ending."""
        first = self._elect(self.count - 1)
        if first is not None:
            self._pass_to(first)
            self.home.acquire()
        return self.ending

    def _perform(self, number):
        try:
            self.around(self.calls[number])
        except Stop:
            pass
        except ProgramError as error:
            self.end("error", str(error))
        except BaseException as error:
            if self.observer and not self.over:
                self.observer.executed(number)
            self.end("broken", failure(error, number))
        self._leave(number)

    def _leave(self, number):
        """The thread has finished: say who goes on, or send the baton home."""
        self.done[number] = True
        if self.observer and not self.over:
            self.observer.executed(number)
        chosen = None
        if not self.over:
            chosen = self._elect(number)
            if chosen is None and not self.over:
                self.end(*(("finished", "") if all(self.done) else self._stuck()))
        if self.over:
            chosen = next((n for n in range(self.count) if self.started[n] and not self.done[n]), None)
        if chosen is None:
            self.current = None
            self.home.release()
        else:
            self._pass_to(chosen)

    def _pass_to(self, number):
        self.started[number] = True
        self.current = number
        self.batons[number].release()

    def end(self, ending, because=""):
        """Set how the run ended; only the first word counts."""
        if not self.over:
            self.over, self.ending, self.because = True, ending, because

    # -- called by the interpreter ---------------------------------------------------------------------------------

    def reach(self, code, offset, flags):
        """Called in the running thread just before the bytecode at `offset`."""
        me = self.current
        if me is None:
            return
        if self.over:
            self._unwind(me)
        self.beat += 1
        if self.observer:
            self.observer.reached(me, code, offset)
        if flags & JUMP:
            self._jump(me, code, offset, flags)
        if flags & ENTRY:
            self.open[me] = True
        if flags & DECIDE:
            self._decide(me)
        if flags & WRITE:
            self.writes += 1
        if flags & (SWITCH | JUMP):
            self.open[me] = True

    # -- the end of a run that is given up ----------------------------------------------------------------------------

    def _unwind(self, me):
        """Raise through the program; a program that swallows it again and again gets a new thread in its place."""
        self.raised += 1
        if self.raised > RUNAWAY:
            self._hire(me)
            self._leave(me)
            for_ever = allocate_lock()
            for_ever.acquire()
            for_ever.acquire()
        raise Stop
