"""A seat for programs of tasks alone: it follows a list of choices, and all lists can be tried one after the other."""

import asyncio
import contextlib
import io

from pvt.stepper import aio, awaits
from pvt.stepper.loop import TURN


class Deadlock(BaseException):
    """No task can go on."""


class Refused(Exception):
    """Something cannot be stepped."""


class Seat:
    """Follows `plan`, takes the first option after it, and notes how many options there were."""

    def __init__(self, plan=()):
        self.clock, self.plan = 0.0, plan
        self.counts, self.chosen, self.log, self.tellings, self.loops = [], [], [], [], []
        self.failed = None

    def opened(self, loop):
        self.loops.append(loop)

    def created(self, loop, task):
        pass

    def alive(self):
        if self.failed:
            raise self.failed

    def choose(self, loop, options):
        at = len(self.counts)
        choice = self.plan[at] if at < len(self.plan) else 0
        self.counts.append(len(options))
        self.chosen.append(choice)
        return choice

    def turn(self, loop, task, run):
        self.log.append(task.get_name())
        run()

    def wait(self, loop, timed):
        if not timed:
            self.failed = Deadlock("; ".join(awaits.stuck(loop, is_program=lambda code: True)))
            raise self.failed

    def woken(self, loop):
        pass

    def start(self, loop, call, name):
        """A thread is one step here, taken before anything else that is ready later."""
        loop.call_soon(call)

    def told(self, loop, context):
        self.tellings.append(f"{context['message']}: {context.get('exception')!r}")

    def refused(self, text):
        return Refused(text)

    def thread(self):
        return 0

    def thread_name(self):
        return "MainThread"

    def is_main(self):
        return True


def run(source, plan=()):
    """Run a program of tasks once; returns the seat and the ending: what was printed, or how it broke."""
    seat, printed = Seat(plan), io.StringIO()
    names = {"asyncio": aio.module(seat), "__name__": "__main__"}
    code = compile(source, "<program>", "exec", dont_inherit=True)
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, names)
    except (Deadlock, Exception) as error:
        ending = f"{type(error).__name__}: {error}"
    else:
        ending = printed.getvalue()
    seat.printed = printed.getvalue()
    seat.text = ending
    for loop in seat.loops:
        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False
            task.get_coro().close()
        loop._ready.clear()
        if not loop.is_running():
            loop.close()
    return seat, ending


def every(source, deviations=None, most=200_000):
    """Ending → the number of schedules, over all lists of choices with at most so many that are not the first option."""
    endings, waiting, runs = {}, [()], 0
    while waiting:
        plan = waiting.pop()
        seat, ending = run(source, plan)
        runs += 1
        assert runs < most, "too many schedules"
        endings[ending] = endings.get(ending, 0) + 1
        spent = sum(1 for choice in plan if choice)
        if deviations is not None and spent == deviations:
            continue
        for at in range(len(plan), len(seat.counts)):
            waiting += [(*seat.chosen[:at], other) for other in range(1, seat.counts[at])]
    return endings


__all__ = ["TURN", "Deadlock", "Refused", "Seat", "every", "run"]
