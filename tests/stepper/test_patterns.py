"""A match statement means what it meant, and each of its steps is one: the oracle finds the same
endings."""

import contextlib
import io

import oracle
import pytest
from searched import answer

EVERY = """
from dataclasses import dataclass
import threading
@dataclass
class P:
    x: int
    y: int = 0
class Q:
    z = 5
RED = 1
class C: RED = 7
def f(s):
    match s:
        case 1 | 2 as a: return ("or", a)
        case C.RED: return "seven"
        case None | True: return "single"
        case []: return "empty"
        case [x]: return ("one", x)
        case [1, [2, y], *rest]: return ("nested", y, rest)
        case ["a", *_, z]: return ("ends", z)
        case [x, y] if x == y: return ("pair", x)
        case ([1, x] | [x, 1]): return ("either", x)
        case [x, *mid, y]: return ("mid", x, mid, y)
        case {}  if not s: return "no keys"
        case {"a": [p, q], **rest}: return ("map", p, q, rest)
        case {"b": 1}: return "b1"
        case {**all}: return ("all", all)
        case P(1, y=yy): return ("P1", yy)
        case P(x, y): return ("P", x, y)
        case Q(z=5 as five): return ("Q", five)
        case int(n) if n > 100: return ("int", n)
        case str() as t: return ("str", t)
        case other: return ("other", other)
SUBJECTS = [
    1, 2, 7, None, True, [], [9], (1, [2, 3], 4, 5), ["a", 1, 2], ["a"], [4, 4], [1, 8], [8, 1],
    [5, 6, 7], {}, {"a": [1, 2], "k": 3}, {"b": 1}, {"c": 2}, P(1, 2), P(3, 4), Q(), 500, 50,
    "txt", b"xx", 3.5, range(1), range(3),
]
def g():
    out = []
    for s in SUBJECTS:
        try: out.append(f(s))
        except Exception as e: out.append(repr(e))
    return out
def bad(s):
    try:
        match s:
            case Q(1): pass
    except TypeError as e: return str(e)
def work(): pass
t = threading.Thread(target=work); t.start()
print(g(), bad(Q()))
match [1, 2]:
    case [first, *more]: print(first, more)
t.join()
"""
SHRINKS = """
import threading

jobs = {start}

def look():
    match jobs:
        case {pattern}:
            print("fits", end=" ")
        case _:
            print("does not", end=" ")

def change():
    {change}

thread = threading.Thread(target=change)
thread.start()
look()
thread.join()
print(jobs)
"""
CASES = {
    "length": ("[1, 2]", "[x, y]", "jobs.pop()"),
    "star": ("[1, 2]", "[x, *rest]", "jobs.clear()"),
    "ends": ("[1, 2]", "[x, *_, y]", "jobs.pop()"),
    "growing": ("[]", "[_, *_]", "jobs.append(2)"),
    "keys": ("{'a': 1}", "{'a': x}", "del jobs['a']"),
    "rest": ("{'a': [1]}", "{'a': [_], **rest}", "del jobs['a']"),
    "or": ("[1, 2]", "[1] | [1, 2]", "jobs.pop()"),
    "inside": ("[[1], [2]]", "[[x], [y]]", "jobs[1].pop()"),
}
FIELDS = """
class Point:
    __match_args__ = "x", "y"

    def __init__(self):
        self.x = self.y = 0

p = Point()

def setup():
    pass

def look():
    match p:
        case Point(x, y):
            assert x >= y

def move():
    p.x = 1
    p.y = 1

THREADS = [look, move]
"""


def test_every_pattern_means_what_it_meant():
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(EVERY, {"__name__": "__main__"})
    found = answer(EVERY, 1)
    assert found["endings"] == [["safe", printed.getvalue()]] and found["complete"]


@pytest.mark.parametrize("name", CASES)
def test_others_may_come_between_the_steps_of_a_pattern(name):
    start, pattern, change = CASES[name]
    source = SHRINKS.format(start=start, pattern=pattern, change=change)
    expected, found = oracle.search(source, 1), answer(source, 1)
    assert len(expected.endings) > 1
    assert found["endings"] == sorted(map(list, expected.endings)) and found["complete"]


def test_the_fields_of_a_class_are_read_one_after_the_other():
    found = answer(FIELDS, 2)
    assert "broken" in found["needed"] and not found["assumed"]
