"""Stand-ins for the module queue: Queue, LifoQueue, PriorityQueue and SimpleQueue.

An operation is one step: what the real one does under its mutex.  Whoever holds `mutex` keeps the
others out."""

import heapq
import queue
from collections import deque
from queue import Empty, Full
from types import GenericAlias

from pvt.stepper.engine import stage
from pvt.stepper.locks import Lock, Standin
from pvt.stepper.meetings import Condition

ShutDown = getattr(queue, "ShutDown", None) or type(
    "ShutDown", (Exception,), {"__module__": "queue"}
)


class Queue(Standin):
    """First in, first out; `maxsize` 0 means without limit."""

    noun = "queue"
    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, maxsize=0):
        self.maxsize, self._undone, self._shut = maxsize, 0, False
        self.mutex = Lock()
        self.not_empty, self.not_full = Condition(self.mutex), Condition(self.mutex)
        self.all_tasks_done = Condition(self.mutex)
        self._init(maxsize)

    def __repr__(self):
        return repr(list(self.queue))

    @property
    def unfinished_tasks(self):
        """How many items have not been dealt with."""
        self._glance("unfinished_tasks")
        return self._undone

    @unfinished_tasks.setter
    def unfinished_tasks(self, count):
        self._glance("unfinished_tasks", write=True)
        self._undone = count

    @property
    def is_shutdown(self):
        """Whether nothing can be put any more."""
        self._glance("is_shutdown")
        return self._shut

    def _glance(self, label, write=False):
        """A step that does not wait for the mutex, as an attribute is read."""
        stage.sync(self, label, write=write, key=id(self.mutex))

    # what subclasses may change, as with the real one
    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    def room(self):
        """Whether an item can be put, or nobody may put any more."""
        return self.mutex.owner is None and (
            self._shut or self.maxsize <= 0 or self._qsize() < self.maxsize
        )

    def filled(self):
        """Whether an item can be taken, or none will ever come."""
        return self.mutex.owner is None and (self._shut or self._qsize() > 0)

    def one(self, label, ready=None, why=None, free=False, write=True):
        """One step on the queue."""
        ready = ready or self.mutex.is_free
        stage.sync(
            self,
            label,
            ready,
            why or self.mutex.why,
            self.mutex.holder,
            free,
            write,
            key=id(self.mutex),
        )
        if not stage.alone:
            stage.inside(self.queue, type(self.queue).__name__, write)

    def attempt(self, label, ready, why, block, timeout, problem):
        """Wait as asked for; raise if it cannot be."""
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        if not block:
            self.one(label)
        elif timeout is None:
            self.one(label, ready, why)
        else:
            self.one(
                label,
                self.mutex.is_free,
                lambda: f"{why()}, for at most {timeout} s",
                free=not ready(),
            )
        if not ready():
            if timeout is not None:
                stage.give_up(timeout)
            raise problem

    def put(self, item, block=True, timeout=None):
        """Add an item; wait for room."""
        why = lambda: f"waiting for room in {self.named()}"  # noqa: E731
        self.attempt("put", self.room, why, block, timeout, Full)
        if self._shut:
            raise ShutDown
        self._put(item)
        self._undone += 1
        self.not_empty.waiting = self.not_empty.waiting[1:]

    def get(self, block=True, timeout=None):
        """Take an item out; wait for one."""
        why = lambda: f"waiting for an item in {self.named()}"  # noqa: E731
        self.attempt("get", self.filled, why, block, timeout, Empty)
        if not self._qsize():
            raise ShutDown
        self.not_full.waiting = self.not_full.waiting[1:]
        return self._get()

    def put_nowait(self, item):
        """Add an item or raise Full."""
        self.put(item, block=False)

    def get_nowait(self):
        """Take an item out or raise Empty."""
        return self.get(block=False)

    def qsize(self):
        """How many items there are."""
        self.one("qsize", write=False)
        return self._qsize()

    def empty(self):
        """Whether there is no item."""
        self.one("empty", write=False)
        return not self._qsize()

    def full(self):
        """Whether there is no room."""
        self.one("full", write=False)
        return 0 < self.maxsize <= self._qsize()

    def task_done(self):
        """One item has been dealt with."""
        self.one("task_done")
        if self._undone <= 0:
            raise ValueError("task_done() called too many times")
        self._undone -= 1

    def join(self):
        """Wait until every item has been dealt with."""
        why = lambda: f"waiting for the last item of {self.named()} to be done"  # noqa: E731
        self.one("join", lambda: self.mutex.owner is None and not self._undone, why, write=False)

    def shutdown(self, immediate=False):
        """Nothing can be put any more; with `immediate`, what is there is dropped."""
        self.one("shutdown")
        self._shut = True
        while immediate and self._qsize():
            self._get()
            self._undone = max(0, self._undone - 1)


class LifoQueue(Queue):
    """Last in, first out."""

    def _init(self, maxsize):
        self.queue = []

    def _get(self):
        return self.queue.pop()


class PriorityQueue(Queue):
    """The smallest first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        heapq.heappush(self.queue, item)

    def _get(self):
        return heapq.heappop(self.queue)


class SimpleQueue(Standin):
    """Without limit and without tasks."""

    noun = "queue"
    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self):
        self.hidden = Queue()

    def __repr__(self):
        return repr(self.hidden)

    def put(self, item, block=True, timeout=None):
        """Add an item."""
        self.hidden.put(item)

    def get(self, block=True, timeout=None):
        """Take an item out; wait for one."""
        return self.hidden.get(block, timeout)

    def put_nowait(self, item):
        """Add an item."""
        self.hidden.put(item)

    def get_nowait(self):
        """Take an item out or raise Empty."""
        return self.hidden.get(False)

    def qsize(self):
        """How many items there are."""
        return self.hidden.qsize()

    def empty(self):
        """Whether there is no item."""
        return self.hidden.empty()


KINDS = {
    "Queue": Queue,
    "LifoQueue": LifoQueue,
    "PriorityQueue": PriorityQueue,
    "SimpleQueue": SimpleQueue,
}
EXTRA = {"Empty": Empty, "Full": Full} | (
    {"ShutDown": ShutDown} if hasattr(queue, "ShutDown") else {}
)
NAMES = KINDS | EXTRA
