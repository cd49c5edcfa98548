"""The module that a program gets for asyncio: the real one, but each loop is a loop of the stage.

Every public name is there.  Locks, queues, groups and so on are asyncio's own classes, so what the
program passes to libraries is what they expect.  Replaced are the ways to make a loop, what
reaches into other threads, and what cannot be stepped (which says so when it is called, not when
it is imported).
"""

import asyncio
import functools
import inspect
import sys
import warnings
import weakref
from asyncio import events
from types import ModuleType

from pvt.stepper.aio_limits import LIMITS, refusal
from pvt.stepper.loop import Loop, Task, follow

LOOP_NAMES = ("SelectorEventLoop", "ProactorEventLoop", "EventLoop")
POLICY_NAMES = (
    "DefaultEventLoopPolicy",
    "WindowsSelectorEventLoopPolicy",
    "WindowsProactorEventLoopPolicy",
)


def module(seat):
    """The stand-in for asyncio on one seat."""
    made = ModuleType("asyncio", asyncio.__doc__)
    names = {name: getattr(asyncio, name) for name in dir(asyncio) if not name.startswith("__")}
    made.__dict__.update(names, __path__=asyncio.__path__, __all__=asyncio.__all__)
    made.__dict__.update({name: refusing(seat, name) for name in LIMITS if hasattr(asyncio, name)})
    NOW.seat = seat
    making = Making(seat)
    events._event_loop_policy = (
        making.policy_class()()
    )  # asyncio.Future() and ensure_future() ask it
    made.__dict__.update(primitives())
    made.__dict__.update(making.names())
    made.__dict__.update({name: Part(real, made) for name, real in parts()})
    return made


@functools.cache
def parts():
    """The modules that asyncio consists of, by their names in it."""
    found = [(name, getattr(asyncio, name)) for name in dir(asyncio)]
    return [(name, each) for name, each in found if is_part(each)]


def is_part(thing):
    """Whether something is one of asyncio's own modules."""
    return isinstance(thing, ModuleType) and thing.__name__.startswith("asyncio.")


class Part(ModuleType):
    """One of asyncio's own modules: what has a stand-in has it here, too."""

    def __init__(self, real, whole):
        super().__init__(real.__name__, real.__doc__)
        self.__dict__.update(_real=real, _whole=whole)

    def __getattr__(self, name):
        value = getattr(self._real, name)
        is_same = getattr(asyncio, name, self) is value
        return getattr(self._whole, name) if is_same else value

    def __dir__(self):
        return dir(self._real)


def refusing(seat, name):
    """A function that tells why it cannot be stepped."""

    def function(*_, **__):
        raise seat.refused(refusal(name))

    function.__name__ = name
    return function


PRIMITIVES = (
    asyncio.Lock,
    asyncio.Event,
    asyncio.Semaphore,
    asyncio.BoundedSemaphore,
    asyncio.Barrier,
    asyncio.Queue,
    asyncio.LifoQueue,
    asyncio.PriorityQueue,
    asyncio.TaskGroup,
)
ALSO = ("__aenter__", "__aexit__")


class Now:
    """The seat of the run that goes on: classes are made once for all runs."""

    seat = None


NOW = Now()


@functools.cache
def primitives():
    """asyncio's locks, events, queues and groups, whose methods tell the seat what they touch."""
    made = {kind.__name__: telling(kind) for kind in PRIMITIVES}
    lock, event = remembering(made["Lock"], made["Event"])
    condition = telling(asyncio.Condition)

    class Condition(condition):
        __doc__ = asyncio.Condition.__doc__
        __qualname__ = "Condition"

        def __init__(self, lock_=None):
            super().__init__(lock() if lock_ is None else lock_)

    return made | {"Condition": Condition, "Lock": lock, "Event": event}


def remembering(lock, event):
    """Locks that know who took them, and events that know that they were set: for sentences."""

    class Lock(lock):
        __doc__, __module__, __qualname__ = lock.__doc__, lock.__module__, "Lock"
        _taker = None

        async def acquire(self):
            taken = await super().acquire()
            task = asyncio.current_task() if events._get_running_loop() else None
            self._taker = task and (task, NOW.seat.line())
            return taken

    class Event(event):
        __doc__, __module__, __qualname__ = event.__doc__, event.__module__, "Event"
        _was_set = False

        def set(self):
            super().set()
            self._was_set = True

    return Lock, Event


def telling(kind):
    """A subclass of one of asyncio's classes."""
    names = [name for name in dir(kind) if not name.startswith("_") or name in ALSO]
    methods = {name: method for name in names if callable(method := getattr(kind, name))}
    body = {name: wrapped(method) for name, method in methods.items() if name != "mro"}
    body.pop("__class_getitem__", None)
    return type(
        kind.__name__, (kind,), body | {"__doc__": kind.__doc__, "__module__": kind.__module__}
    )


def wrapped(method):
    """A method that tells the seat before, and after where it may have waited."""
    if not inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        def call(self, *args, **words):
            NOW.seat.tell(self)
            return method(self, *args, **words)

        return call

    @functools.wraps(method)
    async def wait(self, *args, **words):
        NOW.seat.tell(self)
        try:
            return await method(self, *args, **words)
        finally:
            NOW.seat.tell(self)

    return wait


