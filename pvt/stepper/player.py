"""A program on its stage: played after one plan or after many, each time from its beginning."""

import gc

from pvt.stepper.engine import Stage
from pvt.stepper.hook import watch
from pvt.stepper.standins import Standins
from pvt.stepper.values import name_of

RUNS_BETWEEN_COLLECTIONS = 500
"""Automatic collection is switched off: it could run a program's finalizers at any step."""


class Player:
    """A program on its stage: plays it after plans, each time from its beginning."""

    def __init__(self, program, world="language", grain="access", every=False):
        self.program = program
        self.stage = Stage(program.count(), world)
        self.standins = Standins(self.stage)
        self.stage.name_of = lambda thing: name_of(program, thing)
        self.unwatch = watch(self.stage, program.points.table(grain, every))
        self.runs = 0

    def play(self, plan=b"", **limits):
        """Play one plan; returns ending and reason."""
        self.begin(plan, **limits)
        return self.go()

    def begin(self, plan=b"", **limits):
        """Set the scene: the program as at its beginning, no thread started."""
        self.runs += 1
        if self.runs % RUNS_BETWEEN_COLLECTIONS == 0:
            gc.collect()
        self.stage.begin(self.program.start(self.standins), plan, **limits)

    def go(self):
        """Carry the plan out; returns ending and reason."""
        ending = self.stage.go()
        if ending != "finished":
            return ending, self.stage.because
        safe, because = self.program.is_safe()
        return ("safe" if safe else "broken"), because
