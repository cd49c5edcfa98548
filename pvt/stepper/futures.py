"""Stand-ins for concurrent.futures: a pool is workers of the stage that take calls from a queue."""

import concurrent.futures as real
from inspect import signature
from itertools import islice
from types import GenericAlias

from pvt.stepper.calls import called
from pvt.stepper.engine import stage
from pvt.stepper.locks import Standin
from pvt.stepper.stops import ProgramError, Stop
from pvt.stepper.threads import Thread, spawn

CancelledError, InvalidStateError, BrokenExecutor = (
    real.CancelledError,
    real.InvalidStateError,
    real.BrokenExecutor,
)
FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = (
    real.FIRST_COMPLETED,
    real.FIRST_EXCEPTION,
    real.ALL_COMPLETED,
)
PENDING, RUNNING, CANCELLED, NOTIFIED, FINISHED = (
    "PENDING", "RUNNING", "CANCELLED", "CANCELLED_AND_NOTIFIED", "FINISHED",
)  # fmt: skip
OVER = (CANCELLED, NOTIFIED, FINISHED)


class Future(Standin):
    """What a call will give."""

    noun = "future"
    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self):
        self._state, self._result, self._exception = PENDING, None, None
        self._callbacks, self._waiters = [], []
        self.asked, self.made_by = False, ""
        stage.futures.append(self)

    def __repr__(self):
        return f"<Future {self._state.lower()}>"

    def over(self):
        """Whether it has a result, an exception, or was cancelled."""
        return self._state in OVER

    def settled(self):
        """Whether wait() and as_completed() take it for done: one that was cancelled only when the
        pool has noticed."""
        return self._state in (NOTIFIED, FINISHED)

    def why(self):
        """What a worker that waits is doing."""
        return f"waiting for the result of {self.made_by or 'a future'}"

    def cancel(self):
        """Too late if it runs."""
        stage.sync(self, "cancel")
        if self._state in (RUNNING, FINISHED):
            return False
        if self._state == PENDING:
            self._state = CANCELLED
            self._call_back()
        return True

    def cancelled(self):
        """Whether it was cancelled."""
        stage.sync(self, "cancelled", write=False)
        return self._state in (CANCELLED, NOTIFIED)

    def running(self):
        """Whether it runs now."""
        stage.sync(self, "running", write=False)
        return self._state == RUNNING

    def done(self):
        """Whether it is over."""
        stage.sync(self, "done", write=False)
        return self.over()

    def _wait(self, timeout):
        if timeout is None:
            stage.sync(self, "wait", self.over, self.why, write=False)
        else:
            why = lambda: f"{self.why()}, for at most {timeout} s"  # noqa: E731
            stage.sync(self, "wait a while", why=why, free=not self.over(), write=False)
            if not self.over():
                stage.give_up(timeout)
                raise TimeoutError
        self.asked = True
        if self._state in (CANCELLED, NOTIFIED):
            raise CancelledError

    def result(self, timeout=None):
        """What the call gave; raises what it raised."""
        self._wait(timeout)
        if self._exception is not None:
            try:
                raise self._exception
            finally:
                self = None
        return self._result

    def exception(self, timeout=None):
        """What the call raised, or None."""
        self._wait(timeout)
        return self._exception

    def add_done_callback(self, fn):
        """Call it with this future when it is over."""
        stage.sync(self, "add callback")
        if self.over():
            self._one(fn)
        else:
            self._callbacks.append(fn)

    def _tell(self):
        """Those that wait may go on before the callbacks have run, as with the real one."""
        for waiter in list(self._waiters):
            waiter.hear(self)

    def _call_back(self):
        for each in self._callbacks:
            self._one(each)

    def _one(self, fn):
        try:
            called(fn)(self)
        except (Stop, ProgramError):
            raise
        except Exception as error:
            stage.output.add(
                f"exception calling callback {getattr(fn, '__name__', fn)}: {error!r}\n"
            )

    def set_running_or_notify_cancel(self):
        """For whoever carries the call out."""
        stage.sync(self, "run")
        if self._state in (CANCELLED, NOTIFIED):
            self._state = NOTIFIED
            self._tell()
            return False
        if self._state != PENDING:
            raise RuntimeError("Future in unexpected state")
        self._state = RUNNING
        return True

    def _finish(self, result, exception):
        stage.sync(self, "finish")
        if self.over():
            raise InvalidStateError(f"{self._state}: {self!r}")
        self._state, self._result, self._exception = FINISHED, result, exception
        self._tell()
        self._call_back()

    def set_result(self, result):
        """It is over, with a result."""
        self._finish(result, None)

    def set_exception(self, exception):
        """It is over, with an exception."""
        self._finish(None, exception)


