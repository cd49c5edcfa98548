"""Stand-ins for time and random: a clock that stands still but for sleeping, and the same numbers
in every run."""

import random
import time
from types import ModuleType

from pvt.stepper.engine import stage

CLOCK, DICE = "the clock", "the random numbers"


def read():
    """The time in seconds; whoever reads it may notice another's sleep."""
    if not stage.alone:
        if "clock" not in stage.odd:
            stage.odd.add("clock")
            stage.learned.add("the clock is read")
        stage.touch(stage, CLOCK, CLOCK, False)
    return stage.now


def sleep(seconds):
    """Let others go first, free of charge; then it is so much later, at least."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    awake = stage.now + seconds
    stage.pause(f"asleep for {seconds} s")
    if not stage.alone and "clock" in stage.odd:
        stage.touch(stage, CLOCK, CLOCK, True)
    stage.now = max(stage.now, awake)


def nanoseconds():
    """The time in nanoseconds."""
    return round(read() * 1e9)


def at(function):
    """localtime() and the like: without an argument, of the still clock."""

    def call(seconds=None):
        return function(read() if seconds is None else seconds)

    return call


def strftime(form, when=None):
    """As the real one, of the still clock."""
    return time.strftime(form, time.localtime(read()) if when is None else when)


def asctime(when=None):
    """As the real one, of the still clock."""
    return time.asctime(time.localtime(read()) if when is None else when)


def clock_module():
    """The module time."""
    made = ModuleType("time")
    vars(made).update(
        {name: value for name, value in vars(time).items() if not name.startswith("__")}
    )
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
        setattr(made, name, read)
        setattr(made, f"{name}_ns", nanoseconds)
    for name in ("localtime", "gmtime", "ctime"):
        setattr(made, name, at(getattr(time, name)))
    if hasattr(time, "clock_gettime"):
        made.clock_gettime, made.clock_gettime_ns = (
            lambda which: read(),
            lambda which: nanoseconds(),
        )
    made.sleep, made.strftime, made.asctime = sleep, strftime, asctime
    return made


class Random(random.Random):
    """A generator that begins with the same number where none is given."""

    def __init__(self, x=None):
        super().__init__(0 if x is None else x)


def random_module():
    """The module random, as it is at the beginning of every run."""
    made = ModuleType("random")
    vars(made).update(
        {name: value for name, value in vars(random).items() if not name.startswith("__")}
    )
    dice = Random()
    for name in random.__all__:
        method = getattr(dice, name, None)
        if method is not None and name not in ("Random", "SystemRandom"):
            setattr(made, name, drawing(method))
    made.Random = made.SystemRandom = Random
    return made


def walk(method, args):
    """What a function of random is handed: it looks into it, or shuffles it, in one step."""
    from pvt.stepper.kinds import CONTAINER, KINDS
    from pvt.stepper.touching import deep, doubt

    for each in args:
        if KINDS[type(each)] == CONTAINER:
            stage.assume(f"random.{method.__name__}", f"random.{method.__name__}() is one step")
            doubt(each)
            deep(each, write=method.__name__ == "shuffle")


def drawing(method):
    """A function of random: each draw changes what the next one gives."""

    def call(*args, **words):
        if not stage.alone:
            stage.touch(stage, DICE, DICE, True)
            walk(method, args)
        return method(*args, **words)

    call.__name__ = getattr(method, "__name__", "draw")
    return call
