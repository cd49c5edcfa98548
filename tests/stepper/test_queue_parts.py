"""Queues with parts of their own: what a subclass changes runs under the mutex, and programs may use
the mutex, the conditions and the items themselves."""

import pytest

import pvt

PROGRAM = """\
import queue, threading
{made}
def one():
    {one}
def other():
    {other}
threads = [threading.Thread(target=each) for each in (one, other)]
for each in threads:
    each.start()
for each in threads:
    each.join()
{then}
"""
UNIQUE = """\
class Unique(queue.Queue):
    def _init(self, maxsize):
        super()._init(maxsize)
        self.known = set()
    def _put(self, item):
        if item not in self.known:
            super()._put(item)
            self.known.add(item)
    def put_new(self, item):
        if item not in self.known:
            self.put(item)
line = Unique()
"""
AS_SET = """\
class AsSet(queue.Queue):
    def _init(self, maxsize):
        self.items = set()
    def _qsize(self):
        return len(self.items)
    def _put(self, item):
        self.items.add(item)
    def _get(self):
        return self.items.pop()
line = AsSet()
"""
WEIGHED = """\
class Weighed(queue.Queue):
    weight = 0
    def _qsize(self):
        return self.weight
    def _put(self, item):
        super()._put(item)
        self.weight += item
    def _get(self):
        item = super()._get()
        self.weight -= item
        return item
line = Weighed(maxsize=3)
"""
COMPARED = """\
class Job:
    asked = 0
    def __init__(self, rank):
        self.rank = rank
    def __lt__(self, other):
        Job.asked += 1
        return self.rank < other.rank
line = queue.PriorityQueue()
line.put(Job(2))
"""
RIGHT = {
    "each item once": (UNIQUE, "line.put(1)", "line.put(1)", "assert line.qsize() == 1"),
    "a set": (AS_SET, "line.put(1)", "line.put(1)", "assert line.get() == 1 and line.empty()"),
    "a set, waited for": (AS_SET, "line.put(1)", "assert line.get() == 1", ""),
    "weights": (WEIGHED, "line.put(3); line.put(2)", "line.get(); line.get()",
                "assert line.weight == 0"),
    "comparisons": (COMPARED, "line.put(Job(1))", "line.put(Job(3))",
                    "assert line.get().rank == 1 and Job.asked >= 2"),
    "the mutex": ("line = queue.Queue()", "line.put(1)", "with line.mutex: line.queue.clear()", ""),
    "all_tasks_done": (
        "line = queue.Queue(); line.put(1)",
        "line.get(); line.task_done()",
        "with line.all_tasks_done:\n        while line.unfinished_tasks:\n"
        "            line.all_tasks_done.wait()",
        "",
    ),
    "not_empty": (
        "line = queue.Queue()",
        "line.put(1)",
        "with line.not_empty:\n        while not line.queue:\n            line.not_empty.wait()",
        "",
    ),
    "not_full": (
        "line = queue.Queue(1); line.put(1)",
        "line.get()",
        "with line.not_full:\n        while line.queue:\n            line.not_full.wait()",
        "",
    ),
}  # fmt: skip
WRONG = {
    "a look before the put": (
        UNIQUE.replace("if item not in self.known:\n            super", "if True:\n            super"),
        "line.put_new(1)",
        "line.put_new(1)",
        "assert line.qsize() == 1",
    ),
    "weights, one too heavy": (WEIGHED, "line.put(3); line.put(2)", "line.get()",
                               "assert line.weight == 0"),
    "items without the mutex": (
        "line = queue.Queue(); line.put(1)",
        "if line.queue: line.queue[0]",
        "line.get()",
        "",
    ),
    "the mutex is kept": ("line = queue.Queue()", "line.mutex.acquire()", "line.put(1)", ""),
    "its own mutex": ("line = queue.Queue()", "with line.mutex: line.put(1)", "pass", ""),
    "nobody says that it is empty": (
        "line = queue.Queue()",
        "with line.not_empty:\n        line.not_empty.wait()",
        "line.put(1)",
        "",
    ),
}  # fmt: skip


def searched(made, one, other, then):
    """The program, and what a search finds."""
    text = PROGRAM.format(made=made, one=one, other=other, then=then)
    return text, pvt.search(text)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_safe(name):
    _, found = searched(*RIGHT[name])
    assert found.bad is None and found.complete, found.story


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name):
    text, found = searched(*WRONG[name])
    assert found.bad in ("broken", "deadlock")
    assert pvt.replay(text, found.schedules[found.bad]).ending == found.bad
