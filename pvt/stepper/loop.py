"""An event loop for the real asyncio, in which the seat chooses the task whose turn comes next.

Tasks, futures, locks, queues, groups and time-outs are asyncio's own; only what a loop does by
itself is replaced: what is ready, in which order it runs, what time it is.  A *turn* is what a
task does between two suspensions; nothing can come in between, so the order of turns is all that a
scheduler of tasks can decide.

Which orders can really happen:
  - Any ready task may go next.  asyncio itself takes the one that has been ready longest, and that
    is the default here; but a task is ready when its answer has arrived, and which answer comes
    first is never certain.
  - Callbacks that are not turns (`call_soon`, the done-callbacks of futures, groups and gather)
    are never late: asyncio promises their order.  Taking a turn out of order therefore runs the
    callbacks that were ready before it first, and no callback overtakes a turn that was ready
    before it.
  - The clock stands still while tasks run.  By default time passes only when nothing is ready, to
    the next timer.  But any turn may take long in reality, and so may an answer, so time may also
    pass while others are ready, once a turn has run since the clock last moved: a sleep or a
    time-out may end before a ready task goes on, as a timed wait of a thread may give up at any
    time.  It never ends before a timer that is due earlier.  What the timer wakes goes ahead of
    the tasks that were ready: they are what took so long.
  - Timers that are due together expire in the order in which they were set, and the tasks that
    they wake are ready together.  A later one may also be held back until nothing else is ready.
    Timers that run a callback of their own (time-outs, `call_later`) have no defined order, as the
    manual says; sleeps need no such choice, since expiring only makes ready.

In the world "interpreter" the order is asyncio's own, and time passes only when nothing is ready:
there only timers that are due together, and other threads, leave a choice.

The loop keeps asyncio's passes: what becomes ready in one pass runs in the next, and `stop` lets
the pass end.  With the first option taken always, the order is exactly that of asyncio on a clock
that moves by sleeping.

Task and Future are asyncio's with a number as their hash: sets of tasks (`all_tasks`, `wait`) are
walked through in the same order in every run.  In reality the order is that of addresses, hence
any; here the numbers go down, so that small sets begin with what was made last, and a program that
takes such a set for a list in the order of creation is found out.
"""

import asyncio
import contextlib
import functools
import itertools
import math
import weakref
from asyncio import events, futures

from pvt.stepper.aio_limits import LIMITS, refusal
from pvt.stepper.stops import ProgramError, Stop

BRINGS = "the end of a call in another thread"
TOGETHER = 1e-9
"""Timers closer than this, in seconds, are due together."""
LARGE = 1 << 48
"""From which the hashes of tasks and futures count down."""
PATIENT = 3
"""How many timers that were set after it a ready turn lets go first: nothing waits for ever."""
PATIENCE = 40
"""Passes at one time after which time passes in any case: tasks that ask again and again."""


class Option:
    """One thing that could happen next: a task's turn, or a timer that expires."""

    __slots__ = ("handle", "kind", "task")

    def __init__(self, kind, task, handle):
        self.kind, self.task, self.handle = kind, task, handle

    def __repr__(self):
        return f"{self.kind} {self.task.get_name() if self.task else 'callback'}"


TURN, TIMER, HOLD = "turn", "timer", "hold"


class Handle(events.Handle):
    """asyncio's handle, with what made it ready."""

    __slots__ = ("cause", "is_turn", "order", "overtaken")


class Timer(events.TimerHandle):
    """asyncio's timer, with who set it, and its number in schedules."""

    __slots__ = ("cause", "order", "worker")
    is_turn = False


def telling(kind, names):
    """Let methods of a class of futures tell the seat that the future is looked at or changed."""
    for name in names:
        if hasattr(kind, name):
            setattr(kind, name, told_first(getattr(kind, name)))
    return kind


def told_first(method):
    """A method that tells the seat first."""

    @functools.wraps(method)
    def call(self, *args, **words):
        self.get_loop().seat.tell(self)
        return method(self, *args, **words)

    return call


