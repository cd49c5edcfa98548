"""What functools does with a program's functions, in Python: rewritten and stepped like a program;
lru_cache is in `memory`."""

import threading


def reduce(function, items, /, *first):
    """Items are taken one after the other: others may come in between."""
    source = iter(items)
    if first:
        value = first[0]
    else:
        try:
            value = next(source)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    for each in source:
        value = function(value, each)
    return value


class cached_property:
    """Computed at the first look. Before Python 3.12 a lock that all objects share was held
    meanwhile; it was never promised, so it counts only for what this interpreter does: LOCKED."""

    def __init__(self, func):
        self.func, self.attrname, self.__doc__ = func, None, func.__doc__
        if LOCKED:  # noqa: F821, put there by `modules`
            self.lock = threading.RLock()

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        fields = vars(instance)
        if self.attrname in fields:
            return fields[self.attrname]
        if not LOCKED:  # noqa: F821
            return self.fill(instance, fields)
        with self.lock:
            if self.attrname in fields:
                return fields[self.attrname]
            return self.fill(instance, fields)

    def fill(self, instance, fields):
        value = self.func(instance)
        fields[self.attrname] = value
        return value