class Executor(Standin):
    """What carries calls out."""

    def submit(self, fn, /, *args, **kwargs):
        """A future for a call."""
        raise NotImplementedError

    def map(self, fn, *iterables, timeout=None, chunksize=1, buffersize=None):
        """Call it for each; results in order. With `buffersize` no more than so many are waiting."""
        calls = zip(*iterables, strict=False)
        if buffersize is None:
            return results([self.submit(fn, *args) for args in calls], timeout)
        if "buffersize" not in signature(real.Executor.map).parameters:
            raise TypeError("Executor.map() got an unexpected keyword argument 'buffersize'")
        if not isinstance(buffersize, int):
            raise TypeError("buffersize must be an integer or None")
        if buffersize < 1:
            raise ValueError("buffersize must be None or > 0")
        begun = [self.submit(fn, *args) for args in islice(calls, buffersize)]
        return results(begun, timeout, (self.submit(fn, *args) for args in calls))

    def shutdown(self, wait=True, *, cancel_futures=False):
        """No more calls."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown(wait=True)
        return False


def results(futures, timeout, more=()):
    """The results in order; who leaves early cancels the rest. Of `more`, one is begun before each
    wait."""
    futures.reverse()
    more = iter(more)
    try:
        while futures:
            futures[:0] = islice(more, 1)
            yield futures.pop().result(timeout)
    finally:
        for future in futures:
            future.cancel()


class ThreadPoolExecutor(Executor):
    """A pool of threads."""

    noun = "pool"
    BROKEN = BrokenExecutor

    @classmethod
    def prepare_context(cls, initializer, initargs):
        """Contexts of workers are not stepped."""
        raise ProgramError(
            "ThreadPoolExecutor.prepare_context is not supported here; take it out to step the program"
        )

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        max_workers = 8 if max_workers is None else max_workers
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers, self._prefix = max_workers, thread_name_prefix or new_prefix()
        self._initializer, self._initargs = initializer, initargs
        self._work, self._threads, self._idle, self._shutdown, self._broken = (
            [],
            [],
            0,
            False,
            False,
        )

    def submit(self, fn, /, *args, **kwargs):
        """A future for a call."""
        stage.sync(self, "submit")
        if self._broken:
            raise real.thread.BrokenThreadPool(
                "A thread initializer failed, the thread pool is not usable anymore"
            )
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        if stage.over_main:
            raise RuntimeError("cannot schedule new futures after interpreter shutdown")
        future = Future()
        future.made_by = f"{getattr(fn, '__name__', 'a call')}()"
        self._work.append((future, fn, args, kwargs))
        if self._idle < len(self._work) and len(self._threads) < self._max_workers:
            number = len(self._threads)
            thread = Thread(name=f"{self._prefix}_{number}", daemon=False)
            self._threads.append(None)
            self._threads[number] = spawn(self._serve, thread.name, False, thread)
        return future

    def _ready(self):
        return bool(self._work) or self._shutdown or stage.over_main

    def _why(self):
        return f"waiting for work in {self.named()}"

    def _serve(self):
        """One thread of the pool."""
        if self._initializer is not None:
            try:
                self._initializer(*self._initargs)
            except (Stop, ProgramError):
                raise
            except BaseException:
                stage.sync(self, "break")
                self._broken, work, self._work = True, self._work, []
                for future, *_ in work:
                    future.set_exception(
                        real.thread.BrokenThreadPool("A thread initializer failed")
                    )
                return
        while True:
            self._idle += 1
            try:
                stage.sync(self, "take", self._ready, self._why)
            finally:
                self._idle -= 1
            if not self._work:
                return
            carry_out(*self._work.pop(0))

    def shutdown(self, wait=True, *, cancel_futures=False):
        """No more calls; wait until those that there are have been carried out."""
        stage.sync(self, "shutdown")
        self._shutdown = True
        if cancel_futures:
            work, self._work = self._work, []
            for future, *_ in work:
                future.cancel()
        for worker in list(self._threads) if wait else ():

            def why(worker=worker):
                return f"waiting for the end of thread {worker.number} of {self.named()}"

            if worker is not stage.me.host:
                done = lambda worker=worker: worker.done  # noqa: E731
                key = ("end", worker.number)
                stage.sync(
                    worker, "join", done, why, lambda worker=worker: worker, write=False, key=key
                )


def new_prefix():
    """What the threads of a pool are called if the program gives no name."""
    stage.touch_names()
    stage.named_pools += 1
    return f"ThreadPoolExecutor-{stage.named_pools - 1}"


def carry_out(future, fn, args, kwargs):
    """One call of a pool."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = called(fn)(*args, **kwargs)
    except (Stop, ProgramError):
        raise
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)


