"""threading, queue, time and concurrent.futures for the oracle's programs: small models that wait
for predicates."""

import collections
import concurrent.futures
import heapq
import queue
import threading
import types


def modules(stage):
    """Name → module, new for every run."""
    made = threading_for(stage)
    queues = queues_for(stage)
    clock = lambda: stage.clock  # noqa: E731

    def sleep(seconds):
        stage.clock += seconds
        stage.rest()

    time = types.SimpleNamespace(sleep=sleep, time=clock, monotonic=clock, perf_counter=clock)
    futures = futures_for(stage, made)
    package = types.SimpleNamespace(futures=futures)
    found = {"threading": made, "queue": queues, "time": time}
    return found | {"concurrent": package, "concurrent.futures": futures}


def threading_for(stage):
    """The module threading."""

    class Lock:
        def __init__(self):
            self.owner = None

        def acquire(self, blocking=True, timeout=-1):
            if self.owner is not None:
                if not blocking:
                    return False
                if timeout >= 0:
                    stage.rest()
                    if self.owner is not None:
                        return False
                else:
                    stage.wait(lambda: self.owner is None)
            self.owner = (stage.current,)
            return True

        def release(self):
            if self.owner is None:
                raise RuntimeError("release unlocked lock")
            self.owner = None

        def locked(self):
            return self.owner is not None

        def __enter__(self):
            return self.acquire()

        def __exit__(self, *_):
            self.release()

        def give_up(self):
            self.release()
            return 1

        def take_back(self, depth):
            self.acquire()

        def is_mine(self):
            return self.owner is not None

    class RLock(Lock):
        depth = 0

        def acquire(self, blocking=True, timeout=-1):
            if self.owner != (stage.current,) and not Lock.acquire(self, blocking, timeout):
                return False
            self.depth += 1
            return True

        def release(self):
            if self.owner != (stage.current,):
                raise RuntimeError("cannot release un-acquired lock")
            self.depth -= 1
            if not self.depth:
                self.owner = None

        def give_up(self):
            depth, self.depth, self.owner = self.depth, 0, None
            return depth

        def take_back(self, depth):
            Lock.acquire(self)
            self.depth = depth

        def is_mine(self):
            return self.owner == (stage.current,)

    class Condition:
        def __init__(self, lock=None):
            self.lock = RLock() if lock is None else lock
            self.waiting = []
            self.acquire, self.release = self.lock.acquire, self.lock.release

        def __enter__(self):
            return self.lock.acquire()

        def __exit__(self, *_):
            self.lock.release()

        def wait(self, timeout=None):
            if not self.lock.is_mine():
                raise RuntimeError("cannot wait on un-acquired lock")
            ticket = []
            self.waiting.append(ticket)
            depth = self.lock.give_up()
            if timeout is None:
                stage.wait(lambda: ticket)
            else:
                stage.rest()
            notified = bool(ticket)
            self.lock.take_back(depth)
            self.waiting = [one for one in self.waiting if one is not ticket]
            return notified

        def wait_for(self, predicate, timeout=None):
            answer = predicate()
            while not answer:
                if not self.wait(timeout) and timeout is not None:
                    return predicate()
                answer = predicate()
            return answer

        def notify(self, n=1):
            if not self.lock.is_mine():
                raise RuntimeError("cannot notify on un-acquired lock")
            for ticket in self.waiting[:n]:
                ticket.append(True)
            del self.waiting[:n]

        def notify_all(self):
            self.notify(len(self.waiting))

    class Event:
        def __init__(self):
            self.flag, self.waiting = False, []

        def is_set(self):
            return self.flag

        def set(self):
            self.flag = True
            for ticket in self.waiting:
                ticket.append(True)
            self.waiting.clear()

        def clear(self):
            self.flag = False

        def wait(self, timeout=None):
            if not self.flag:
                # whoever waits when it is set goes on, even if it is cleared again before
                ticket = []
                self.waiting.append(ticket)
                if timeout is None:
                    stage.wait(lambda: ticket)
                else:
                    stage.rest()
                    if not ticket:
                        self.waiting = [one for one in self.waiting if one is not ticket]
                return bool(ticket)
            return True

    class Semaphore:
        def __init__(self, value=1):
            self.value = self.most = value

        def acquire(self, blocking=True, timeout=None):
            if not self.value:
                if not blocking:
                    return False
                if timeout is not None:
                    stage.rest()
                    if not self.value:
                        return False
                else:
                    stage.wait(lambda: self.value)
            self.value -= 1
            return True

        def release(self, n=1):
            self.value += n

        def __enter__(self):
            return self.acquire()

        def __exit__(self, *_):
            self.release()

    class BoundedSemaphore(Semaphore):
        def release(self, n=1):
            if self.value + n > self.most:
                raise ValueError("Semaphore released too many times")
            self.value += n

    class Barrier:
        def __init__(self, parties, action=None, timeout=None):
            self.parties, self.action, self.tickets, self.broken = parties, action, [], False

        def wait(self, timeout=None):
            if self.broken:
                raise threading.BrokenBarrierError
            place = len(self.tickets)
            if place == self.parties - 1:
                tickets, self.tickets = self.tickets, []
                if self.action:
                    self.action()
                for ticket in tickets:
                    ticket.append(True)
                return place
            ticket = []
            self.tickets.append(ticket)
            stage.wait(lambda: ticket or self.broken)
            if not ticket:
                raise threading.BrokenBarrierError
            return place

        def abort(self):
            self.broken = True

        @property
        def n_waiting(self):
            return len(self.tickets)

    class Thread:
        def __init__(
            self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None
        ):
            self._target, self._args, self._kwargs = target, args, dict(kwargs or {})
            self.name, self.daemon, self.number = name or "Thread", bool(daemon), None

        def run(self):
            if self._target:
                self._target(*self._args, **self._kwargs)

        def start(self):
            if self.number is not None:
                raise RuntimeError("threads can only be started once")
            self.number = stage.spawn(self._whole, self.daemon)
            stage.rest()

        def _whole(self):
            here[stage.current] = self
            self.run()

        def join(self, timeout=None):
            if self.number is None:
                raise RuntimeError("cannot join thread before it is started")
            if self.number == stage.current:
                raise RuntimeError("cannot join current thread")
            if timeout is not None:
                if not stage.done[self.number]:
                    stage.rest()
            elif not stage.done[self.number]:
                stage.wait(lambda: stage.done[self.number])

        def is_alive(self):
            return self.number is not None and not stage.done[self.number]

        @property
        def ident(self):
            return self.number

    class Timer(Thread):
        def __init__(self, interval, function, args=None, kwargs=None):
            Thread.__init__(self)
            self.finished, self.function, self.args, self.kwargs = (
                Event(),
                function,
                args or [],
                kwargs or {},
            )

        def cancel(self):
            self.finished.set()

        def run(self):
            self.finished.wait(1)
            if not self.finished.is_set():
                self.function(*self.args, **self.kwargs)

    here = {}
    main = types.SimpleNamespace(name="MainThread", daemon=False, ident=0, is_alive=lambda: True)
    return types.SimpleNamespace(
        **{
            kind.__name__: kind
            for kind in (Lock, RLock, Condition, Event, Semaphore, BoundedSemaphore, Barrier)
        },
        Thread=Thread,
        Timer=Timer,
        local=threading.local,
        BrokenBarrierError=threading.BrokenBarrierError,
        current_thread=lambda: here.get(stage.current, main),
        main_thread=lambda: main,
        get_ident=lambda: stage.current,
    )