class Task(asyncio.Task):
    """asyncio's task; its hash and its name are the same in every run."""

    __module__, __doc__ = asyncio.Task.__module__, asyncio.Task.__doc__

    def __init__(self, coro, *, loop=None, name=None, **more):
        loop = events.get_running_loop() if loop is None else loop
        self._number = LARGE - next(loop.seat.numbers)
        name = loop.seat.name() if name is None else name
        super().__init__(coro, loop=loop, name=name, **more)

    def get_name(self):
        """As asyncio's; which number a task has is then what the program goes by."""
        self.get_loop().seat.names_asked()
        return super().get_name()

    def __hash__(self):
        return self._number


class Future(asyncio.Future):
    """asyncio's future; its hash is the same in every run."""

    def __init__(self, *, loop):
        self._number = LARGE - next(loop.seat.numbers)
        super().__init__(loop=loop)

    def __hash__(self):
        return self._number

    def set_exception(self, exception):
        """As asyncio's; the loop tells at its end if nobody has asked for it."""
        super().set_exception(exception)
        self.get_loop()._failed.append(self)


class Call(Future):
    """The future of a call that a thread will carry out, unless it is cancelled before."""

    brings = BRINGS

    def cancel(self, msg=None):
        """As asyncio's, whose callback then cancels the thread's job."""
        cancelled = super().cancel(msg=msg)
        if cancelled:
            self.get_loop().call_soon(self.give_up)
        return cancelled


LOOKED_AT = (
    "done",
    "cancelled",
    "result",
    "exception",
    "add_done_callback",
    "__await__",
    "__iter__",
)
CHANGED = (
    "cancel",
    "set_result",
    "set_exception",
    "remove_done_callback",
    "uncancel",
    "cancelling",
)
for kind in (Task, Future):
    telling(kind, LOOKED_AT + CHANGED)


