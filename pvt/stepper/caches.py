"""functools in Python: rewritten and stepped like a program, so that two threads may both miss a
cache."""

from collections import namedtuple
from functools import update_wrapper

CacheInfo = namedtuple("CacheInfo", ["hits", "misses", "maxsize", "currsize"])


def key_of(args, words, typed):
    """What a call is remembered by."""
    key = (args, tuple(words.items()))
    return (*key, tuple(type(each) for each in args)) if typed else key


def lru_cache(maxsize=128, typed=False):
    """Remember what a function gave."""
    if callable(maxsize):
        return remember(maxsize, 128, typed)
    return lambda function: remember(function, maxsize, typed)


def cache(function, /):
    """Remember everything."""
    return remember(function, None, False)


def remember(function, maxsize, typed):
    """The function with its memory."""
    memory, counts = {}, {"hits": 0, "misses": 0}

    def wrapper(*args, **words):
        key = key_of(args, words, typed)
        if key in memory:
            counts["hits"] += 1
            return memory[key]
        counts["misses"] += 1
        value = function(*args, **words)
        if maxsize is None or maxsize > 0:
            if maxsize is not None and len(memory) >= maxsize:
                memory.pop(next(iter(memory)), None)
            memory[key] = value
        return value

    def cache_info():
        return CacheInfo(counts["hits"], counts["misses"], maxsize, len(memory))

    def cache_clear():
        memory.clear()
        counts.update(hits=0, misses=0)

    update_wrapper(wrapper, function)
    wrapper.cache_info, wrapper.cache_clear = cache_info, cache_clear
    wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return wrapper


def reduce(function, items, /, *first):
    """Items are taken one after the other: others may come in between."""
    source = iter(items)
    value = first[0] if first else next(source)
    for each in source:
        value = function(value, each)
    return value


class cached_property:
    """Computed at the first look."""

    def __init__(self, func):
        self.func, self.attrname, self.__doc__ = func, None, func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        fields = vars(instance)
        if self.attrname in fields:
            return fields[self.attrname]
        value = self.func(instance)
        fields[self.attrname] = value
        return value
