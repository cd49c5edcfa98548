"""All endings of a small asyncio program by brute force: a loop that tries every order of ready
tasks.

Nothing of pvt is used.  The program runs on asyncio's own tasks, locks and groups; only the loop is
another one: where several tasks are ready, a plan says whose turn is next, and each choice is
tried.  Callbacks that are no turns (of futures, gather, groups) keep their order: those that were
ready before a turn run before it.

The clock stands still while tasks run.  It moves to the next timers where nothing is ready, and may
also move, once a turn has run since it last moved, while others are ready: what they wake goes
first then.  An ending is "safe", "broken" (the exception that leaves the program) or "deadlock";
only a safe ending keeps what was printed."""

import argparse
import asyncio
import asyncio.base_events
import builtins
import gc
import heapq
import json
import sys
import types
import warnings
from dataclasses import dataclass

NAME = "<oracle>"
STEP_LIMIT = 2_000
TIME = object()
"""The option that the clock moves on."""


class Deadlock(BaseException):
    """Nothing is ready and no timer is set."""


class Loop(asyncio.base_events.BaseEventLoop):
    """A loop without sockets whose choices come from a plan."""

    plan, options, turns = (), [], 0

    def __init__(self):
        super().__init__()
        self.clock, self.moved = 0.0, True
        self.set_exception_handler(lambda loop, context: None)

    def time(self):
        """The still clock."""
        return self.clock

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass

    def _run_once(self):
        """One turn, with the callbacks that come before it."""
        ready = self._ready
        while ready and task_of(ready[0]) is None:
            self._call(ready.popleft())
        if self._stopping:
            return
        self._drop_cancelled()
        turns = [handle for handle in ready if task_of(handle) is not None]
        timed = bool(self._scheduled) and (not turns or not self.moved)
        options = [*turns, *([TIME] if timed else [])]
        if not options:
            raise Deadlock
        chosen = options[self._choose(len(options))]
        if chosen is TIME:
            self._move_clock()
            return
        before = []
        for handle in list(ready):
            if handle is chosen:
                break
            if task_of(handle) is None:
                before.append(handle)
        for handle in before:
            ready.remove(handle)
            self._call(handle)
        if chosen in ready:
            ready.remove(chosen)
            self.moved = False
            self._call(chosen)

    def _choose(self, count):
        cls = type(self)
        cls.turns += 1
        if cls.turns > STEP_LIMIT:
            raise Deadlock("no end")
        at = len(cls.options)
        chosen = cls.plan[at] if at < len(cls.plan) else 0
        cls.options.append(count)
        return chosen

    def _call(self, handle):
        if not handle._cancelled:
            handle._run()

    def _drop_cancelled(self):
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
        for handle in [one for one in self._ready if one._cancelled]:
            self._ready.remove(handle)

    def _move_clock(self):
        """To the next timers; what they wake stands before those that were ready."""
        due = self._scheduled[0]._when
        waiting, self.moved = list(self._ready), True
        self._ready.clear()
        self.clock = max(self.clock, due)
        while self._scheduled and self._scheduled[0]._when <= due + 1e-9:
            handle = heapq.heappop(self._scheduled)
            handle._scheduled = False
            self._call(handle)
        while self._ready and task_of(self._ready[0]) is None:
            self._call(self._ready.popleft())
        self._ready.extend(waiting)


def task_of(handle):
    """The task whose turn this is, or None."""
    owner = getattr(handle._callback, "__self__", None)
    return owner if isinstance(owner, asyncio.Task) else None


@dataclass(frozen=True)
class Found:
    """What all orders end in: (ending, text printed) → the first plan and the reason.

    `whole`: every order was tried.
    """

    endings: dict
    whole: bool
    schedules: int


def search(source, most=10**9):
    """Every order of turns."""
    code = compile(source, NAME, "exec", dont_inherit=True)
    found, plans, runs = {}, [()], 0
    gc.disable()
    while plans and runs < most:
        plan = plans.pop()
        ending, text, why = run(code, plan)
        runs += 1
        found.setdefault((ending, text if ending == "safe" else ""), (plan, why))
        counts = Loop.options
        for at in range(len(plan), len(counts)):
            before = (*plan, *([0] * (at - len(plan))))
            plans += [(*before, other) for other in range(1, counts[at])]
    return Found(found, not plans, runs)


def run(code, plan):
    """One run: ending, text, reason."""
    Loop.plan, Loop.options, Loop.turns = plan, [], 0
    printed = []

    def write(*values, sep=" ", end="\n", file=None, flush=False):
        printed.append(sep.join(map(str, values)) + end)

    def find(name, globals=None, locals=None, fromlist=(), level=0):
        return stand_in if name == "asyncio" else __import__(name, globals, locals, fromlist, level)

    stand_in = types.ModuleType("asyncio")
    stand_in.__dict__.update(
        {name: getattr(asyncio, name) for name in dir(asyncio) if name[0] != "_"}
    )
    stand_in.run = go
    space = {
        "__name__": "__main__",
        "__builtins__": dict(vars(builtins), __import__=find, print=write),
    }
    try:
        exec(code, space)
        ending, why = "safe", ""
    except Deadlock as end:
        ending, why = ("unfinished" if end.args else "deadlock"), ""
    except BaseException as error:
        ending, why = "broken", repr(error)
    return ending, "".join(printed), why


def go(main, *, debug=None, loop_factory=None):
    """asyncio.run on our loop."""
    loop = Loop()
    try:
        task = loop.create_task(main)
        try:
            return loop.run_until_complete(task)
        finally:
            left = [one for one in asyncio.all_tasks(loop) if not one.done()]
            for one in left:
                one._log_destroy_pending = False
            if not isinstance(sys.exception(), Deadlock):
                for one in left:
                    one.cancel()
                if left:
                    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    finally:
        asyncio.events._set_running_loop(None)
        loop._ready.clear()
        loop._scheduled.clear()
        loop.close()


def main():
    """Read programs as a JSON list from stdin; write what was found for each, one JSON line a
    program."""
    words = argparse.ArgumentParser()
    words.add_argument("--most", type=int, default=10**9)
    given = words.parse_args()
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda problem: None  # coroutines that a deadlock has left
    for source in json.load(sys.stdin):
        found = search(source, given.most)
        answer = {
            "endings": sorted(found.endings),
            "whole": found.whole,
            "schedules": found.schedules,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