def queues_for(stage):
    """The module queue."""

    class Queue:
        def __init__(self, maxsize=0):
            self.maxsize, self.queue, self.unfinished_tasks = maxsize, collections.deque(), 0

        def __class_getitem__(cls, item):
            return cls

        def add(self, item):
            self.queue.append(item)

        def take(self):
            return self.queue.popleft()

        def until(self, ready, block, timeout, problem):
            if not ready():
                if not block:
                    raise problem
                if timeout is None:
                    stage.wait(ready)
                else:
                    stage.rest()
                    if not ready():
                        raise problem

        def put(self, item, block=True, timeout=None):
            self.until(lambda: not 0 < self.maxsize <= len(self.queue), block, timeout, queue.Full)
            self.add(item)
            self.unfinished_tasks += 1

        def get(self, block=True, timeout=None):
            self.until(lambda: bool(self.queue), block, timeout, queue.Empty)
            return self.take()

        def put_nowait(self, item):
            self.put(item, False)

        def get_nowait(self):
            return self.get(False)

        def qsize(self):
            return len(self.queue)

        def empty(self):
            return not self.queue

        def full(self):
            return 0 < self.maxsize <= len(self.queue)

        def task_done(self):
            if not self.unfinished_tasks:
                raise ValueError("task_done() called too many times")
            self.unfinished_tasks -= 1

        def join(self):
            if self.unfinished_tasks:
                stage.wait(lambda: not self.unfinished_tasks)

    class LifoQueue(Queue):
        def take(self):
            return self.queue.pop()

    class PriorityQueue(Queue):
        def __init__(self, maxsize=0):
            Queue.__init__(self, maxsize)
            self.queue = []

        def add(self, item):
            heapq.heappush(self.queue, item)

        def take(self):
            return heapq.heappop(self.queue)

    class SimpleQueue(Queue):
        pass

    kinds = {kind.__name__: kind for kind in (Queue, LifoQueue, PriorityQueue, SimpleQueue)}
    return types.SimpleNamespace(Empty=queue.Empty, Full=queue.Full, **kinds)