class Making:
    """The functions of asyncio that make, set and find loops, for one seat."""

    def __init__(self, seat):
        self.seat = seat
        self.loops = {}  # thread → the loop that was set for it

    def names(self):
        """Name → what stands for it."""
        found = {
            "run": self.run,
            "Runner": self.runner_class(),
            "Task": Task,
            "new_event_loop": self.new_event_loop,
            "set_event_loop": self.set_event_loop,
            "get_event_loop": self.get_event_loop,
            "as_completed": self.as_completed,
            "gather": self.gather,
            "run_coroutine_threadsafe": self.run_coroutine_threadsafe,
            "wrap_future": self.wrap_future,
        }
        found |= {name: self.loop_class() for name in LOOP_NAMES if hasattr(asyncio, name)}
        if hasattr(asyncio, "eager_task_factory"):
            found["eager_task_factory"] = asyncio.create_eager_task_factory(Task)
        return found | self.policies()

    def loop_class(self):
        """The loop's class, made as the program makes it: without arguments that we need."""
        seat = self.seat

        class SelectorEventLoop(Loop):
            def __init__(self, *_, **__):
                super().__init__(seat)

        return SelectorEventLoop

    def runner_class(self):
        """asyncio's Runner, which makes a loop of the stage."""
        making = self

        class Runner(asyncio.Runner):
            def __init__(self, *, debug=None, loop_factory=None):
                super().__init__(debug=debug, loop_factory=loop_factory or making.new_event_loop)

            def run(self, coro, *, context=None):
                making.loops[making.seat.thread()] = None  # as asyncio's, which leaves none behind
                return super().run(coro, context=context)

        return Runner

    def run(self, main, *, debug=None, loop_factory=None):
        """As asyncio.run."""
        if events._get_running_loop() is not None:
            raise RuntimeError("asyncio.run() cannot be called from a running event loop")
        with self.runner_class()(debug=debug, loop_factory=loop_factory) as runner:
            return runner.run(main)

    def new_event_loop(self):
        """As asyncio.new_event_loop."""
        return Loop(self.seat)

    def set_event_loop(self, loop):
        """As asyncio.set_event_loop, for this run only."""
        self.loops[self.seat.thread()] = loop

    def get_event_loop(self):
        """The running loop, the one that was set, or (before 3.14, as asyncio) a new one."""
        running = events._get_running_loop()
        if running is not None:
            return running
        thread = self.seat.thread()
        if thread not in self.loops and sys.version_info < (3, 14) and self.seat.is_main():
            self.loops[thread] = self.new_event_loop()
        loop = self.loops.get(thread)
        if loop is None:
            raise RuntimeError(
                f"There is no current event loop in thread {self.seat.thread_name()!r}."
            )
        return loop

    def run_coroutine_threadsafe(self, coro, loop):
        """As asyncio's; what it returns is a future of the stage, which sees who waits for it."""
        if not asyncio.iscoroutine(coro):
            raise TypeError("A coroutine object is required")
        job, ended = self.seat.job(loop), []

        def start():
            try:
                task = asyncio.ensure_future(coro, loop=loop)
            except BaseException as error:
                job.set_exception(error)
                raise
            task.add_done_callback(bring)
            job.add_done_callback(lambda _: give_up(task))

        def give_up(task):
            if not (ended or loop.is_closed()):  # so the job was cancelled
                loop.call_soon_threadsafe(task.cancel)

        def bring(task):
            ended.append(True)
            if task.cancelled():
                job.cancel()
            elif job.set_running_or_notify_cancel():
                if task.exception() is None:
                    job.set_result(task.result())
                else:
                    job.set_exception(task.exception())

        loop.call_soon_threadsafe(start)
        return job

    def as_completed(self, fs, *, timeout=None):
        """As asyncio's, which walks through a set: here the tasks are made in the order given."""
        if asyncio.isfuture(fs) or asyncio.iscoroutine(fs):
            return asyncio.as_completed(fs, timeout=timeout)  # it says what is wrong
        return asyncio.as_completed(
            [asyncio.ensure_future(one) for one in dict.fromkeys(fs)], timeout=timeout
        )

    def gather(self, *coros_or_futures, return_exceptions=False):
        """As asyncio's; its loop remembers the future, to tell if nobody asks for its exception."""
        future = asyncio.gather(*coros_or_futures, return_exceptions=return_exceptions)
        if isinstance(loop := future.get_loop(), Loop):
            loop._gathered.append(weakref.ref(future))
        return future

    def wrap_future(self, future, *, loop=None):
        """As asyncio's, for futures of the stage's executors too."""
        if asyncio.isfuture(future):
            return future
        return follow(future, loop or self.get_event_loop())

    def policy_class(self):
        """The class of policies that make loops of the stage."""
        making = self

        class Policy:
            """Makes loops of the stage."""

            new_event_loop = staticmethod(making.new_event_loop)
            get_event_loop = staticmethod(making.get_event_loop)
            set_event_loop = staticmethod(making.set_event_loop)

            def __getattr__(self, name):  # what watches over processes, which nobody starts
                return getattr(asyncio.DefaultEventLoopPolicy(), name)

        return Policy

    def policies(self):
        """Until 3.16 a policy may be set; here it makes loops of the stage."""
        if not hasattr(asyncio, "set_event_loop_policy"):
            return {}
        Policy = self.policy_class()
        chosen = [Policy()]
        names = {
            "get_event_loop_policy": lambda: chosen[0],
            "set_event_loop_policy": lambda policy: chosen.__setitem__(0, policy or Policy()),
        }
        return names | {name: Policy for name in POLICY_NAMES if hasattr_quietly(name)}


def hasattr_quietly(name):
    """Whether asyncio has a name; some warn from 3.14 on when they are asked for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hasattr(asyncio, name)
