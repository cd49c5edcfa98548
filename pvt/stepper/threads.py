"""Stand-ins for Thread, Timer, local and the functions of threading and _thread: a thread is a
worker of the stage."""

import contextlib
import sys
import threading

from pvt.stepper import lives
from pvt.stepper.calls import called
from pvt.stepper.engine import ALIVE, stage
from pvt.stepper.locks import Standin
from pvt.stepper.stops import ProgramError, Stop

IDENT = 140_000_000_000_000
MOST = 100


class Thread(Standin):
    """A thread of the program."""

    noun = "thread"
    _initialized = False

    def __init__(
        self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None, context=None
    ):
        if group is not None:
            raise AssertionError("group argument must be None for now")
        self._target, self._args, self._kwargs = target, args, {} if kwargs is None else kwargs
        if name is None:
            stage.touch_names()
            stage.named_threads += 1
            aim = getattr(target, "__name__", None) if target is not None else None
            name = f"Thread-{stage.named_threads}" + (f" ({aim})" if aim else "")
        self._name = str(name)
        parent = stage.me
        self._daemonic = bool(parent.daemon if daemon is None else daemon)
        self._worker, self._initialized = None, True

    def __repr__(self):
        state = "initial" if self._worker is None else "stopped" if self._worker.done else "started"
        return f"<{type(self).__name__}({self._name}, {state}{' daemon' * self._daemonic})>"

    def start(self):
        """Let it run."""
        if not self._initialized:
            raise RuntimeError("thread.__init__() not called")
        if self._worker is not None:
            raise RuntimeError("threads can only be started once")
        self._worker = spawn(self._whole, self._name, self._daemonic, self)

    def _whole(self):
        try:
            self.run()
        except SystemExit:
            pass
        except (Stop, ProgramError):
            raise
        except BaseException as error:
            hook = stage.modules_made["threading"].excepthook
            if hook is excepthook:
                raise
            hook(threading.ExceptHookArgs((type(error), error, error.__traceback__, self)))

    def run(self):
        """What the thread does."""
        try:
            if self._target is not None:
                called(self._target)(*self._args, **self._kwargs)
        finally:
            del self._target, self._args, self._kwargs

    def join(self, timeout=None):
        """Wait for its end."""
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        worker = self._worker
        if worker is None:
            raise RuntimeError("cannot join thread before it is started")
        if worker is stage.me.host:
            raise RuntimeError("cannot join current thread")
        key = ("end", worker.number)
        why = lambda: f"waiting for the end of thread {worker.number}"  # noqa: E731
        if timeout is None:
            stage.sync(self, "join", lambda: worker.done, why, lambda: worker, write=False, key=key)
        else:
            said = lambda: f"{why()}, for at most {timeout} s"  # noqa: E731
            stage.learn(ALIVE)  # it may give up before the end, and then sees what is not done yet
            stage.sync(
                self, "join for a while", why=said, free=not worker.done, write=False, key=key
            )
            if not worker.done:
                stage.give_up(timeout)

    def is_alive(self):
        """Whether it has started and not ended."""
        if self._worker is None:
            return False
        stage.learn(ALIVE)
        stage.sync(self, "is alive", write=False, key=("end", self._worker.number))
        return not self._worker.done

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        self._name = str(name)

    @property
    def daemon(self):
        return self._daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if self._worker is not None:
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = bool(daemonic)

    ident = property(lambda self: None if self._worker is None else IDENT + self._worker.number)
    native_id = property(lambda self: None if self._worker is None else 1000 + self._worker.number)

    def getName(self):  # noqa: N802
        """The name."""
        return self._name

    def setName(self, name):  # noqa: N802
        """Another name."""
        self._name = str(name)

    def isDaemon(self):  # noqa: N802
        """Whether the program may end before it."""
        return self._daemonic

    def setDaemon(self, daemonic):  # noqa: N802
        """Whether the program may end before it."""
        self.daemon = daemonic


def spawn(call, name, daemon, thread=None):
    """A new worker that does `call`."""
    if stage.me.number < 0:
        raise ProgramError("setup() and safe() must not start threads: start them in a function of THREADS, or at the "
                           "top of a program without THREADS")  # fmt: skip
    if len(stage.workers) > MOST:
        raise ProgramError(
            f"the program starts more than {MOST} threads: let it start fewer; 2 or 3 show most faults"
        )
    lives.watch_all(stage.weak)
    worker = stage.worker(name, call, daemon)
    worker.thread, worker.born = thread, place_here()
    stage.start(worker)
    return worker


class Existing(Thread):
    """A thread that the program did not make: the main thread, an entry of THREADS, one of
    _thread."""

    def __init__(self, worker, name):
        super().__init__(name=name)
        self._worker, self._daemonic = worker, worker.daemon


