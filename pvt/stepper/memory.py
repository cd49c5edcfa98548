"""Stand-ins for functools.lru_cache and cache: a look is one step, and to remember is another.

Between the two the function is called, and others may come in: two threads may both miss. The order
is that of use, and what was not used for longest goes first."""

import functools
from types import MethodType

from pvt.stepper.calls import called
from pvt.stepper.engine import stage
from pvt.stepper.locks import Standin

CacheInfo = functools._CacheInfo
MISSING = object()


class Memory(Standin):
    """A function that remembers what it gave."""

    noun = "cache"

    def __init__(self, function, maxsize, typed):
        self._maxsize, self._typed = maxsize, bool(typed)
        self._memory, self._hits, self._misses, self._uses = {}, 0, 0, 0
        functools.update_wrapper(self, function)

    def named(self):
        """What to call it in a sentence."""
        return f"the cache of {getattr(self, '__name__', 'a function')}()"

    def __repr__(self):
        return f"<{self.named()}, {len(self._memory)} kept>"

    def __get__(self, instance, owner=None):
        return self if instance is None else MethodType(self, instance)

    def __call__(self, /, *args, **words):
        key = functools._make_key(args, words, self._typed)
        found = self._look(key)
        if found is not MISSING:
            return found
        value = called(self.__wrapped__)(*args, **words)
        if self._maxsize != 0:
            self._keep(key, value)
        return value

    def _touch(self, write):
        """Others may look into it, or put something in, before or after."""
        if not stage.alone:
            stage.touch(self, None, f"cache of {getattr(self, '__name__', '?')}", write)

    def _look(self, key):
        """What is kept, or MISSING. A hit is a write where the order of use counts."""
        self._touch(self._maxsize is not None)
        found = self._memory.get(key)
        if found is None:
            self._misses += 1
            return MISSING
        self._hits += 1
        self._uses += 1
        found[1] = self._uses
        return found[0]

    def _keep(self, key, value):
        """Remember; where another thread has done so meanwhile, its value stays if places are
        counted."""
        self._touch(True)
        self._uses += 1
        if self._maxsize is not None and key in self._memory:
            return
        if self._maxsize is not None and len(self._memory) >= self._maxsize:
            oldest, _ = min(self._memory.items(), key=lambda item: item[1][1])
            self._memory.pop(oldest, None)
        self._memory[key] = [value, self._uses]

    def cache_info(self):
        """How often it was of use, and how much is kept."""
        self._touch(True)
        return CacheInfo(self._hits, self._misses, self._maxsize, len(self._memory))

    def cache_clear(self):
        """Forget all."""
        self._touch(True)
        self._memory.clear()
        self._hits = self._misses = 0

    def cache_parameters(self):
        """As it was asked for."""
        return {"maxsize": self._maxsize, "typed": self._typed}

    def __copy__(self):
        return self

    def __deepcopy__(self, _):
        return self

    def __reduce__(self):
        return self.__qualname__


def lru_cache(maxsize=128, typed=False):
    """Remember what a function gave."""
    if isinstance(maxsize, int):
        maxsize = max(maxsize, 0)
    elif callable(maxsize) and isinstance(typed, bool):
        return Memory(maxsize, 128, typed)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")
    return lambda function: Memory(function, maxsize, typed)


def cache(function, /):
    """Remember everything."""
    return Memory(function, None, False)


NAMES = {"lru_cache": lru_cache, "cache": cache}
