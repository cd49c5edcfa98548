"""What C code looks into is not only the container that it is handed, but all that this holds; and
what the library writes for a class is as much a method as the program's own."""

import sys

from comparing import asked

import pvt
from pvt.stepper import touching

PROGRAM = """\
import bisect, itertools, threading
from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass
from operator import attrgetter
guard = {guard}
@dataclass
class Task:
    name: str
    done: bool = False
@dataclass(order=True)
class Bid:
    price: int
    bonus: int = 0
class Job:
    def __init__(self, n): self.n = n
{shared}
def change():
    with guard:
        {change}
def check():
    with guard:
        {check}
threads = [threading.Thread(target=one) for one in (check, change)]
for each in threads: each.start()
for each in threads: each.join()
"""
# name: (what is shared, what one thread changes, what the other asks)
ORDER = {
    "any": ("rows = [['job'], []]", "rows[0].pop()", "assert any(rows)"),
    "any of a generator": ("rows = [['job']]", "rows[0].pop()", "assert any(row for row in rows)"),
    "all of a view": ("rows = {1: ['job']}", "rows[1].pop()", "assert all(rows.values())"),
    "sum": ("rows = [[1], [2]]", "rows[0].pop()", "assert sum(rows, []) == [1, 2]"),
    "max": ("rows = [[1], [2]]", "rows[0][0] = 3", "assert max(rows) is rows[1]"),
    "sorted": ("rows = [[1], [2]]", "rows[0][0] = 3", "assert sorted(rows)[0] is rows[0]"),
    "filter": ("rows = [['job']]", "rows[0].pop()", "assert list(filter(None, rows))"),
    "==": ("row = [0]; rows = [row, [0]]", "row[0] = 1", "assert rows == [[0], [0]]"),
    "!= of dicts": ("rows = {1: {2: 0}}", "rows[1][2] = 1", "assert not rows != {1: {2: 0}}"),
    "== of tuples": ("rows = (1, [0])", "rows[1][0] = 1", "assert rows == (1, [0])"),
    "in a list": ("rows = [[1], [2]]", "rows[0][0] = 3", "assert [1] in rows"),
    "in a view": ("rows = {1: [1]}", "rows[1][0] = 3", "assert [1] in rows.values()"),
    "index": ("rows = deque([[1]])", "rows[0][0] = 3", "assert rows.count([1]) == 1"),
    "text": ("rows = [[1], [2]]", "rows[0][0] = 3", "assert str(rows) == '[[1], [2]]'"),
    "% text": ("rows = [[1], [2]]", "rows[0][0] = 3", "assert '%s' % rows == '[[1], [2]]'"),
    "attribute": ("bids = [Bid(1), Bid(2)]", "bids[0].price = 3", "assert max(bids) is bids[1]"),
    "dataclass in": ("tasks = [Task('a')]", "tasks[0].done = True", "assert Task('a') in tasks"),
    "dataclass text": ("task = Task('a')", "task.done = True", "assert 'False' in f'{task}'"),
    "dataclass <": ("bids = [Bid(1), Bid(2)]", "bids[0].price = 3", "assert bids[0] < bids[1]"),
    "sort by key": ("jobs = [Job(1), Job(2)]; first = jobs[0]", "first.n = 3",
                    "jobs.sort(key=attrgetter('n')); assert jobs[0] is first"),
    "insort by key": ("jobs = [Job(1)]; one = jobs[0]", "one.n = 3",
                      "bisect.insort(jobs, Job(2), key=attrgetter('n')); assert jobs[0] is one"),
    "key of a dict": ("names, score = ['a', 'b'], {'a': 1, 'b': 2}", "score['a'] = 3",
                      "assert max(names, key=score.get) == 'b'"),
    "groupby": ("jobs = [Job(1), Job(1)]", "jobs[0].n = 3",
                "assert len(list(itertools.groupby(jobs, attrgetter('n')))) == 1"),
    "takewhile": ("jobs = [Job(1), Job(1)]", "jobs[0].n = 0",
                  "assert len(list(itertools.takewhile(attrgetter('n'), jobs))) == 2"),
}  # fmt: skip
TORN = {
    "dataclass ==": ("p = Bid(0, 0)", "p.price = 1; p.bonus = 1", "assert p != Bid(0, 1)"),
    "dataclass text": ("p = Bid(0, 0)", "p.price = 1; p.bonus = 1", "assert '0, bonus=1' not in str(p)"),
    "dataclass <": ("p = Bid(0, 0)", "p.price = -1; p.bonus = 1", "assert not Bid(0, 0) < p"),
    "==": ("p = [[0], [0]]", "p[0][0] = 1; p[1][0] = 1", "assert p != [[0], [1]]"),
    "text": ("p = [[0], [0]]", "p[0][0] = 1; p[1][0] = 1", "assert repr(p) != '[[0], [1]]'"),
    "hash": ("p = (Bid(0, 0),)", "p[0].price = 1; p[0].bonus = 1", "assert p != (Bid(0, 1),)"),
}  # fmt: skip