class Timer(Thread):
    """Calls a function after a time, unless it is cancelled before."""

    def __init__(self, interval, function, args=None, kwargs=None):
        from pvt.stepper.meetings import Event

        super().__init__()
        self.interval, self.function, self.args, self.kwargs = (
            interval,
            function,
            args or [],
            kwargs or {},
        )
        self.finished = Event()

    def cancel(self):
        """Too late if it has begun."""
        self.finished.set()

    def run(self):
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            called(self.function)(*self.args, **self.kwargs)
        self.finished.set()


class local:  # noqa: N801
    """Attributes that are each worker's own."""

    __private__ = True
    __slots__ = ("__dict__", "_given")

    def __new__(cls, /, *args, **words):
        if (args or words) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        made = object.__new__(cls)
        object.__setattr__(made, "_given", (args, words))
        stage.me.host.local[id(made)] = object.__getattribute__(made, "__dict__")
        return made

    def __getattribute__(self, name):
        mine(self)
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        if name == "__dict__":
            raise AttributeError(
                f"{type(self).__name__!r} object attribute '__dict__' is read-only"
            )
        mine(self)
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        mine(self)
        object.__delattr__(self, name)


def mine(it):
    """Lay out the attributes that belong to the running worker."""
    here = stage.me.host.local
    fields = here.get(id(it))
    if fields is None:
        fields = here[id(it)] = {}
        object.__setattr__(it, "__dict__", fields)
        args, words = object.__getattribute__(it, "_given")
        if type(it).__init__ is not object.__init__:
            type(it).__init__(it, *args, **words)
    else:
        object.__setattr__(it, "__dict__", fields)


def current_thread():
    """The thread that asks."""
    worker = stage.me.host
    if worker.thread is None:
        main = worker.number == 0 and stage.ordinary
        worker.thread = Existing(
            worker, "MainThread" if main or worker.number < 0 else f"thread {worker.number}"
        )
    return worker.thread


def main_thread():
    """The thread that the program began with."""
    if not stage.ordinary:
        return current_thread() if stage.me.number < 0 else Existing(stage.me.host, "MainThread")
    worker = stage.workers[0]
    worker.thread = worker.thread or Existing(worker, "MainThread")
    return worker.thread


def get_ident():
    """A number that no other thread has."""
    return IDENT + stage.me.host.number if stage.ordinary else stage.me.host.number


def get_native_id():
    """A number that no other thread has."""
    return 1000 + stage.me.host.number


def enumerate_threads():
    """All threads that are alive."""
    stage.learn(ALIVE)
    found = []
    for worker in list(stage.workers):
        stage.sync(worker, "is alive", write=False, key=("end", worker.number))
        if not worker.done:
            worker.thread = worker.thread or Existing(worker, worker.name)
            found.append(worker.thread)
    return found


def active_count():
    """How many are alive."""
    return len(enumerate_threads())


def excepthook(args, /):
    """An exception that nobody caught ends the run as broken."""


def start_new_thread(function, args, kwargs=None):
    """The old way."""
    worker = spawn(
        lambda: quietly(function, args, kwargs or {}), getattr(function, "__name__", "thread"), True
    )
    return IDENT + worker.number


def quietly(function, args, words):
    """sys.exit() ends a thread and no more."""
    with contextlib.suppress(SystemExit):
        called(function)(*args, **words)


def leave():
    """_thread.exit()."""
    raise SystemExit


def stack_size(size=0):
    """Stacks are as they are."""
    return 0


def refuse(module, name):
    """What no stage can honour."""

    def call(*args, **words):
        line = line_here()
        raise ProgramError(
            f"line {line}: {module}.{name} is not supported here; take it out to step the program"
        )

    return call


def frame_here():
    """The program's innermost frame that is being run, or None."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename not in stage.lines_of:
        frame = frame.f_back
    return frame


def place_here():
    """File and line of the program that is being run, or None."""
    frame = frame_here()
    return frame and (frame.f_code.co_filename, frame.f_lineno)


def line_here():
    """The line of the program that is being run."""
    frame = frame_here()
    return frame.f_lineno if frame else "?"


def get_trace():
    """Nobody traces."""


FUNCTIONS = {
    "current_thread": current_thread, "currentThread": current_thread, "main_thread": main_thread,
    "get_ident": get_ident, "get_native_id": get_native_id, "enumerate": enumerate_threads,
    "active_count": active_count, "activeCount": active_count, "excepthook": excepthook, "stack_size": stack_size,
    "gettrace": get_trace, "getprofile": get_trace, "ExceptHookArgs": threading.ExceptHookArgs,
    "TIMEOUT_MAX": threading.TIMEOUT_MAX, "ThreadError": RuntimeError, "__excepthook__": excepthook,
}  # fmt: skip
OLD = {
    "start_new_thread": start_new_thread, "start_new": start_new_thread, "exit": leave, "exit_thread": leave,
    "get_ident": get_ident, "get_native_id": get_native_id, "stack_size": stack_size, "error": RuntimeError,
    "TIMEOUT_MAX": threading.TIMEOUT_MAX, "ExceptHookArgs": threading.ExceptHookArgs,
}  # fmt: skip
