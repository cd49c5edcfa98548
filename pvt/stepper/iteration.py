"""What a rewritten program calls where it iterates: each step of a loop is a touch of its own."""

import gc
import operator
import sys
from types import MappingProxyType

from pvt.stepper import files
from pvt.stepper.engine import stage
from pvt.stepper.hashes import SETS, in_one_order
from pvt.stepper.kinds import (
    CONTAINER,
    GENERATOR,
    ITERATOR,
    KINDS,
    NEXT,
    STREAMS,
    THING,
    VIEW,
    is_foreign,
)
from pvt.stepper.touching import entered, look


class Walk:
    """An iterator that tells the stage before each step."""

    __slots__ = ("real", "thing")
    __stepped__ = True

    def __init__(self, real, thing):
        self.real, self.thing = real, thing

    def __iter__(self):
        return self

    def __next__(self):
        if not stage.alone:
            thing = self.thing
            if thing is not None:
                look(thing)
            stage.touch(self.real, NEXT, "iterator", True)
        return next(self.real)

    def __length_hint__(self):
        return operator.length_hint(self.real)

    def __reduce__(self):
        return self.real.__reduce__()


def walked(thing):
    """What a loop walks over: containers and iterators tell the stage at each step."""
    if type(thing) in SETS:
        in_one_order(thing)
    kind = KINDS[type(thing)]
    if kind in (CONTAINER, VIEW) or type(thing) is MappingProxyType:
        look(thing)
        return Walk(iter(thing), thing)
    if kind == GENERATOR:
        return Entered(thing)
    if kind == ITERATOR:
        return Walk(thing, source(thing))
    if kind == THING and is_stream(type(thing)):
        return lines(thing)
    if kind == THING and is_foreign(type(thing)):
        look(thing)
        return Walk(iter(thing), thing)
    return thing


def is_stream(kind):
    """Whether what is read of such an object comes from where it stands: a text in memory, a
    file."""
    return issubclass(kind, STREAMS) or files.is_file(kind)


def lines(stream):
    """The lines of a text or of bytes in memory, or of a file: each changes where it stands."""
    look(stream)
    for line in stream:
        yield line
        look(stream)


def source(iterator):
    """The container over which an iterator walks, if it is one that does."""
    held = gc.get_referents(iterator)
    return next((each for each in held if KINDS[type(each)] == CONTAINER), None)


class Entered:
    """A generator that tells the stage before each step."""

    __slots__ = ("real",)
    __stepped__ = True

    def __init__(self, real):
        self.real = real

    def __iter__(self):
        return self

    def __next__(self):
        if not stage.alone:
            enter(self.real)
        return next(self.real)


def enter(generator):
    """About to go on in a generator: it must not be running elsewhere."""
    stage.touch(frame_key(generator), NEXT, "generator", True)


def frame_key(generator):
    """The frame of a generator stands for it: its own body knows that, too."""
    known = stage.alias.get(id(generator))
    if known is None:
        frame = generator.gi_frame
        known = stage.alias[id(generator)] = (generator, generator if frame is None else frame)
    return known[1]


def resumed(value):
    """Inside a generator, after it was entered: others may come while it runs."""
    if not stage.alone:
        stage.touch(sys._getframe(1), NEXT, "generator", True)
        entered()
    return value


def delegated(thing):
    """`yield from`: generators stay what they are."""
    return walked(thing) if KINDS[type(thing)] in (CONTAINER, VIEW, ITERATOR) else thing


def given(thing):
    """An argument of a function in C that reads it."""
    kind = KINDS[type(thing)]
    if kind in (CONTAINER, VIEW, THING) or type(thing) is MappingProxyType:
        return look(thing)
    if kind == GENERATOR:
        return Entered(thing)
    return walked(thing) if kind == ITERATOR else thing


def turned(thing):
    """reversed()."""
    walk = walked(thing)
    return Walk(reversed(thing), thing) if type(walk) is Walk else reversed(walk)


def iterated(*args):
    """iter() of a thing."""
    return walked(args[0]) if len(args) == 1 and KINDS[type(args[0])] != THING else iter(*args)


def nexted(thing, *default):
    """next()."""
    kind = KINDS[type(thing)]
    if not stage.alone:
        if kind == GENERATOR:
            enter(thing)
        elif kind == ITERATOR:
            look(source(thing))
            stage.touch(thing, NEXT, "iterator", True)
        elif kind == THING and is_stream(type(thing)):
            look(thing)
    return next(thing, *default)


def spread(thing):
    """About to be unpacked."""
    if type(thing) in SETS:
        in_one_order(thing)
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind in (GENERATOR, ITERATOR):
        return walked(thing)
    return look(thing)