def futures_for(stage, threads):
    """The module concurrent.futures, as far as ThreadPoolExecutor and Future go."""

    class Future:
        def __init__(self):
            self.state, self.value, self.error, self.calls = "pending", None, None, []

        def cancel(self):
            if self.state in ("running", "finished"):
                return False
            if self.state == "pending":
                self.end("cancelled")
            return True

        def cancelled(self):
            return self.state == "cancelled"

        def running(self):
            return self.state == "running"

        def done(self):
            return self.state in ("finished", "cancelled")

        def end(self, state):
            self.state = state
            for call in self.calls:
                call(self)

        def add_done_callback(self, call):
            if self.done():
                call(self)
            else:
                self.calls.append(call)

        def until_done(self, timeout):
            if not self.done():
                if timeout is None:
                    stage.wait(self.done)
                else:
                    stage.rest()
                    if not self.done():
                        raise TimeoutError
            if self.state == "cancelled":
                raise concurrent.futures.CancelledError

        def result(self, timeout=None):
            self.until_done(timeout)
            if self.error is not None:
                raise self.error
            return self.value

        def exception(self, timeout=None):
            self.until_done(timeout)
            return self.error

    class ThreadPoolExecutor:
        def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
            self.most = 5 if max_workers is None else max_workers
            self.jobs, self.workers, self.idle, self.over = collections.deque(), [], 0, False
            stage.at_exit.append(self.stop)

        def stop(self):
            self.over = True

        def submit(self, function, /, *args, **kwargs):
            if self.over:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future = Future()
            self.jobs.append((future, function, args, kwargs))
            if self.idle:
                self.idle -= 1
            elif len(self.workers) < self.most:
                self.workers.append(stage.spawn(self.work))
                stage.rest()
            return future

        def work(self):
            while True:
                if not self.jobs:
                    self.idle += 1
                    if not self.over:
                        stage.wait(lambda: self.jobs or self.over)
                    if not self.jobs:
                        return
                future, function, args, kwargs = self.jobs.popleft()
                stage.fresh[stage.current] = False  # it has taken something: others may come now
                if future.state == "cancelled":
                    continue
                future.state = "running"
                try:
                    future.value = function(*args, **kwargs)
                except Exception as error:
                    future.error = error
                future.end("finished")

        def map(self, function, *lists):
            futures = [self.submit(function, *args) for args in zip(*lists, strict=False)]
            return self.results(futures)

        def results(self, futures):
            try:
                while futures:
                    yield futures.pop(0).result()
            finally:
                for future in futures:
                    future.cancel()

        def shutdown(self, wait=True, *, cancel_futures=False):
            self.over = True
            if cancel_futures:
                for future, *_ in self.jobs:
                    future.cancel()
                self.jobs.clear()
            if wait and not self.all_done():
                stage.wait(self.all_done)

        def all_done(self):
            return all(stage.done[number] for number in self.workers)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.shutdown()

    def wait(futures, timeout=None, return_when="ALL_COMPLETED"):
        futures = list(futures)
        enough = any if return_when == "FIRST_COMPLETED" else all
        ready = lambda: enough(future.done() for future in futures)  # noqa: E731
        if not ready():
            stage.rest() if timeout is not None else stage.wait(ready)
        done = {future for future in futures if future.done()}
        return types.SimpleNamespace(done=done, not_done=set(futures) - done)

    return types.SimpleNamespace(
        Future=Future,
        ThreadPoolExecutor=ThreadPoolExecutor,
        wait=wait,
        CancelledError=concurrent.futures.CancelledError,
        TimeoutError=TimeoutError,
        FIRST_COMPLETED="FIRST_COMPLETED",
        ALL_COMPLETED="ALL_COMPLETED",
    )
