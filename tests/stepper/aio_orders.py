"""A seat for programs of tasks alone: it follows a list of choices, and every list can be tried."""

import contextlib
import io
import itertools
from collections import Counter

from pvt.stepper import aio, awaits


class Deadlock(BaseException):
    """No task can go on."""


class Refused(Exception):
    """Something cannot be stepped."""


def is_program(code):
    """Whether code is that of the program."""
    return code.co_filename == "<program>"


class AtOnce:
    """An executor without threads."""

    def submit(self, call):
        call()

    def shutdown(self, wait=True):
        pass


class Seat:
    """Follows `plan`, takes the first option after it, and notes how many options there were."""

    def __init__(self, plan=(), any_order=True):
        self.clock, self.plan, self.any_order = 0.0, plan, any_order
        self.counts, self.chosen, self.log, self.tellings, self.loops = [], [], [], [], []
        self.failed = None
        self.numbers, self.names = itertools.count(1), itertools.count(1)

    def name(self):
        return f"Task-{next(self.names)}"

    def names_asked(self):
        pass

    def line(self):
        return None

    def opened(self, loop):
        self.loops.append(loop)

    def created(self, loop, task):
        pass

    def alive(self):
        if self.failed:
            raise self.failed

    def between(self, loop):
        pass

    def choose(self, loop, options):
        at = len(self.counts)
        choice = self.plan[at] if at < len(self.plan) else 0
        self.counts.append(len(options))
        self.chosen.append(choice)
        return choice

    def turn(self, loop, task, handle):
        self.log.append(task.get_name())
        handle._run()

    def running(self, loop):
        pass

    def calling(self, loop, safely):
        pass

    def callback(self, loop, handle, sleep):
        handle._run()

    def cause(self):
        pass

    def tell(self, thing):
        pass

    def wait(self, loop):
        if not loop._timers:
            self.failed = Deadlock("; ".join(awaits.stuck(loop, is_program=is_program)))
            raise self.failed

    def woken(self, loop):
        pass

    def pool(self):
        return AtOnce()

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


def run(source, plan=(), any_order=True):
    """Run a program of tasks once; returns the seat and its output, or what broke it."""
    seat, printed = Seat(plan, any_order), io.StringIO()
    names = {"asyncio": aio.module(seat), "__name__": "__main__"}
    code = compile(source, "<program>", "exec", dont_inherit=True)
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, names)
    except (Deadlock, Exception) as error:
        ending = f"{type(error).__name__}: {error}"
    else:
        ending = printed.getvalue()
    for loop in seat.loops:
        loop.tell_failures()
        loop.abandon()
    return seat, ending


def schedules(source, deviations=None, most=200_000, any_order=True):
    """Every list of choices, at most so many not the first: (choices, turns, ending)."""
    waiting, runs = [()], 0
    while waiting:
        plan = waiting.pop()
        seat, ending = run(source, plan, any_order)
        yield (
            seat.chosen,
            seat.log,
            "\n".join([ending, *seat.tellings]) if seat.tellings else ending,
        )
        runs += 1
        assert runs < most, "too many schedules"
        if deviations is not None and sum(1 for choice in plan if choice) == deviations:
            continue
        for at in range(len(plan), len(seat.counts)):
            waiting += [(*seat.chosen[:at], other) for other in range(1, seat.counts[at])]


def every(source, deviations=None, most=200_000, any_order=True):
    """Ending → its number of schedules."""
    return Counter(ending for *_, ending in schedules(source, deviations, most, any_order))