def searched(cases, guard="nullcontext()"):
    """All are searched in one process, which is much faster than one for each."""
    texts = [
        PROGRAM.format(guard=guard, shared=shared, change=change, check=check)
        for shared, change, check in cases.values()
    ]
    questions = [{"source": text, "preemptions": 2} for text in texts]
    return dict(zip(cases, asked(sys.executable, "searched.py", questions, [], 280), strict=True))


def test_what_c_code_looks_into_is_found():
    for name, found in searched(ORDER).items():
        assert set(found["reasons"]) == {"broken", "safe"}, (name, found)


def test_it_is_read_in_parts_and_under_a_lock_at_once():
    for name, found in searched(TORN).items():
        assert set(found["reasons"]) == {"broken", "safe"}, (name, found)
    for name, found in searched(TORN, "threading.Lock()").items():
        assert set(found["reasons"]) == {"safe"} and found["complete"], (name, found)


def test_dataclasses_stay_what_they_are():
    found = pvt.search(
        """\
import threading
from dataclasses import dataclass, field, fields, make_dataclass, replace, asdict
@dataclass(frozen=True, order=True)
class Point:
    x: int
    y: int = field(default=0, compare=False, repr=False)
@dataclass(slots=True)
class Slim:
    items: list = field(default_factory=list)
@dataclass
class Own:
    n: int
    def __eq__(self, other): return True
    def __repr__(self): return 'mine'
@dataclass
class Child(Own):
    m: int = 2
@dataclass
class Node:
    next: object = None
Made = make_dataclass('Made', ['a', ('b', int, 3)])
def check():
    assert Point(1, 2) == Point(1, 3) and hash(Point(1, 2)) == hash(Point(1, 3))
    assert Point(1) < Point(2) and Point(2) >= Point(1) and Point(1) != (1,)
    assert repr(Point(1, 2)) == 'Point(x=1)' and len({Point(1, 2), Point(1)}) == 1
    assert Slim([1]) == Slim([1]) != Slim() and str(Slim()) == 'Slim(items=[])'
    assert Own(1) == 5 and repr(Own(1)) == 'mine'
    assert Child(1) == Child(1) != Child(2) and repr(Child(1)) == 'Child(n=1, m=2)'
    assert repr(Made(1)) == 'Made(a=1, b=3)' and replace(Made(1), b=4) == Made(1, 4)
    assert [each.name for each in fields(Point)] == ['x', 'y'] and asdict(Slim([1])) == {'items': [1]}
    node = Node(); node.next = node
    assert repr(node) == 'Node(next=...)'
    try: Point(1) < Slim()
    except TypeError: pass
    else: assert False
threads = [threading.Thread(target=check) for _ in range(2)]
for each in threads: each.start()
for each in threads: each.join()
""",
        preemptions=1,
        seconds=60,
    )
    assert not found.bad and found.complete, found


def test_what_holds_itself_and_what_is_very_deep_is_read_to_an_end(monkeypatch):
    monkeypatch.setattr(touching.stage, "alone", False)
    monkeypatch.setattr(touching, "look", lambda thing: thing)
    ring = [1]
    ring.append(ring)
    read = touching.taken(ring, lambda each: each)
    assert read[1] is read and str(read) == "[1, [...]]"
    deep = inner = []
    for _ in range(100):
        inner.append([])
        inner = inner[0]
    assert touching.taken(deep, lambda each: each) == deep
