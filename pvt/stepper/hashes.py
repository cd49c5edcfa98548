"""Hashes that are the same in every run, and with them the order of sets.

Where a class says nothing else, the hash of its objects comes from where they lie in memory, which
differs from run to run. Here it is a number: that of the first object that is asked for its hash
is 1. So a set is walked in one order, which may be any in a real run; the result says so."""

import builtins
import weakref

from pvt.stepper.engine import stage

ONE_ORDER = (
    "a set of objects or texts is walked in one order, which differs from run to run of a real"
    " interpreter"
)

SETS = (set, frozenset)


def hashed(thing):
    """The hash of an object that has none of its own."""
    number, known = stage.hashes.get(id(thing), (0, None))
    if known is None or known() is not thing:  # another lay there before
        stage.hashed += 1
        number = stage.hashed
        stage.hashes[id(thing)] = number, reference(thing)
    return number


def reference(thing):
    """A call that gives the thing, without which it may end as ever; it is kept where that cannot
    be."""
    try:
        return weakref.ref(thing)
    except TypeError:
        return lambda: thing


def built(function, name, *bases, **words):
    """What a `class` statement calls: the class, whose objects have this hash."""
    return given(builtins.__build_class__(function, name, *bases, **words))


def given(kind):
    """A class, whose objects have this hash if they had that of every object."""
    plain = isinstance(kind, type) and kind.__hash__ is object.__hash__
    if plain and not issubclass(kind, type) and not getattr(kind, "_is_protocol", False):
        type.__setattr__(kind, "__hash__", hashed)
    return kind


def taken(kind):
    """A class as it was written: a library looks whether it has a hash of its own."""
    if isinstance(kind, type) and vars(kind).get("__hash__") is hashed:
        type.__delattr__(kind, "__hash__")
    return kind


def in_one_order(things):
    """About to walk over this set: note it where its order is that of hashes that differ."""
    if len(things) > 1 and any(differs(type(each)) for each in things):
        stage.assume("the order of sets", ONE_ORDER)


def differs(kind):
    """Whether hashes of such things are not the same in every run of a real interpreter."""
    future = hasattr(kind, "_asyncio_future_blocking")  # asyncio's, as asyncio.isfuture() asks
    return kind in (str, bytes) or future or kind.__hash__ in (hashed, object.__hash__)