class Loop(asyncio.BaseEventLoop):
    """One event loop; the seat chooses, keeps the clock, and knows of other threads."""

    def __init__(self, seat):
        super().__init__()
        self.seat = seat
        self._orders = itertools.count(1)
        self._timers = []  # in the order in which they were set, also where times are equal
        self._left = 0  # how many of the first ready handles belong to this pass
        self._held = False
        self._turned = False  # whether a turn has run since the clock last moved
        self._until = False  # whether it runs until something has ended, not for ever
        self._punctual = False  # whether a time-out wakes: whom it wakes goes before a later timer
        self._failed = []  # tasks and futures that ended with an exception, perhaps still unasked
        self._gathered = []  # weak references to the futures of gather
        self._passes = 0  # since the clock last moved
        self._jobs = []  # for each call in a thread a future that ends with it
        self._asyncgens = Ordered()
        seat.opened(self)

    def __del__(self):
        """No warning: what a program leaves open is told by the seat."""

    # -- what is ready --

    def run_forever(self):
        """As asyncio's."""
        self.seat.running(self)
        super().run_forever()

    def run_until_complete(self, future):
        """As asyncio's."""
        outer, self._until = self._until, True
        try:
            return super().run_until_complete(future)
        finally:
            self._until = outer

    def _run_once(self):
        """One pass: the timers that are due, then everything that is ready now."""
        self.seat.alive()
        self._passes += 1
        if not self._ready and not self._stopping:
            self._idle()
        elif self._passes > PATIENCE and self._timers and not self._stopping:
            self._expire(self._earliest()[0])
        self._expire_due()
        self._left = len(self._ready)
        while self._left > 0:
            self._next()
            self.seat.alive()

    def _next(self):
        """Run one callback, or the turn or timer that the seat chooses."""
        self.seat.between(self)
        handle = self._ready[0]
        if not handle.is_turn:
            self._pop(0)
            self._run(handle)
            return
        options = self._turns()
        if self.seat.any_order and not self._stopping:
            options += self._late()
        self._take(self._choose(options))

    def _turns(self):
        """The turns that can be next; while the loop is stopping only those of this pass."""
        within = self._left if self._stopping else len(self._ready)
        ready = itertools.islice(self._ready, within if self.seat.any_order else 1)
        return [
            Option(TURN, handle._callback.__self__, handle) for handle in ready if handle.is_turn
        ]

    def _late(self):
        """The timer that can expire before the turns that are ready: at most one."""
        if not self._timers:
            return []
        timer = self._earliest()[0]
        may = self._turned or timer._when <= self.seat.clock + TOGETHER
        fair = all(handle.overtaken < PATIENT for handle in self._before(timer))
        return [self._option(TIMER, timer)] if may and fair else []

    def _before(self, timer):
        """The turns that were ready before a timer was set."""
        return [each for each in self._ready if each.is_turn and each.order < timer.order]

    def _choose(self, options):
        return options[0 if len(options) == 1 else self.seat.choose(self, options)]

    def _take(self, option):
        if option.kind == TIMER:
            self._jump(option.handle)
            return
        while (handle := self._first_until(option.handle)) is not option.handle:
            self._run(handle)
        self._run(handle)

    def _first_until(self, wanted):
        """Take out the first callback in front of the wanted turn, or the turn itself."""
        for index, handle in enumerate(self._ready):
            if handle is wanted or not handle.is_turn:
                self._pop(index)
                return handle
        raise RuntimeError("the chosen turn is not ready")

    def _pop(self, index):
        del self._ready[index]
        if index < self._left:
            self._left -= 1

    def _run(self, handle):
        if handle.cancelled():
            return
        if not handle.is_turn:
            timer = isinstance(handle, Timer)
            self._punctual = not is_sleep(handle) if timer else handle.overtaken >= PATIENT
            self.seat.callback(self, handle, is_sleep(handle))
            self._punctual = False
            return
        self._turned = True
        task = handle._callback.__self__
        self.seat.turn(self, task, handle)
        if getattr(task, "_log_traceback", False):  # it has failed, and nobody has asked yet
            self._failed.append(task)

    # -- time --

    def time(self):
        """The still clock, in seconds."""
        return self.seat.clock

    def call_later(self, delay, callback, *args, context=None):
        """As asyncio's."""
        if delay is None:
            raise TypeError("delay must not be None")
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        """As asyncio's; the timers are kept in the order in which they were set."""
        if when is None:
            raise TypeError("when cannot be None")
        self._check_closed()
        self.seat.calling(self, False)
        if math.isnan(when):  # asyncio takes it for due: it is not later than any time
            when = self.time()
        timer = Timer(when, callback, args, self, context)
        timer._scheduled, timer.worker = True, None
        timer.cause, timer.order = self.seat.cause(), next(self._orders)
        if when != math.inf:  # that time never comes
            self._timers.append(timer)
        return timer

    def call_soon(self, callback, *args, context=None):
        """As asyncio's."""
        self.seat.calling(self, False)
        return super().call_soon(callback, *args, context=context)

    def call_soon_threadsafe(self, callback, *args, context=None):
        """As asyncio's."""
        self.seat.calling(self, True)
        self._check_closed()
        handle = self._call_soon(callback, args, context)
        self._write_to_self()
        return handle

    def _call_soon(self, callback, args, context):
        handle = Handle(callback, args, self, context)
        handle.is_turn = is_turn(callback)
        if handle.is_turn:
            self.seat.created(self, callback.__self__)  # perhaps made by no function of the loop
        handle.cause = self.seat.cause()
        handle.order, handle.overtaken = next(self._orders), PATIENT if self._punctual else 0
        self._ready.append(handle)
        return handle

    def stop(self):
        """As asyncio's."""
        self.seat.calling(self, False)
        super().stop()

    def state(self, ordered=True):
        """What the loop will do by itself: the same state, the same future.

        Not `ordered`: turns that are ready with no callback between them may stand in any order.
        """
        mark = self.seat.mark
        ready = [(mark(handle), n < self._left) for n, handle in enumerate(self._ready)]
        if not ordered:
            ready = self._segments(ready)
        timers = [(timer._when, mark(timer)) for timer in self._timers]
        return (*ready, *timers, self._held, self._turned, self.seat.clock)

    def _segments(self, marks):
        """Marks of what is ready, those of neighbouring turns sorted."""
        found = []
        for turns, group in itertools.groupby(
            zip(self._ready, marks, strict=True), lambda pair: pair[0].is_turn
        ):
            between = [mark for _, mark in group]
            found += sorted(between) if turns else between
        return found

    def _timer_handle_cancelled(self, handle):
        self._timers = [timer for timer in self._timers if timer is not handle]

    def _earliest(self):
        """The timers that are due next, those set first in front."""
        when = min(timer._when for timer in self._timers) + TOGETHER
        return [timer for timer in self._timers if timer._when <= when]

    def _idle(self):
        """Nothing is ready: another thread does something, or time passes to the next timer."""
        self._held = False
        self.seat.wait(self)
        if self._ready or self._stopping or not self._timers:
            return
        option = self._choose(
            [self._option(TIMER, timer) for timer in undefined_order(self._earliest())]
        )
        self._expire(option.handle)

    def _expire_due(self):
        """Timers whose time has come join what is ready, unless one is held back."""
        while not self._held and (
            due := [t for t in self._timers if t._when <= self.seat.clock + TOGETHER]
        ):
            first = undefined_order(due)
            options = [self._option(TIMER, timer) for timer in first]
            if self._ready:
                options.append(Option(HOLD, options[0].task, due[0]))
            option = self._choose(options)
            if option.kind == HOLD:
                self._held = True
                return
            for timer in due if len(first) == 1 else [option.handle]:
                self._expire(timer)

    def _expire(self, timer):
        """Time passes to the timer: its callback is ready."""
        self._timer_handle_cancelled(timer)
        if timer.worker is not None:
            timer.worker.done = True
        timer._scheduled = False
        if timer._when > self.seat.clock:
            self.seat.clock, self._turned, self._passes = timer._when, False, 0
        self._ready.append(timer)

    def _jump(self, timer):
        """Time passes while turns are ready: what the timer wakes goes ahead of them."""
        for handle in self._before(timer):
            handle.overtaken += 1
        self._run_callbacks()
        if any(each is timer for each in self._timers):  # no callback has cancelled it
            self._put_first(timer)
        self._left = len(self._ready)

    def _put_first(self, timer):
        """Run a timer and its callbacks; what was ready before keeps its place behind them."""
        late = list(self._ready)
        self._ready.clear()
        try:
            self._expire(timer)
            self._run_callbacks()
        finally:
            self._ready.extend(late)

    def _run_callbacks(self):
        """Run what is ready and no turn, and what that makes ready; a chain without end is left."""
        for _ in range(PATIENCE):
            callbacks = [handle for handle in self._ready if not handle.is_turn]
            if not callbacks:
                return
            for handle in callbacks:
                self._pop(next(at for at, each in enumerate(self._ready) if each is handle))
                self._run(handle)

    def _option(self, kind, timer):
        return Option(kind, woken_by(timer), timer)

    # -- tasks and futures --

    def create_future(self):
        """A future whose place in sets is the same in every run."""
        return Future(loop=self)

    def create_task(self, coro, *, name=None, context=None, **more):
        """As asyncio's; names are counted afresh in every run."""
        self._check_closed()
        if context is not None:
            more["context"] = context
        if self._task_factory is None:
            task = Task(coro, loop=self, name=name, **more)
        else:
            task = self._task_factory(self, coro, **more)
            self._name_task(task, name)
        self.seat.created(self, task)
        return task

    def _name_task(self, task, name):
        """A task that a factory has made; one of asyncio's own would be counted in all runs."""
        if name is None and not isinstance(task, Task):
            name = self.seat.name()
        if name is not None:
            getattr(task, "set_name", lambda _: None)(name)

    def default_exception_handler(self, context):
        """What asyncio would write to its log is told to the seat."""
        self.seat.told(self, context)

    # -- other threads --

    def _write_to_self(self):
        self.seat.woken(self)

    def _process_events(self, event_list):
        """There are no files."""

    def set_default_executor(self, executor):
        """As asyncio's, for the stage's pools."""
        self._default_executor = self.seat.checked_pool(executor)

    def run_in_executor(self, executor, func, *args):
        """Let a thread of the stage call the function."""
        self._check_closed()
        if executor is not None:
            return follow(executor.submit(func, *args), self)
        self._check_default_executor()
        if self._default_executor is None:
            self._default_executor = self.seat.pool()
        future, over = Call(loop=self), self.create_future()
        self._jobs.append(over)

        def work():
            result = error = None
            try:
                result = func(*args)
            except (Stop, ProgramError):
                raise
            except BaseException as raised:
                error = raised
            if not self.is_closed():
                self.call_soon_threadsafe(bring, result, error)

        def bring(result, error):
            settle(over, None, None)
            settle(future, result, error)

        def give_up():
            if job.cancel():  # no thread has begun with it
                settle(over, None, None)

        work.__name__ = getattr(func, "__name__", "to_thread")
        job = self._default_executor.submit(work)
        future.give_up = give_up
        return future

    async def shutdown_default_executor(self, timeout=None):
        """Wait for the threads that `to_thread` has started."""
        self._executor_shutdown_called = True
        for over in self._jobs:
            await over
        if self._default_executor is not None:
            self._default_executor.shutdown(wait=True)

    # -- the end --

    def close(self):
        """As asyncio's; what failed and was never asked for is told now."""
        if not self.is_closed():
            self.tell_failures()
        super().close()

    def tell_failures(self):
        """asyncio does so when a task is collected; here the place is the same in every run."""
        gathered = [future for ref in self._gathered if (future := ref()) is not None]
        failed, self._failed, self._gathered = [*self._failed, *gathered], [], []
        for task in failed:
            if task._log_traceback:
                kind = "Task" if isinstance(task, asyncio.Task) else "Future"
                context = {
                    "message": f"{kind} exception was never retrieved",
                    "exception": task.exception(),
                    kind.lower(): task,
                }
                self.call_exception_handler(context)

    def abandon(self):
        """Close what is left of a run that is over; nothing is told any more."""
        self._ready.clear()
        self._timers.clear()
        for task in self._failed:
            task._log_traceback = False
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False
            with contextlib.suppress(BaseException):
                task.get_coro().close()
        self._ready.clear()
        self._closed = True


