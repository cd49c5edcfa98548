"""Stand-ins for the module queue: Queue, LifoQueue, PriorityQueue and SimpleQueue."""

import heapq
from queue import Empty, Full
from types import SimpleNamespace

from pvt.stepper.locks import Standin


class Queue(Standin):
    """First in, first out; `maxsize` 0 means without limit."""

    noun = "queue"

    def __init__(self, maxsize=0):
        self.maxsize, self.items, self.unfinished_tasks = maxsize, [], 0

    def __repr__(self):
        return repr(self.items)

    def _push(self, item):
        self.items.append(item)

    def _pop(self):
        return self.items.pop(0)

    def _has_room(self):
        return not 0 < self.maxsize <= len(self.items)

    def _has_item(self):
        return bool(self.items)

    def _wait(self, ready, why, block, timeout, problem):
        if ready():
            return
        if not block:
            self.stage.quiet()
            raise problem
        if timeout is None:
            self.wait_until(ready, why)
        elif not self.wait_at_most(timeout, ready, why):
            raise problem

    def put(self, item, block=True, timeout=None):
        """Add an item; wait for room."""
        why = lambda: f"waiting for room in {self.named()}"  # noqa: E731
        self._wait(self._has_room, why, block, timeout, Full)
        self._push(item)
        self.unfinished_tasks += 1

    def get(self, block=True, timeout=None):
        """Take an item out; wait for one."""
        why = lambda: f"waiting for an item in {self.named()}"  # noqa: E731
        self._wait(self._has_item, why, block, timeout, Empty)
        return self._pop()

    def put_nowait(self, item):
        """Add an item or raise Full."""
        self.put(item, block=False)

    def get_nowait(self):
        """Take an item out or raise Empty."""
        return self.get(block=False)

    def qsize(self):
        """How many items there are."""
        self.stage.quiet()
        return len(self.items)

    def empty(self):
        """Whether there is no item."""
        return not self.qsize()

    def full(self):
        """Whether there is no room."""
        self.stage.quiet()
        return not self._has_room()

    def task_done(self):
        """One item has been dealt with."""
        if not self.unfinished_tasks:
            raise ValueError("task_done() called too many times")
        self.unfinished_tasks -= 1

    def join(self):
        """Wait until every item has been dealt with."""
        why = lambda: f"waiting for the last item of {self.named()} to be done"  # noqa: E731
        self.wait_until(lambda: not self.unfinished_tasks, why)


class LifoQueue(Queue):
    """Last in, first out."""

    def _pop(self):
        return self.items.pop()


class PriorityQueue(Queue):
    """The smallest first."""

    def _push(self, item):
        heapq.heappush(self.items, item)

    def _pop(self):
        return heapq.heappop(self.items)


class SimpleQueue(Queue):
    """Without limit and without tasks."""

    def __init__(self):
        super().__init__()


KINDS = (Queue, LifoQueue, PriorityQueue, SimpleQueue)


def module(stage):
    """The module queue for programs on this stage."""
    kinds = {kind.__name__: type(kind.__name__, (kind,), {"stage": stage, "__module__": "queue"}) for kind in KINDS}
    return SimpleNamespace(Empty=Empty, Full=Full, **kinds)
