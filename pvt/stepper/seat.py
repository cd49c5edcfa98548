"""The stage as a loop of tasks sees it: who chooses, what time it is, how to wait for another thread.

A loop runs in one worker of the stage.  Each task has a number of its own, which stands in schedules;
while a task's turn goes on, what the worker does is done by that task.  Which turn comes next is an
entry of the schedule; it costs a *deviation* where it is not the one that asyncio would take.
"""

import asyncio
import sys
import warnings

from pvt.stepper import awaits
from pvt.stepper.engine import stage
from pvt.stepper.futures import ThreadPoolExecutor
from pvt.stepper.loop import TURN
from pvt.stepper.stops import ProgramError, Stop

GLANCE = 64
"""Turns between two looks at the time limit."""


class Seat:
    """One run's loops of tasks."""

    def __init__(self):
        self.loops, self.findings, self.turns = [], [], 0
        self.deadlocked = False

    any_order = property(lambda self: stage.world == "language")

    @property
    def clock(self):
        """The still clock, in seconds."""
        return stage.now

    @clock.setter
    def clock(self, seconds):
        stage.now = seconds

    # -- what a loop asks ----------------------------------------------------------------------------------------

    def opened(self, loop):
        """There is a new loop."""
        self.loops.append(loop)
        loop.clock_worker = None

    def created(self, loop, task):
        """There is a new task."""
        task._worker = stage.task(task.get_name())

    def alive(self):
        """Go no further where the run is over."""
        if stage.over:
            stage.unwind()
        self.turns += 1
        if not self.turns % GLANCE:
            stage.glance()

    def between(self, loop):
        """Between two turns another thread may come in."""
        if len(stage.live) > 1:
            stage.sync(loop, "next turn", write=False)

    def choose(self, loop, options):
        """Which of the options comes next."""
        workers = [self.worker(loop, option) for option in options]
        return workers.index(stage.choose(workers, cost=1))

    def worker(self, loop, option):
        """The number in the schedule that stands for an option."""
        if option.kind == TURN:
            return option.task._worker
        owner = option.handle
        if not hasattr(owner, "_worker"):
            name = option.task.get_name() if option.task else "a callback"
            owner._worker = stage.task(f"the clock, for {name}")
        return owner._worker

    def turn(self, loop, task, run):
        """A task's turn."""
        stage.turn(task._worker)
        try:
            run()
        finally:
            stage.turn(None)
        if task.done() and not task.cancelled():
            error = task._exception
            if isinstance(error, ProgramError):
                stage.end("error", str(error))
            task._worker.done = True

    def wait(self, loop, timed):
        """Nothing is ready: another thread goes on, or time passes, or all is stuck."""
        why = lambda: f"running a loop in which nothing is ready: {self.stuck(loop)}"  # noqa: E731
        ready = lambda: timed or bool(loop._ready)  # noqa: E731
        if len(stage.live) > 1:
            stage.sync(loop, "wait for tasks", ready, why, free=True)
        elif not ready():
            stage.end("deadlock", f"no task can go on: {self.stuck(loop)}")
            raise Stop

    def stuck(self, loop):
        """Who waits for what."""
        return "; ".join(awaits.stuck(loop, stage.name_of, is_program))

    def woken(self, loop):
        """Another thread has made something ready."""
        stage.silent(loop, "wake")

    def pool(self):
        """The threads of `to_thread`."""
        return ThreadPoolExecutor(thread_name_prefix="asyncio")

    def refused(self, text):
        """What cannot be stepped ends the run."""
        text = f"line {line_here()}: {text}"
        stage.end("error", text)
        return ProgramError(text)

    def told(self, loop, context):
        """What asyncio would write to its log."""
        if stage.over:
            return
        error, task = context.get("exception"), context.get("task") or context.get("future")
        who = task.get_name() if isinstance(task, asyncio.Task) else "a callback"
        message = context["message"]
        if message.startswith("Task exception was never retrieved"):
            message = "and nobody awaits its result"
        self.findings.append((who, error, message))


def is_program(code):
    """Whether code belongs to a program that is stepped."""
    return code.co_filename in stage.lines_of


def line_here():
    """The line of the program that is being run."""
    frame = sys._getframe(1)
    while frame is not None and not is_program(frame.f_code):
        frame = frame.f_back
    return frame.f_lineno if frame else "?"


def watch_coroutines(seat):
    """Let coroutines that nobody awaits be told; returns what ends it."""
    before = warnings._warn_unawaited_coroutine

    def unawaited(coro):
        if not stage.over:
            seat.findings.append((coro.__qualname__, None, "was never awaited"))

    warnings._warn_unawaited_coroutine = unawaited
    return lambda: setattr(warnings, "_warn_unawaited_coroutine", before)
