"""Stand-ins for Thread, Timer, local and the functions of threading and _thread: a thread is a
worker of the stage."""

import contextlib
import itertools
import sys
import threading

from pvt.stepper import lives
from pvt.stepper.calls import called
from pvt.stepper.engine import ALIVE, stage
from pvt.stepper.locks import Standin
from pvt.stepper.stops import LIBRARY, ProgramError, Stop

IDENT = 140_000_000_000_000
MOST = 100


class Thread(Standin):
    """A thread of the program."""

    noun = "thread"
    _initialized = _is_stopped = False

    def __init__(
        self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None, context=None
    ):
        if group is not None:
            raise AssertionError("group argument must be None for now")
        self._target, self._args, self._kwargs = target, args, {} if kwargs is None else kwargs
        if name is None:
            aim = getattr(target, "__name__", None) if target is not None else None
            name = new_name("Thread") + (f" ({aim})" if aim else "")
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
        if self._begun(write=True) is not None:
            raise RuntimeError("threads can only be started once")
        spawn(self._whole, self._name, self._daemonic, self)

    def _begun(self, write=False):
        """Its worker, or None before it is started: others may look at that."""
        if not stage.alone:
            stage.touch(self, "start", "the start of a thread", write)
        return self._worker

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
        worker = self._begun()
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
        if worker.done:
            self._ended()

    def _ended(self):
        """Somebody has seen its end: where the real Thread then calls its own _stop, what a subclass
        has put in its place is called."""
        if not self._is_stopped and hasattr(threading.Thread, "_stop"):
            self._stop()
        return self._is_stopped or not hasattr(threading.Thread, "_stop")

    def _stop(self):
        self._is_stopped = True

    def is_alive(self):
        """Whether it has started and not ended."""
        if self._begun() is None:
            return False
        stage.learn(ALIVE)
        stage.sync(self, "is alive", write=False, key=("end", self._worker.number))
        return not (self._worker.done and self._ended())

    @property
    def name(self):
        if not stage.alone:
            stage.touch(self, "name", "the name of a thread", False)
        return self._name

    @name.setter
    def name(self, name):
        if not stage.alone:
            stage.touch(self, "name", "the name of a thread", True)
        self._name = str(name)

    @property
    def daemon(self):
        return self._daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if self._worker is not None:
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = bool(daemonic)

    @property
    def ident(self):
        worker = self._begun()
        return None if worker is None else ident_of(worker)

    @property
    def native_id(self):
        worker = self._begun()
        return None if worker is None else 1000 + worker.number

    def getName(self):  # noqa: N802
        """The name."""
        return self.name

    def setName(self, name):  # noqa: N802
        """Another name."""
        self.name = name

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
    if thread is not None:
        thread._worker = worker
    stage.start(worker)
    return worker


if not hasattr(threading.Thread, "_stop"):  # from 3.13 on
    del Thread._stop


class _MainThread(Thread):
    """The thread that the program began with."""


class _DummyThread(Thread):
    """A thread of _thread, once somebody asks for it."""


def adopted(worker, name, kind=Thread):
    """The object of a thread that the program did not make."""
    made = kind(name=name)
    made._worker, made._daemonic = worker, worker.daemon
    return made


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


LOCALS = itertools.count()
"""A number for each `local`; an id may be that of one that is gone."""


class local:  # noqa: N801
    """Attributes that are each worker's own."""

    __private__ = True
    __slots__ = ("__dict__", "_given")

    def __new__(cls, /, *args, **words):
        if (args or words) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        made = object.__new__(cls)
        object.__setattr__(made, "_given", (args, words, next(LOCALS)))
        number = object.__getattribute__(made, "_given")[2]
        stage.me.host.local[number] = object.__getattribute__(made, "__dict__")
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
    args, words, number = object.__getattribute__(it, "_given")
    fields = here.get(number)
    if fields is None:
        fields = here[number] = {}
        object.__setattr__(it, "__dict__", fields)
        if type(it).__init__ is not object.__init__:
            type(it).__init__(it, *args, **words)
    else:
        object.__setattr__(it, "__dict__", fields)


def current_thread():
    """The thread that asks."""
    return object_of(stage.me.host)


def object_of(worker):
    """A worker as a program knows it."""
    if worker.thread is None:
        number = worker.number
        if number < 0 or (number == 0 and stage.ordinary):
            worker.thread = adopted(worker, "MainThread", _MainThread)
        elif number < stage.mains:
            worker.thread = adopted(worker, f"thread {number}")
        else:
            worker.thread = adopted(worker, new_name("Dummy"), _DummyThread)
    return worker.thread


def new_name(kind):
    """A name with the next number, which two threads may ask for at once."""
    stage.touch_names()
    stage.named_threads += 1
    return f"{kind}-{stage.named_threads}"


def main_thread():
    """The thread that the program began with."""
    if stage.ordinary:
        return object_of(stage.workers[0])
    if stage.me.number < 0:
        return current_thread()
    return adopted(stage.me.host, "MainThread", _MainThread)


def get_ident():
    """A number that no other thread has."""
    return ident_of(stage.me.host)


def ident_of(worker):
    """The number by which threads tell each other apart."""
    return IDENT + worker.number if stage.ordinary else worker.number


def get_native_id():
    """A number that no other thread has."""
    return 1000 + stage.me.host.number


def enumerate_threads():
    """All threads that are alive."""
    stage.learn(ALIVE)
    found = []
    for worker in list(stage.workers):
        stage.sync(worker, "is alive", write=False, key=("end", worker.number))
        if not worker.done and (worker.thread or worker.number < stage.mains):
            found.append(object_of(worker))
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
    while frame is not None and not is_program(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def is_program(file):
    """Whether a text that is stepped is the program's, or of a module of its own."""
    return file in stage.lines_of and file != LIBRARY


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