def is_turn(callback):
    """Whether a callback is a task's turn: asyncio schedules two kinds for these."""
    if type(callback).__name__ == "TaskStepMethWrapper":
        return True
    if getattr(callback, "__name__", "") not in ("task_wakeup", "__step", "__wakeup"):
        return False
    return isinstance(getattr(callback, "__self__", None), asyncio.Task)


def is_sleep(timer):
    """Whether a timer only makes a future ready."""
    return timer._callback is futures._set_result_unless_cancelled


def undefined_order(timers):
    """Of timers that are due together those that may come first."""
    return timers[:1] + [timer for timer in timers[1:] if not is_sleep(timer)]


def woken_by(timer):
    """The task that a timer wakes or cancels, or None."""
    owner = getattr(timer._callback, "__self__", None)
    task = getattr(owner, "_task", None)  # asyncio.Timeout
    if isinstance(task, asyncio.Task):
        return task
    for argument in timer._args or ():
        if isinstance(argument, asyncio.Future):
            for callback, _ in argument._callbacks or ():
                if isinstance(getattr(callback, "__self__", None), asyncio.Task):
                    return callback.__self__
    return None


def settle(future, result, error):
    """Give a future what a thread has brought, unless nobody wants it any more."""
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def follow(job, loop):
    """A future of the loop that ends as an executor's job does, and cancels it."""
    future = loop.create_future()
    future.brings = BRINGS

    def bring(job):
        if not loop.is_closed():
            loop.call_soon_threadsafe(carry, job, future)

    def give_up(future):
        if future.cancelled():
            job.cancel()

    future.add_done_callback(give_up)
    job.add_done_callback(bring)
    return future


def carry(job, future):
    """Copy how a job ended."""
    if future.done():
        return
    if job.cancelled():
        future.cancel()
    elif job.exception() is None:
        future.set_result(job.result())
    else:
        future.set_exception(job.exception())


class Ordered:
    """Weak references in the order in which they were added."""

    def __init__(self):
        self._held = {}

    def add(self, thing):
        """Remember a generator until it is gone."""
        key = id(thing)
        self._held[key] = weakref.ref(thing, lambda _: self._held.pop(key, None))

    def discard(self, thing):
        """Forget it."""
        self._held.pop(id(thing), None)

    def clear(self):
        """Forget all."""
        self._held.clear()

    def __iter__(self):
        return iter([thing for ref in list(self._held.values()) if (thing := ref()) is not None])

    def __len__(self):
        return len(self._held)


def unsupported(name):
    """A method of the loop that tells what cannot be stepped."""

    def method(self, *_, **__):
        raise self.seat.refused(refusal(name))

    method.__name__ = name
    return method


for name in LIMITS:
    setattr(Loop, name, unsupported(name))
