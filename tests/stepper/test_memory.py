"""functools.lru_cache and cache: a look is a step, to remember is a step, and the order is that of
use."""

import functools
import random
from pathlib import Path

import pytest
from pythons import VERSIONS, ask

import pvt
from pvt.stepper import memory

TWICE = """\
import functools, threading
made = []
@functools.{cache}
def load(name):
    made.append(name)
    return [name]
def work():
    {work}
threads = [threading.Thread(target=work) for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
assert {claim}, (made, load.cache_info())
"""
BOTH_MISS = ("cache", "lru_cache", "lru_cache()", "lru_cache(maxsize=1)", "lru_cache(maxsize=None)")


def searched(cache="cache", work="load('a')", claim="len(made) == 1"):
    """What a search finds."""
    found = pvt.search(TWICE.format(cache=cache, work=work, claim=claim))
    assert found.bad or found.complete
    return found


@pytest.mark.parametrize("cache", BOTH_MISS)
def test_two_threads_may_both_miss(cache):
    found = searched(cache)
    assert found.bad == "broken" and "<caches>" not in found.story
    assert "the cache of load()" in found.story


@pytest.mark.parametrize("cache", BOTH_MISS)
def test_what_was_called_before_is_found_by_all(cache):
    text = TWICE.format(cache=cache, work="load('a')", claim="len(made) == 1")
    found = pvt.search(text.replace("def work", "load('a')\ndef work"))
    assert found.bad is None and found.complete


@pytest.mark.parametrize("cache", BOTH_MISS)
def test_a_lock_around_the_call_is_right(cache):
    text = TWICE.format(cache=cache, work="with one:\n        load('a')", claim="len(made) == 1")
    found = pvt.search(text.replace("made = []", "made = []\none = threading.Lock()"))
    assert found.bad is None and found.complete


def test_all_that_is_counted_is_found():
    text = TWICE.format(cache="lru_cache(1)", work="load('a')", claim="True")
    found = pvt.search(text + "print(*load.cache_info())\n")
    assert set(found.outputs) == {"1 1 1 1\n", "0 2 1 1\n"}


def test_a_small_cache_never_fails_by_itself():
    work = "\n    ".join(f"assert load({name!r}) == [{name!r}]" for name in "aba")
    assert searched("lru_cache(maxsize=1)", work, "True").bad is None


def test_cleared_by_another():
    work = "load('a'); load.cache_clear()"
    assert searched("lru_cache(maxsize=2)", work, "load.cache_info().currsize == 0").bad is None
    assert searched("lru_cache(maxsize=2)", work, "len(made) == 2").bad == "broken"


def test_a_method_remembers_for_each_object():
    text = """\
import threading
from functools import lru_cache
class Store:
    @lru_cache(maxsize=4)
    def get(self, key):
        return self, key
left, right = Store(), Store()
def work(store):
    assert store.get(1) == (store, 1)
    assert store.get(key=2) == (store, 2)
threads = [threading.Thread(target=work, args=(store,)) for store in (left, right)]
for each in threads:
    each.start()
for each in threads:
    each.join()
assert Store.get.cache_info().currsize == 4
"""
    found = pvt.search(text)
    assert found.bad is None and found.complete


@pytest.mark.parametrize("size", (None, 0, 1, 2, 3, -1))
@pytest.mark.parametrize("typed", (False, True))
def test_one_after_the_other_it_remembers_what_the_real_one_does(size, typed):
    drawn = random.Random(7)
    mine = memory.lru_cache(size, typed)(lambda *args, **words: (args, words))
    real = functools.lru_cache(size, typed)(lambda *args, **words: (args, words))
    for _ in range(300):
        args, words = [drawn.choice((1, 1.0, "a", "b", (1,)))], {}
        if drawn.random() < 0.3:
            words = {"x": drawn.choice((1, 2))}
        assert mine(*args, **words) == real(*args, **words)
        assert mine.cache_info() == real.cache_info()
        if drawn.random() < 0.02:
            mine.cache_clear()
            real.cache_clear()
    assert mine.cache_parameters() == real.cache_parameters()


PROPERTY = (Path(__file__).parent / "twins" / "cached_property.py").read_text("utf-8")
TWO_OBJECTS = """\
import functools, threading
class A:
    @functools.cached_property
    def value(self):
        if self is a:
            with lock:
                return 1
        return 2
a, b, lock = A(), A(), threading.Lock()
def one():
    a.value
def two():
    with lock:
        b.value
threads = [threading.Thread(target=each) for each in (one, two)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_cached_property_has_a_lock_only_where_its_python_has_one(version):
    """Until 3.11 it was computed under a lock that all objects of the class share; that was never
    promised, so in all that the language allows there is none."""
    sources = [PROPERTY, TWO_OBJECTS]
    once, two = ask(version, "endings", sources=sources)
    assert "broken" in once["endings"] and "deadlock" not in two["endings"]
    once, two = ask(version, "endings", sources=sources, world="interpreter")
    locked = version == "3.11"
    assert ("broken" in once["endings"]) == (not locked)
    assert ("deadlock" in two["endings"]) == locked
