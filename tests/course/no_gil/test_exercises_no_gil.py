"""The exercises of chapter 15: right answers pass, and typical wrong ones are told what is wrong."""

import pytest
from answers import refused, solves

SUM = "def add_all(shared, numbers):\n    shared.add(sum(numbers))\n"
SHARE = """
import threading
class Shared:
    def __init__(self, iterator):
        self.iterator, self.lock = iterator, threading.Lock()
    def __iter__(self):
        return self
    def __next__(self):
        with self.lock:
            return next(self.iterator)
def share(iterator):
    return Shared(iterator)
"""
INSIDE = """
import threading
def share(iterator):
    lock = threading.Lock()
    for item in iterator:
        with lock:
            yield item
"""
ONCE = """
def get(cache, guard, key, make):
    with guard:
        if key not in cache:
            cache[key] = make(key)
        return cache[key]
"""
LOOK = "def get(cache, guard, key, make):\n    {}\n    return cache[key]\n"
TOGETHER = """
so_far = []
def add_all(shared, numbers):
    so_far.extend(numbers)
    import time
    time.sleep(0.1)
    shared.add(sum(so_far))
"""
RIGHT = [
    ("sum_each", SUM, "took the lock once each"),
    ("share_iterator", SHARE, "each exactly once"),
    ("make_once", ONCE, "each was made once at most"),
]
WRONG = [
    ("sum_each", "def f(s, n):\n    for one in n:\n        s.add(one)\n", "took the lock 500 times"),
    ("sum_each", "def f(s, n):\n    return sum(n)\n", "Nothing was added"),
    ("sum_each", "def f(s, n):\n    s.add(len(n))\n", "not the sum of all numbers"),
    ("sum_each", TOGETHER, "is your own sum shared by the threads?"),
    ("share_iterator", "def f(i):\n    return i\n", "two threads were inside next() at once"),
    ("share_iterator", "def f(i):\n    return iter(list(i))\n", "before anybody asked"),
    ("share_iterator", INSIDE, "A thread was refused"),
    ("share_iterator", SHARE.replace("with self.lock", "with threading.Lock()"), "One lock, made once"),
    ("share_iterator", "def f(i):\n    return range(80)\n", "Return an iterator"),
    ("make_once", LOOK.format("if key not in cache: cache[key] = make(key)"), "was made 4 times. Looking"),
    ("make_once", LOOK.format("with guard: cache.setdefault(key, make(key))"), "grey was in the cache"),
    ("make_once", "def f(c, g, k, m):\n    with g:\n        return c.get(k) or m(k)\n", "not in the cache afterwards"),
    ("make_once", ONCE.replace("return ", ""), "you returned None"),
    ("make_once", LOOK.format("guard.acquire(); cache.get(key) or cache.update({key: make(key)})"), "An endless loop?"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), RIGHT)
def test_a_right_answer_passes(name, text, expected):
    solves(name, text, expected)


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    refused(name, text, expected)
