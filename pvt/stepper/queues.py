"""Stand-ins for the module queue: Queue, LifoQueue, PriorityQueue and SimpleQueue.

An operation is one step: what the real one does under its mutex.  Whoever holds `mutex` keeps the
others out.  Where an operation may call code of the program (what a subclass has changed, how items
of a PriorityQueue compare), it holds the mutex meanwhile, as the real one does."""

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


HOOKS = ("_init", "_qsize", "_put", "_get")
"""What subclasses may change, as with the real one."""


class Queue(Standin):
    """First in, first out; `maxsize` 0 means without limit."""

    noun = "queue"
    __class_getitem__ = classmethod(GenericAlias)
    _calls_back = False

    def __init__(self, maxsize=0):
        hooks = (getattr(type(self), name, None) for name in HOOKS)
        if any(getattr(hook, "__module__", "") != __name__ for hook in hooks):
            self._calls_back = True
        self.maxsize, self._undone, self._shut = maxsize, 0, False
        self.mutex = Lock()
        self.not_empty, self.not_full = Condition(self.mutex), Condition(self.mutex)
        self.all_tasks_done = Condition(self.mutex)
        self._init(maxsize)

    def __repr__(self):
        return repr(list(getattr(self, "queue", ())))

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

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    def _size(self):
        """How many items there are, asked for without a step."""
        if not self._calls_back:
            return self._qsize()
        alone, stage.alone = stage.alone, True
        try:
            return self._qsize()
        finally:
            stage.alone = alone

    def _held(self, part, *args):
        """The rest of a step: with the mutex, where it may call code of the program."""
        if stage.alone or not self._calls_back:
            return part(*args)
        self.mutex.owner = stage.me
        try:
            return part(*args)
        finally:
            self.mutex.give()

    def room(self):
        """Whether an item can be put, or nobody may put any more."""
        return self.mutex.owner is None and (
            self._shut or self.maxsize <= 0 or self._size() < self.maxsize
        )

    def filled(self):
        """Whether an item can be taken, or none will ever come."""
        return self.mutex.owner is None and (self._shut or self._size() > 0)

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
        if not stage.alone and (items := getattr(self, "queue", None)) is not None:
            stage.inside(items, type(items).__name__, write)

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
        self._held(self._add, item)

    def _add(self, item):
        self._put(item)
        self._undone += 1
        self.not_empty.notify_next()

    def get(self, block=True, timeout=None):
        """Take an item out; wait for one."""
        why = lambda: f"waiting for an item in {self.named()}"  # noqa: E731
        self.attempt("get", self.filled, why, block, timeout, Empty)
        if not self._size():
            raise ShutDown
        return self._held(self._take)

    def _take(self):
        item = self._get()
        self.not_full.notify_next()
        return item

    def put_nowait(self, item):
        """Add an item or raise Full."""
        self.put(item, block=False)

    def get_nowait(self):
        """Take an item out or raise Empty."""
        return self.get(block=False)

    def qsize(self):
        """How many items there are."""
        self.one("qsize", write=False)
        return self._held(self._qsize)

    def empty(self):
        """Whether there is no item."""
        self.one("empty", write=False)
        return not self._held(self._qsize)

    def full(self):
        """Whether there is no room."""
        self.one("full", write=False)
        return 0 < self.maxsize <= self._held(self._qsize)

    def task_done(self):
        """One item has been dealt with."""
        self.one("task_done")
        if self._undone <= 0:
            raise ValueError("task_done() called too many times")
        self._undone -= 1
        if not self._undone:
            self.all_tasks_done.notify_next(len(self.all_tasks_done.waiting))

    def join(self):
        """Wait until every item has been dealt with."""
        why = lambda: f"waiting for the last item of {self.named()} to be done"  # noqa: E731
        self.one("join", lambda: self.mutex.owner is None and not self._undone, why, write=False)

    def shutdown(self, immediate=False):
        """Nothing can be put any more; with `immediate`, what is there is dropped."""
        self.one("shutdown")
        self._shut = True
        self._held(self._drop if immediate else int)
        for each in (self.not_empty, self.not_full, self.all_tasks_done)[: 3 if immediate else 2]:
            each.notify_next(len(each.waiting))

    def _drop(self):
        while self._qsize():
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

    _calls_back = True

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
