"""Threads that cannot go on: blocked by a stand-in, resting, or going round in a loop that nothing can end.

Blocking is a predicate: a thread is able to go on when its predicate is true; nothing is ever queued or woken.
A `while` loop that comes round three times with the same local objects and without a write by anybody counts as
blocked until somebody writes; how many idle rounds are recorded before is the one thing in a schedule that differs
between Pythons (3.14 puts the test of a loop elsewhere in the bytecode).  Endless loops of other kinds meet the step limit.
"""

import sys

from pvt.stepper.points import LOOP
from pvt.stepper.stops import ProgramError, Stop, Wait

QUIET_JUMPS = 20_000
"""Backward jumps without any shared access between them; more is an endless loop."""
SAME_ROUNDS = 3


class Blocking:
    """The half of the stage that knows who is able to go on, and why not."""

    def able(self, number):
        """Whether the thread can make a step."""
        if not 0 <= number < self.count or self.done[number]:
            return False
        wait = self.waits[number]
        return wait is None or wait.ready()

    def state(self, number):
        """What keeps the thread from going on, in words; an empty string if nothing does."""
        if not 0 <= number < self.count:
            return f"does not exist: there are threads 0 to {self.count - 1}"
        if self.done[number]:
            return "has finished"
        self.asked = number
        return "" if self.able(number) else f"is {self.waits[number].why()}"

    def block(self, wait):
        """Called by a stand-in in the running thread: sleep until the predicate is true and somebody chooses us."""
        me = self.current
        if me is None:
            raise ProgramError(f"setup() and safe() must not wait, but one of them is {wait.why()}")
        if self.over:
            raise Stop
        self.waits[me] = wait
        if self.observer:
            self.observer.executed(me)
        chosen = self._elect(me)
        if chosen is None:
            self.end(*self._stuck())
            raise Stop
        if chosen != me:
            self._hand_over(me, chosen)
        self.waits[me] = None
        self.open[me] = True

    def rest(self, why):
        """Let others go first, free of charge: a sleep, or a wait with a time-out."""
        if self.current is not None:
            self.block(Wait(lambda: True, lambda: why))

    def quiet(self):
        """Called by a stand-in that turned out to change nothing: takes back the write noted for its call."""
        self.writes -= 1

    def _stuck(self):
        stories = [f"thread {n} {self.state(n)}" for n in range(self.count) if not self.done[n]]
        return "deadlock", "no thread can go on: " + "; ".join(stories)

    def _exhausted(self, why):
        """The step limit is reached: unfinished, unless some threads wait for each other in a circle."""
        circle = next((ring for n in range(self.count) if (ring := self._circle(n))), None)
        if circle is None:
            self.end("unfinished", why)
        else:
            stories = [f"thread {n} {self.state(n)}" for n in circle]
            self.end("deadlock", "some threads can never go on: " + "; ".join(stories))

    def _circle(self, number):
        ring = []
        while number not in ring:
            if number is None or self.done[number]:
                return ring if ring and number is not None else None
            if self.able(number):
                return None
            ring.append(number)
            number = self.waits[number].holder()
        return ring

    def _jump(self, me, code, offset, flags):
        self.jumps += 1
        if self.jumps > QUIET_JUMPS:
            line = frame_of(code).f_lineno
            self._exhausted(f"thread {me} loops in line {line} without touching anything shared")
            raise Stop
        if flags & LOOP:
            self._round(me, code, offset)

    def _round(self, me, code, offset):
        """The head of a `while` again: the same as the last times?"""
        frame = frame_of(code)
        now = list(frame.f_locals.values())
        last = self.rounds[me].get((id(frame), offset))
        if last is None or last[1] != self.writes or not same(last[2], now):
            self.rounds[me][id(frame), offset] = [frame, self.writes, now, 1]
            return
        last[3] += 1
        if last[3] >= SAME_ROUNDS:
            line, writes = frame.f_lineno, self.writes
            self.block(Wait(lambda: self.writes != writes, lambda: f"waiting in the loop of line {line} for a change"))
            _ = frame.f_locals  # 3.11 writes this copy back when the trace function returns: it must be fresh


def frame_of(code):
    """The innermost frame of this thread that runs `code`."""
    frame = sys._getframe(1)
    while frame.f_code is not code:
        frame = frame.f_back
    return frame


def same(before, now):
    """Whether two lists hold the same objects."""
    return len(before) == len(now) and all(one is other for one, other in zip(before, now, strict=True))