class Waiter(Standin):
    """Who waits for several futures: told of each that gets done, before its callbacks run.

    Not `ordered`: which of them is done first makes no difference."""

    def __init__(self, fs, ordered):
        self.futures, self.news, self.ordered = in_order(fs), [], ordered
        for future in self.futures:
            future._waiters.append(self)

    def hear(self, future):
        """One of them is done."""
        self.news.append(future)
        part_of_step(self, "told", self.ordered)

    def look(self):
        """See which are done, as a part of the step."""
        for future in self.futures:
            part_of_step(future, "look", False)
        return [future for future in self.futures if future.settled()]

    def snapshot(self):
        """A step: see which are done; from now on only news count."""
        stage.sync(self, "look")
        self.news = self.look()

    def stand(self, ready, timeout):
        """Wait; whether it was not in vain."""
        if timeout is None:
            stage.sync(self, "wait", ready, self.why)
        else:
            why = lambda: f"{self.why()}, for at most {timeout} s"  # noqa: E731
            stage.sync(self, "wait a while", why=why, free=not ready())
        self.look()
        if ready():
            return True
        stage.give_up(timeout)
        return False

    def why(self):
        """What a worker that waits is doing."""
        left = sum(not future.settled() for future in self.futures)
        return f"waiting for {left} future{'s' * (left > 1)}"

    def leave(self):
        """Hear no more."""
        for future in self.futures:
            future._waiters.remove(self)


def part_of_step(thing, label, write):
    """The running worker reads or writes this too, in the step that it is making."""
    if stage.alone:
        return
    op = stage.operation(id(thing), label, write, thing, sync=True)
    if stage.observer:
        stage.observer.passing(stage.me, op)
    stage.executed(stage.me, op)


def in_order(fs):
    """Futures, each once, in an order that is the same in every run."""
    if isinstance(fs, (set, frozenset)):
        return sorted(fs, key=stage.futures.index)
    return list(dict.fromkeys(fs))


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Wait for some or for all."""
    waiter = Waiter(fs, ordered=False)
    waiter.stand(lambda: is_enough(waiter.futures, return_when), timeout)
    done = set(waiter.look())
    waiter.leave()
    return real.wait.__globals__["DoneAndNotDoneFutures"](done, set(waiter.futures) - done)


def is_enough(futures, return_when):
    """Whether so many are done as somebody waits for."""
    done = [future for future in futures if future.settled()]
    if return_when == FIRST_COMPLETED and done:
        return True
    if return_when == FIRST_EXCEPTION and any(future._exception is not None for future in done):
        return True
    return len(done) == len(futures)


def as_completed(fs, timeout=None):
    """One after the other, as they get done."""
    waiter = Waiter(fs, ordered=True)
    left = total = len(waiter.futures)
    try:
        waiter.snapshot()
        while left:
            if not waiter.news and not waiter.stand(lambda: bool(waiter.news), timeout):
                raise TimeoutError(f"{left} (of {total}) futures unfinished")
            left -= 1
            yield waiter.news.pop(0)
    finally:
        waiter.leave()


def processes(*args, **words):
    """Processes are not stepped."""
    raise ProgramError("the program uses ProcessPoolExecutor: processes are not stepped, as they share nothing; use "
                       "ThreadPoolExecutor to step it, or pvt.lab to measure processes")  # fmt: skip


KINDS = {"Future": Future, "ThreadPoolExecutor": ThreadPoolExecutor}
NAMES = {
    "Future": Future, "Executor": Executor, "ThreadPoolExecutor": ThreadPoolExecutor, "wait": wait,
    "as_completed": as_completed, "CancelledError": CancelledError, "TimeoutError": TimeoutError,
    "InvalidStateError": InvalidStateError, "BrokenExecutor": BrokenExecutor, "FIRST_COMPLETED": FIRST_COMPLETED,
    "FIRST_EXCEPTION": FIRST_EXCEPTION, "ALL_COMPLETED": ALL_COMPLETED, "ProcessPoolExecutor": processes,
    "InterpreterPoolExecutor": processes,
}  # fmt: skip
