"""Stand-ins for time, and for what datetime asks of the clock: a clock that stands still but for
sleeping.

Each look at it moves it on by a microsecond, so that a later look is later.  For the search a look
is a read all the same: which of two threads looks first makes no other state.  A loop that goes
round and looks at the clock again and again waits for the time: there the steps grow (see
`rounds`)."""

import time
from datetime import UTC, date
from types import BuiltinFunctionType

from pvt.stepper.engine import stage
from pvt.stepper.lookalikes import Given, copied

CLOCK = "the clock"
ASSUMED = "no time passes but in sleep(), in waits with a time-out, in loops that wait for the time, and 1 µs at each "
ASSUMED += "look at the clock"
TICK = 1e-6
"""Seconds that a look at the clock takes."""
RUNNING = 2.0**17
"""Seconds for which the machine has run when a program begins; one of the form with THREADS counts
from 0."""
EPOCH = 1_767_225_600.0
"""The date at which it begins: the first second of 2026, UTC."""


def read():
    """The time in seconds since the machine was started, as the program asks for it."""
    assume()
    return look(RUNNING * stage.ordinary)


def date_now():
    """The time in seconds since 1970, as the program asks for it."""
    assume()
    return look(EPOCH)


def assume():
    """The program reads the clock: in a real run time passes elsewhere, too."""
    stage.assume(CLOCK, ASSUMED)


def look(begin):
    """The time in seconds, of a clock that stood at `begin`; whoever reads it may notice another's
    sleep. The very number is kept: a loop that only holds it has changed nothing (see `rounds`)."""
    if not stage.alone:
        if "clock" not in stage.odd:
            stage.odd.add("clock")
            stage.learned.add("the clock is read")
        stage.touch(stage, CLOCK, CLOCK, False)
    me = stage.me
    me.looks += 1
    me.seen = begin + stage.now + stage.ticks * TICK
    stage.ticks += 1
    return me.seen


def sleep(seconds):
    """Let others go first, free of charge; then it is so much later, at least."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    awake = stage.now + seconds
    stage.pause(f"asleep for {seconds} s")
    if not stage.alone and "clock" in stage.odd:
        stage.touch(stage, CLOCK, CLOCK, True)
    stage.now = max(stage.now, awake)
    stage.slept += 1


def nanoseconds(clock):
    """The same clock in nanoseconds."""
    return lambda *which: round(clock(*which) * 1e9)


def of_kind(which):
    """time.clock_gettime()."""
    return date_now() if which == time.CLOCK_REALTIME else read()


def at(function):
    """localtime() and the like: without an argument, of the still clock."""

    def call(seconds=None):
        return function(date_now() if seconds is None else seconds)

    return call


def strftime(form, when=None):
    """As the real one, of the still clock."""
    return time.strftime(form, time.localtime(date_now()) if when is None else when)


def asctime(when=None):
    """As the real one, of the still clock."""
    return time.asctime(time.localtime(date_now()) if when is None else when)


def clock_module():
    """The module time."""
    made = copied(time)
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
        clock = date_now if name == "time" else read
        setattr(made, name, Given(clock, name))
        setattr(made, f"{name}_ns", Given(nanoseconds(clock), f"{name}_ns"))
    for name in ("localtime", "gmtime", "ctime"):
        setattr(made, name, Given(at(getattr(time, name)), name))
    if hasattr(time, "clock_gettime"):
        made.clock_gettime = Given(of_kind, "clock_gettime")
        made.clock_gettime_ns = Given(nanoseconds(of_kind), "clock_gettime_ns")
    for function in (sleep, strftime, asctime):
        setattr(made, function.__name__, Given(function))
    return made


def quiet_module():
    """The module time for logging, which stamps each message: nobody acts on that."""
    made = clock_module()
    made.time = Given(lambda: look(EPOCH), "time")
    made.time_ns = Given(nanoseconds(made.time), "time_ns")
    return made


# -- datetime --------------------------------------------------------------------------------------


ASKS = {"now", "utcnow", "today"}
"""What a class of dates has that looks at the clock."""


class Dates:
    """Stands for a class of dates where it is asked for the time."""

    __slots__ = ("kind",)
    __stepped__ = True

    def __init__(self, kind):
        self.kind = kind

    @property
    def now(self):
        """datetime.now()."""
        return Given(lambda tz=None: self.kind.fromtimestamp(date_now(), tz), "now")

    @property
    def today(self):
        """datetime.today() and date.today()."""
        return Given(lambda: self.kind.fromtimestamp(date_now()), "today")

    @property
    def utcnow(self):
        """datetime.utcnow()."""
        return Given(
            lambda: self.kind.fromtimestamp(date_now(), UTC).replace(tzinfo=None), "utcnow"
        )


def asked(thing, name):
    """About to load one of ASKS: the thing, or what stands for a class of dates."""
    kind = thing if isinstance(thing, type) else type(thing)
    if kind is super:
        kind = thing.__thisclass__
    if not issubclass(kind, date):
        return thing
    function = getattr(thing, name, None)
    if type(function) is not BuiltinFunctionType:  # the program has its own
        return thing
    return Dates(function.__self__)
