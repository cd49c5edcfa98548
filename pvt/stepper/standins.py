"""What a program gets when it imports threading, queue or time: look-alikes that the stage understands.

Clocks are still and move by sleeping, random numbers start from the same seed, printing is caught: a replay must be
the same every time.  What would start threads or processes of its own is refused with a sentence.
"""

import builtins
import random
from types import SimpleNamespace

from pvt.stepper import locks, meetings, queues
from pvt.stepper.stops import ProgramError

REFUSED = ("_thread", "asyncio", "concurrent", "multiprocessing", "signal", "subprocess")
LINES_KEPT = 50


class Nobody:
    """Stands where a stage should be while no thread runs: nothing may wait."""

    current, clock, asked, done = None, 0.0, None, ()

    def quiet(self):
        """Nothing is counted."""

    def rest(self, why):
        """Nobody else is there."""

    def block(self, wait):
        """A program's setup() would wait for ever."""
        raise ProgramError(f"setup() and safe() must not wait, but one of them is {wait.why()}")

    def name_of(self, thing):
        """No names yet."""
        return ""


class Standins:
    """The modules and builtins of one program on one stage."""

    def __init__(self, stage):
        self.stage = stage
        self.output = []
        self.modules = {"queue": queues.module(stage), "threading": self._threading(), "time": self._time()}
        self.builtins = dict(vars(builtins), __import__=self._import, print=self._print, input=self._input)

    def begin(self):
        """Forget what the last run left behind."""
        self.output.clear()
        self.modules.pop("random", None)

    def _import(self, name, globals=None, locals=None, fromlist=(), level=0):
        root = name.partition(".")[0]
        if root in REFUSED:
            raise ProgramError(f"the program imports {name}: the scheduler starts the threads itself; use THREADS")
        if name == "random":
            self.modules.setdefault(name, seeded())
        if name in self.modules:
            return self.modules[name]
        return __import__(name, globals, locals, fromlist, level)

    def _print(self, *values, sep=" ", end="\n", file=None, flush=False):
        if len(self.output) < LINES_KEPT:
            self.output.append((sep or "").join(str(value) for value in values))

    def _input(self, *_):
        raise ProgramError("the program calls input(): nobody could answer; write the value into the program")

    def _threading(self):
        def refuse(*_, **__):
            raise ProgramError("the program starts a thread itself: list its function in THREADS instead")

        me = SimpleNamespace
        named = lambda: me(name=f"thread {self._me()}", ident=self._me(), is_alive=lambda: True)  # noqa: E731
        return SimpleNamespace(
            **{kind.__name__: bound(kind, self.stage) for kind in (*locks.KINDS, *meetings.KINDS)},
            BrokenBarrierError=meetings.BrokenBarrierError,
            Thread=refuse,
            Timer=refuse,
            current_thread=named,
            get_ident=self._me,
        )

    def _me(self):
        return self.stage.current

    def _time(self):
        clock = lambda: self.stage.clock  # noqa: E731
        return SimpleNamespace(sleep=self._sleep, time=clock, monotonic=clock, perf_counter=clock)

    def _sleep(self, seconds):
        self.stage.clock += seconds
        self.stage.quiet()
        self.stage.rest(f"asleep for {seconds} s")


def bound(kind, stage):
    """A stand-in class whose objects know the stage."""
    return type(kind.__name__, (kind,), {"stage": stage, "__module__": "threading", "__doc__": kind.__doc__})


def seeded():
    """The module random as it is in every run: all its functions, from the same seed."""
    dice = random.Random(0)
    functions = {name: getattr(dice, name) for name in dir(dice) if not name.startswith("_")}
    return SimpleNamespace(Random=random.Random, **functions)
