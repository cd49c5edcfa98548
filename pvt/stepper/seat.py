"""The stage as a loop of tasks sees it: who chooses, what time it is, how to wait for a thread.

A loop runs in one worker of the stage.  Each task has a number of its own, which stands in
schedules; while a task's turn goes on, what the worker does is done by that task.  Which turn
comes next is an entry of the schedule; it costs a *deviation* where it is not the one that asyncio
would take.
"""

import asyncio
import itertools
import sys
import warnings

from pvt.stepper import awaits, clocks, futures, rounds, threads
from pvt.stepper.engine import stage
from pvt.stepper.loop import HOLD, TURN
from pvt.stepper.stops import ProgramError, Stop, line_of

PENDING, OUTSIDE = "PENDING", "asyncio is touched by another thread"
EARLY = "a loop is called by another thread before it runs"
COUNTED = "several threads have loops, whose tasks are counted together"
ORIGINS = 4
"""Calls looked through for the program's line that made a coroutine: the stage's lie between."""
GLANCE = 64
"""Turns between two looks at the time limit."""
MOST_TURNS, LEARNING = 100_000, 1_000
"""Turns of one run; and of one that only learns what is shared."""


class Seat:
    """One run's loops of tasks."""

    def __init__(self):
        self.loops, self.findings, self.turns = [], [], 0
        self.sleeper, self.touched, self.quiet = None, {}, False
        self.numbers, self.names, self.asked = itertools.count(1), itertools.count(1), False
        self.outside = warnings._warn_unawaited_coroutine
        warnings._warn_unawaited_coroutine = self.unawaited
        self.policy = asyncio.events._event_loop_policy
        sys.set_coroutine_origin_tracking_depth(ORIGINS)

    any_order = property(lambda self: stage.free_world)

    @property
    def clock(self):
        """The still clock, in seconds; if the program itself asks the loop for it, that counts."""
        if sys._getframe(2).f_code.co_filename in stage.lines_of:
            clocks.assume()
        return stage.now

    @clock.setter
    def clock(self, seconds):
        stage.now = seconds

    # -- what a loop asks --

    def opened(self, loop):
        """There is a new loop."""
        self.loops.append(loop)
        loop.waiter, loop.host, loop.awake, loop.called = None, None, True, ""
        loop.maker = stage.me.host
        self.count_together()
        stage.loops.append(loop)

    def created(self, loop, task):
        """There is a new task."""
        if not hasattr(task, "_worker"):
            task._worker = stage.task(task.get_name())
            task._worker.task = task

    def name(self):
        """The name of a task without one: asyncio counts them in the whole process."""
        if COUNTED in stage.hot:
            stage.touch_names()
        return f"Task-{next(self.names)}"

    def names_asked(self):
        """Where the program itself asks, it matters which thread makes its tasks first."""
        if not self.asked and sys._getframe(2).f_code.co_filename in stage.lines_of:
            self.asked = True
            self.count_together()

    def count_together(self):
        """Which thread makes its tasks first is a point from the next run on."""
        if self.asked and any(loop.maker is not self.loops[0].maker for loop in self.loops):
            stage.learn(COUNTED)

    def alive(self):
        """Go no further where the run is over."""
        if stage.over:
            stage.unwind()
        self.turns += 1
        if not self.turns % GLANCE:
            stage.glance()
        if self.turns > (LEARNING if stage.most else MOST_TURNS):
            stage.end("time", f"no ending after {self.turns:,} turns of tasks")
            raise Stop

    def between(self, loop):
        """Between two turns another thread may come in."""
        if len(stage.live) > 1:
            stage.sync(loop, "next turn", write=False)

    def choose(self, loop, options):
        """Which of the options comes next."""
        workers = [self.worker(loop, option) for option in options]
        return workers.index(stage.choose(workers))

    def worker(self, loop, option):
        """The number in the schedule that stands for an option."""
        if option.kind == TURN:
            return option.task._worker
        if option.kind == HOLD:
            if loop.waiter is None:
                loop.waiter = stage.task("the clock, later")
                loop.waiter.waits = "holds timers back"
            return loop.waiter
        timer = option.handle
        if timer.worker is None:
            name = option.task.get_name() if option.task else "a callback"
            timer.worker = stage.task(f"the clock, for {name}")
            timer.worker.waits = f"waits until {timer._when:g} s"
        return timer.worker

    def turn(self, loop, task, handle):
        """A task's turn."""
        worker = task._worker
        outer = stage.enter(worker)
        self.touched.clear()
        try:
            stage.caused(worker, handle.cause)
            stage.tell(task, "turn")
            stage.look(loop, "turn")
            handle._run()
            if task._state != PENDING:
                worker.done = True
                stage.tell(task, "end")
                if stage.observer:
                    stage.observer.finished(worker)
        finally:
            stage.leave_turn(worker, outer)
        error = task._exception if worker.done else None
        if isinstance(error, ProgramError):
            stage.end("error", str(error))

    def callback(self, loop, handle, sleep):
        """A callback that is no turn."""
        self.touched.clear()
        if sleep:
            self.sleeper = handle.cause
            handle._run()
            self.sleeper = None
            return
        group = gathering(handle)
        if group is None:
            stage.caused(stage.me, handle.cause)
            stage.tell(loop, "callback")
            handle._run()
            return
        worker = handle._args[0]._worker
        outer = stage.enter(worker)
        try:
            open_before = group._state == PENDING
            handle._run()
            if open_before and group._state != PENDING:
                stage.tell(group, "gathered")
            else:
                stage.look(group, "one more")
        finally:
            stage.leave_turn(worker, outer)

    def cause(self):
        """What makes something ready now."""
        return self.sleeper or stage.cause()

    def tell(self, thing):
        """Something of asyncio's is touched; once in a turn is enough where no thread comes in."""
        if self.quiet or stage.seat is not self:  # a task of an earlier run, not yet collected
            return
        if self.met(thing):
            stage.learn(OUTSIDE)
        if len(stage.live) > 1:
            if any(self.is_outside(loop) for loop in self.loops):
                stage.learn(OUTSIDE)
            if OUTSIDE in stage.hot:
                stage.sync(thing, type(thing).__name__)
                return
        key = id(thing)
        if key not in self.touched or len(stage.live) > 1:
            self.touched[key] = thing
            stage.tell(thing, type(thing).__name__)

    def mark(self, handle):
        """A handle as part of a state."""
        if handle.is_turn:
            return handle._callback.__self__._worker.number, handle.cause.hash, handle.overtaken
        return handle.cause.hash

    def running(self, loop):
        """The loop runs in this thread."""
        if self.met(loop):
            stage.learn(EARLY)
        loop.host = stage.me.host

    def wait(self, loop):
        """Nothing is ready: another thread wakes the loop, or time passes, or all is stuck."""
        if OUTSIDE in stage.hot and len(stage.live) > 1:
            stage.sync(loop, "look for tasks", write=False)
            if loop._ready or loop._stopping:
                return
        loop.awake, timed = False, bool(loop._timers)
        why = lambda: f"running a loop in which nothing is ready: {self.stuck(loop)}"  # noqa: E731
        ready = lambda: timed or loop.awake  # noqa: E731
        if len(stage.live) > 1:
            stage.sync(loop, "wait for tasks", ready, why, free=True)
        elif not ready():
            if self.serves(loop):
                rounds.press(self.line(), "run_forever() in line {}")
            stage.end("deadlock", f"no task can go on: {self.stuck(loop)}")
            raise Stop

    def serves(self, loop):
        """Whether the main thread runs a loop for ever that has no task left: a server's skeleton,
        which ends with Ctrl-C.  Tasks that wait for each other are a deadlock all the same."""
        if stage.pressed or loop._until or not self.is_main():
            return False
        return all(task.done() for task in awaits.in_order(loop))

    def awaited(self, task):
        """What a task awaits, and in which line."""
        self.quiet = True
        words = awaits.waiting(task, stage.name_of, is_program)
        self.quiet = False
        return words

    def stuck(self, loop):
        """Who waits for what."""
        self.quiet = True
        clauses = awaits.stuck(loop, stage.name_of, is_program)
        self.quiet = False
        clauses += unwoken(loop)
        return "; ".join(clauses) or "it has no task, and nobody stops it"

    def asleep(self):
        """Why a loop sleeps on, in brackets, where another thread has called it wrongly."""
        why = next((text for loop in self.loops if not loop.awake for text in unwoken(loop)), "")
        return f" ({why})" if why else ""

    def line(self):
        """The line of the program that is being run, or None."""
        line = line_here()
        return None if line == "?" else line

    def is_outside(self, loop):
        """Whether another thread than the loop's is running."""
        return loop.host is not None and stage.me.host is not loop.host and not stage.over

    def met(self, thing):
        """Whether another thread has touched this, and could also have done so after this one."""
        if stage.alone:
            return False
        me, before = stage.me, getattr(thing, "_touched_by", None)
        thing._touched_by = me.host, me.number, me.clock.get(me.number, 0)
        if before is None or before[0] is me.host:
            return False
        _, number, then = before
        return me.clock.get(number, 0) < then

    def calling(self, loop, safely):
        """Something is about to be made ready; from another thread, others may come before it."""
        early = loop.host is None
        if early and self.met(loop):
            stage.learn(EARLY)
        if self.is_outside(loop) or (early and EARLY in stage.hot and len(stage.live) > 1):
            stage.sync(loop, "call soon")
        if self.is_outside(loop) and not safely:
            stage.learn(OUTSIDE)
            loop.called = stage.me.said

    def woken(self, loop):
        """Another thread wakes the loop."""
        if self.is_outside(loop):
            loop.awake = True
            stage.silent(loop, "wake")

    def pool(self):
        """The threads of `to_thread`."""
        return futures.ThreadPoolExecutor(thread_name_prefix="asyncio")

    def checked_pool(self, executor):
        """The program's own pool for `to_thread`."""
        if not isinstance(executor, futures.ThreadPoolExecutor):
            raise TypeError("executor must be ThreadPoolExecutor instance")
        return executor

    def refused(self, text):
        """What cannot be stepped ends the run."""
        text = f"line {line_here()}: {text}"
        stage.end("error", text)
        return ProgramError(text)

    # -- threads --

    def thread(self):
        """Which thread runs."""
        return stage.me.host.number

    def thread_name(self):
        """What it is called."""
        return threads.current_thread().name

    def is_main(self):
        """Whether it is the one that the program began with."""
        return stage.me.host.number <= 0

    def job(self, loop):
        """What another thread than the loop's can wait for."""
        return job_of(loop)

    # -- what a run leaves behind --

    def told(self, loop, context):
        """What asyncio would write to its log."""
        if stage.over:
            return
        error, task = context.get("exception"), context.get("task") or context.get("future")
        kept = context["message"].endswith("exception was never retrieved")
        who = task.get_name() if isinstance(task, asyncio.Task) else "a callback"
        verb = "raised"
        if kept and not isinstance(task, asyncio.Task):
            who = "gather()" if hasattr(task, "_children") else "a future"
            verb = "ends with"
        if error is None:
            self.findings.append(f"{who}: {context['message']}")
            return
        at = f" in line {line}" if (line := line_of(error)) else ""
        text = f"{who} {verb} {type(error).__name__}{f': {error}' if str(error) else ''}{at}"
        self.findings.append(f"{text}, and nobody awaits it" if kept else text)

    def unawaited(self, coro):
        """A coroutine is gone that nobody has awaited."""
        if stage.over:
            return
        name, places = coro.__qualname__, coro.cr_origin or ()
        if coro.cr_code.co_filename.startswith(asyncio.__path__[0]):
            name = f"asyncio.{name}"
        line = next((line for file, line, _ in places if file in stage.lines_of), None)
        at = f" in line {line}" if line else ""
        self.findings.append(f"{name}() is called{at}, but never awaited: it does nothing")

    def left_behind(self):
        """The first thing that went wrong without stopping the program, or an empty string."""
        for loop in self.loops:
            loop.tell_failures()
            if not loop.is_running():
                self.tell_unended(loop)
        return self.findings[0] if self.findings else ""

    def tell_unended(self, loop):
        """asyncio logs that a pending task was destroyed; when that is depends on who refers to
        it."""
        for task in awaits.in_order(loop):
            if task._log_destroy_pending:
                self.findings.append(
                    f"{task.get_name()} awaits {self.awaited(task)} for ever: its loop was stopped "
                    "before it had ended, so the rest of it is never done"
                )

    def close(self):
        """The run is over."""
        warnings._warn_unawaited_coroutine = self.outside
        asyncio.events._event_loop_policy = self.policy
        sys.set_coroutine_origin_tracking_depth(0)


