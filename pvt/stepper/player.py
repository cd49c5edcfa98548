"""A program on the stage: played after one plan or after many, each time from its beginning."""

import gc
import sys
import time

from pvt.stepper import exits, files, outside, settings
from pvt.stepper.engine import ALIVE, WORLDS, has_gil, stage
from pvt.stepper.meetings import CLEARED
from pvt.stepper.stops import ProgramError, Stop
from pvt.stepper.streams import Nowhere, Output

RUNS_BETWEEN_COLLECTIONS = 500
"""Automatic collection is switched off: it could run a program's finalizers at any step."""
LOOKS = 20_000
"""Accesses of a run that only learns what is shared."""


class Player:
    """Plays a program after plans, each time from its beginning."""

    def __init__(self, program, world="language", hot=()):
        if world not in WORLDS:
            raise ValueError(f"world {world!r} is unknown: choose one of {', '.join(WORLDS)}.")
        self.program, self.world, self.runs = program, world, 0
        self.free = world == "language" or not has_gil()
        self.hot, self.odd, self.known = set(), set(), None
        self.given = set(hot)
        self.whole, self.because, self.unended = True, "", ""
        self.beginning = self.given_up = 0  # of a program without an end: see `search`
        self.folder = files.Folder(program)
        self.assumed, self.doubts = {}, set()
        self.every_order = self.too_many = self.more = self.with_tasks = False
        outside.listen()
        self.hasty = False  # only the first bad schedule is wanted
        self.playing = False  # between runs the search itself is at work

    def play(self, plan=(), recorder=None, **limits):
        """Play one plan; returns ending and reason."""
        self.runs += 1
        if self.runs % RUNS_BETWEEN_COLLECTIONS == 0:
            gc.collect()
        self.playing = True
        stage.hot, stage.odd, stage.learned = self.hot, self.odd, set()
        stage.free_world, stage.observer = self.free, None
        stage.assumed, stage.doubts = self.assumed, self.doubts
        outside = sys.stdout, sys.stderr, sys.getrecursionlimit(), sys.argv
        stage.every_order = self.every_order
        stage.begin(plan, **limits)
        self.folder.begin()
        settings.begin()
        stage.ends = frozenset(name[5:] for name in self.odd if name.startswith("ends "))
        sys.stdout, sys.stderr, sys.argv = Output(), Nowhere(), ["program.py"]
        try:
            workers = self.program.start()
            if recorder:
                recorder.begin(self)
                stage.observer = recorder
            ending = stage.go(workers)
            stage.observer = None
            if ending == "finished":
                return self.judged()
            return ending, stage.because
        except ProgramError as error:
            return "error", str(error)
        except Stop:
            return stage.ending or "error", stage.because
        finally:
            self.with_tasks = self.with_tasks or stage.with_tasks
            stage.abandon_tasks()
            exits.forget()
            sys.stdout, sys.stderr, _, sys.argv = outside
            stage.observer, self.playing = None, False

    def remembers(self):
        """A memory of states in which nothing is yet; a search begins, or begins again."""
        return {}

    def foresee(self, roads, bound, deadline):
        """These roads from the last run will be played, after all others so far: see `sharing`."""

    def judged(self):
        """The verdict on a run that has finished."""
        stage.over = False
        safe, because = self.program.is_safe()
        stage.over = True
        return ("safe" if safe else "broken"), because

    def learn(self, deadline=None):
        """Run it in order, and with a switch at every point, until no more is seen to be shared.

        This is the same in every process; so a schedule need not tell what it counts.
        """
        for rotate in (False, True):
            for _ in range(12):
                _, because = self.play(touches=LOOKS, deadline=deadline, rotate=rotate, limit=LOOKS)
                if deadline is not None and time.perf_counter() >= deadline:
                    self.because = self.because or because
                more = stage.learned - self.hot
                if not more:
                    break
                self.hot |= more
        self.known = frozenset(self.hot)
        self.hot |= self.given
        self.odd |= {
            label.removeprefix("class ") for label in self.given if label.startswith("class ")
        }
        self.odd |= {"clock"} if "the clock is read" in self.given else set()

    def extra(self):
        """What is shared beyond what any process learns by itself."""
        return sorted(self.hot - self.known)

    def output(self):
        """What the program has printed."""
        return stage.output.text()


class Everything:
    """Stands for what is shared where every access is to be a step; what asks for more points is as
    it was."""

    def __init__(self, hot):
        self.hot = hot

    def __contains__(self, label):
        return label in self.hot or label not in (ALIVE, CLEARED)

    def __rsub__(self, other):
        return set()