def unwoken(loop):
    """A clause on the thread that has called asyncio as only the loop's own may, if one has."""
    if not loop.called:
        return []
    return [
        f"{loop.called} has called asyncio from outside the loop's thread, which does not wake "
        "the loop: use loop.call_soon_threadsafe or asyncio.run_coroutine_threadsafe"
    ]


def job_of(loop):
    """A future of concurrent.futures that a task of the loop will bring."""

    class Future(futures.Future):
        def why(self):
            waits = super().why()
            if stage.asked is None or stage.workers[stage.asked].host is not loop.host:
                return waits
            return f"{waits}, which stops the loop whose task would bring it: await it instead"

    Future.__module__, Future.__qualname__ = futures.Future.__module__, "Future"
    return Future()


def gathering(handle):
    """The future of gather that a done-callback counts for, or None."""
    callback = handle._callback
    if getattr(callback, "__qualname__", "") != "gather.<locals>._done_callback":
        return None
    if not hasattr(handle._args[0], "_worker"):
        return None
    cells = dict(zip(callback.__code__.co_freevars, callback.__closure__ or (), strict=True))
    return cells["outer"].cell_contents if "outer" in cells else None


def is_program(code):
    """Whether code belongs to a program that is stepped."""
    return code.co_filename in stage.lines_of


def line_here():
    """The line of the program that is being run."""
    frame = sys._getframe(1)
    while frame is not None and not is_program(frame.f_code):
        frame = frame.f_back
    return frame.f_lineno if frame else "?"
