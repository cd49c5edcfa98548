"""All endings of a small program by brute force: real threads, switched before every bytecode.

Nothing of pvt is used.  A program is run again and again; each time a plan says before which
bytecodes another thread takes over.  Leaving a thread that waits, rests or has finished is free;
taking the turn from one that could go on is a preemption.  A program has the form `setup` /
`THREADS` / `safe`, or is a script whose main thread is thread 0.

An ending is "safe", "broken" (an exception that nobody caught, or safe() says no) or "deadlock";
with it goes what was printed.  Bytecodes that touch nothing but their own frame can be left out
(`every=False`): a switch before one of these is a switch before the next."""

import argparse
import builtins
import collections
import dis
import functools
import gc
import inspect
import json
import random
import re
import sys
import types
from _thread import allocate_lock, start_new_thread
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import oracle_modules

NAME = "<oracle>"
MOST_THREADS = 12
STEP_LIMIT = 20_000
"""Bytecodes of one run; more is "unfinished"."""
OWN_FRAME_ONLY = frozenset(
    [
        "LOAD_FAST",
        "LOAD_FAST_BORROW",
        "LOAD_FAST_LOAD_FAST",
        "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
        "LOAD_FAST_CHECK",
        "LOAD_FAST_AND_CLEAR",
        "STORE_FAST",
        "STORE_FAST_LOAD_FAST",
        "STORE_FAST_STORE_FAST",
        "LOAD_CONST",
        "LOAD_SMALL_INT",
        "LOAD_CLOSURE",
        "NOP",
        "RESUME",
        "CACHE",
        "COPY",
        "SWAP",
        "PUSH_NULL",
        "PRECALL",
        "KW_NAMES",
        "MAKE_CELL",
        "COPY_FREE_VARS",
        "POP_TOP",
        "POP_ITER",
        "END_FOR",
        "NOT_TAKEN",
        "JUMP_FORWARD",
        "JUMP_BACKWARD",
        "JUMP_BACKWARD_NO_INTERRUPT",
        "POP_JUMP_IF_NONE",
        "POP_JUMP_IF_NOT_NONE",
        "POP_JUMP_FORWARD_IF_NONE",
        "POP_JUMP_FORWARD_IF_NOT_NONE",
        "BUILD_TUPLE",
        "IS_OP",
        "RETURN_VALUE",
        "RETURN_CONST",
    ]
)


REDUCE = """
def reduce(function, things, found):
    for each in things:
        found = function(found, each)
    return found
"""
"""The interpreter's is written in C, where only the calls of its function can be interrupted; without
a GIL others may come before the first item, too."""
COUNTER = """
def _count_elements(found, things):
    for each in things:
        found[each] = found.get(each, 0) + 1
""" + inspect.getsource(collections.Counter)
"""The library's class is written in Python, and others may come into the middle of what it does."""


class Stop(BaseException):
    """Unwinds a thread whose run is over."""


class Stage:
    """Runs one program after one plan: `switches` is a list of (point, thread)."""

    def __init__(self, source, every=False):
        self.source, self.every = source, every
        self.code = compile(source, NAME, "exec", dont_inherit=True)
        self.points = {}
        self.current, self.over = None, True
        self.home = allocate_lock()
        self.home.acquire()
        self.batons, self.jobs = [], []
        for number in range(MOST_THREADS):
            self.batons.append(allocate_lock())
            self.batons[-1].acquire()
            self.jobs.append(None)
            start_new_thread(self._work, (number,))
        if sys.version_info >= (3, 12):
            sys.monitoring.use_tool_id(4, "oracle")
            sys.monitoring.register_callback(
                4, sys.monitoring.events.INSTRUCTION, self._instruction
            )
        self._note(self.code)
        self.library = compile(REDUCE + COUNTER, NAME, "exec", dont_inherit=True)
        self._note(self.library)

    def close(self):
        """Give the interpreter's monitoring back; the sleeping threads stay."""
        if sys.version_info >= (3, 12):
            sys.monitoring.free_tool_id(4)
        for number in range(MOST_THREADS):
            self.jobs[number] = "leave"
            self.batons[number].release()

    def _note(self, code):
        """Remember where in a code object threads may be switched; the bodies of functions inside
        it too."""
        names = {one.offset: one.opname for one in dis.get_instructions(code)}
        self.points[code] = {
            at for at, name in names.items() if self.every or name not in OWN_FRAME_ONLY
        }
        if sys.version_info >= (3, 12):
            sys.monitoring.set_local_events(4, code, sys.monitoring.events.INSTRUCTION)
        for inner in code.co_consts:
            if isinstance(inner, types.CodeType):
                self._note(inner)

    # -- one run

    def run(self, switches, explore=True):
        """The ending and what was printed; `self.options` holds (point, thread, price) that were
        not taken."""
        self.plan, self.at, self.explore = list(switches), 0, explore
        self.next_at = self.plan[0][0] if self.plan else -1
        self.last_at = self.plan[-1][0] if self.plan else -1
        self.count, self.options = 0, []
        self.waits, self.done, self.daemon, self.fresh = [], [], [], []
        self.ending, self.why, self.printed, self.clock = None, "", [], 0.0
        self.at_exit = []
        self.over = False
        is_script = not re.search(r"\bTHREADS\b", self.source)
        module = types.ModuleType("__main__" if is_script else "program")
        self.namespace = module.__dict__
        self.namespace["__builtins__"] = self._builtins()
        sys.modules["program"] = module
        self.is_script = is_script
        gc.disable()
        if is_script:
            module.__name__ = "program"
            self.namespace["__name__"] = "__main__"
            sys_main, sys.modules["__main__"] = sys.modules["__main__"], module
            try:
                self.spawn(lambda: exec(self.code, self.namespace))
                self._go()
            finally:
                sys.modules["__main__"] = sys_main
        else:
            exec(self.code, self.namespace)
            setup = self.namespace["setup"]
            shared = setup()
            for function in self.namespace["THREADS"]:
                self.spawn(lambda f=function: f(*takes(f, shared)))
            self._go()
            safe = self.namespace.get("safe")
            if self.ending == "safe" and safe:
                self._ask(safe, shared)
        return self.ending, "".join(self.printed)

    def _ask(self, safe, shared):
        try:
            good = safe(*takes(safe, shared))
        except AssertionError as error:
            good, self.why = False, repr(error)
        if not good:
            self.ending = "broken"

    def _go(self):
        """Let the threads run until all is over, then unwind those that are left."""
        self.current = None
        chosen = self._choose([n for n in range(len(self.done)) if self.able(n)])
        self._give(chosen)
        self.home.acquire()
        for number, done in enumerate(self.done):
            if not done and self.jobs[number] is None:
                self.current = number
                self.batons[number].release()
                self.home.acquire()
            self.jobs[number] = None
        self.current, self.over = None, True

    def spawn(self, job, daemon=False):
        """A new thread; returns its number."""
        number = len(self.done)
        if number == MOST_THREADS:
            raise RuntimeError(f"the oracle has {MOST_THREADS} threads: write a smaller program")
        self.jobs[number] = job
        self.done.append(False)
        self.waits.append(None)
        self.daemon.append(daemon)
        self.fresh.append(True)
        return number

    def _work(self, number):
        baton = self.batons[number]
        while True:
            baton.acquire()
            job, self.jobs[number] = self.jobs[number], None
            if job == "leave":
                return
            if job is None:
                continue
            trace_here(self._frame)
            try:
                job()
            except Stop:
                pass
            except BaseException as error:
                trace_here(None)
                if not self.over and not (isinstance(error, SystemExit) and number):
                    self._finish("broken", f"thread {number}: {error!r}")
                    error.__traceback__ = None
            trace_here(None)
            self._finished(number)

    def _finished(self, number):
        self.done[number] = True
        if self.over:
            self.home.release()
            return
        if self.is_script and not number:
            for call in self.at_exit:
                call()
        able = [n for n in range(len(self.done)) if self.able(n)]
        if not able or all(
            done or daemon for done, daemon in zip(self.done, self.daemon, strict=True)
        ):
            self._finish(*self._stuck())
            self.home.release()
        else:
            self._give(self._choose(able))

    def _stuck(self):
        left = [n for n, done in enumerate(self.done) if not done and not self.daemon[n]]
        return ("deadlock", f"threads {left} wait for ever") if left else ("safe", "")

    def _finish(self, ending, why):
        if not self.over:
            self.ending, self.why, self.over = ending, why, True

    def able(self, number):
        """Whether a thread can go on."""
        return not self.done[number] and (self.waits[number] is None or self.waits[number]())

    def _choose(self, able):
        """Who goes on where the one that ran cannot: free, so each is an option."""
        at, self.count = self.count, self.count + 1
        chosen = self._planned(able[0]) if at == self.next_at else able[0]
        if self.explore and at > self.last_at:
            self.options += [(at, other, 0) for other in able[1:]]
        return chosen

    def _planned(self, default):
        chosen = self.plan[self.at][1]
        self.at += 1
        self.next_at = self.plan[self.at][0] if self.at < len(self.plan) else -1
        return chosen

    def _give(self, chosen):
        self.current = chosen
        self.batons[chosen].release()

    def reach(self):
        """Called by the running thread before each bytecode."""
        me = self.current
        if me is None:
            return
        if self.over:
            raise Stop
        if self.fresh[me]:
            # it was just chosen: another choice here would be the same one again
            self.fresh[me] = False
            return
        at, self.count = self.count, self.count + 1
        if at == self.next_at:
            self._switch(me, self._planned(me))
        elif self.explore and at > self.last_at:
            for other in range(len(self.done)):
                if other != me and self.able(other):
                    self.options.append((at, other, 1))
        if at > STEP_LIMIT:
            self._leave("unfinished", f"more than {STEP_LIMIT} bytecodes")

    def _switch(self, me, chosen):
        self._give(chosen)
        self.batons[me].acquire()
        if self.over:
            raise Stop

    def _leave(self, ending, why):
        """End the run from inside a thread, and wait to be unwound."""
        me = self.current
        self._finish(ending, why)
        self.home.release()
        self.batons[me].acquire()
        raise Stop

    # -- for the modules that programs import

    def wait(self, ready):
        """Sleep until the predicate is true and the plan chooses this thread."""
        if self.over:
            raise Stop
        me = self.current
        if me is None:
            raise RuntimeError("setup() must not wait")
        self.waits[me], self.fresh[me] = ready, False
        able = [n for n in range(len(self.done)) if self.able(n)]
        if not able:
            self._leave(*self._stuck())
        chosen = self._choose(able)
        if chosen != me:
            self._switch(me, chosen)
        self.waits[me] = None

    def rest(self):
        """Let others go first, free of charge."""
        if self.current is not None:
            self.wait(lambda: True)

    def _builtins(self):
        modules = oracle_modules.modules(self)
        stepped = dict(vars(collections))
        exec(self.library, stepped)
        for module, name in ((functools, "reduce"), (collections, "Counter")):
            names = vars(module) | {name: stepped[name]}
            modules[module.__name__] = types.SimpleNamespace(**names)

        def find(name, globals=None, locals=None, fromlist=(), level=0):
            if name in modules:
                return modules[name] if fromlist else modules[name.partition(".")[0]]
            if name == "random":
                return random.Random(0)
            return __import__(name, globals, locals, fromlist, level)

        def write(*values, sep=" ", end="\n", file=None, flush=False):
            self.printed.append(sep.join(map(str, values)) + end)

        return dict(vars(builtins), __import__=find, print=write)

    # -- how the interpreter calls

    def _instruction(self, code, offset):
        points = self.points.get(code)
        if points is None or offset not in points:
            return sys.monitoring.DISABLE
        self.reach()
        return None

    def _frame(self, frame, event, _):
        if frame.f_code.co_filename != NAME:
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        points = self.points.get(frame.f_code, ())

        def opcode(frame, event, _):
            if event == "opcode" and frame.f_lasti in points:
                self.reach()
            return opcode

        return opcode


def trace_here(function):
    """Before 3.12: trace this thread's bytecodes, or no longer."""
    if sys.version_info < (3, 12):
        sys.settrace(function)


def takes(function, shared):
    """The shared object as the only argument, where there is a parameter for it."""
    code = getattr(function, "__code__", None)
    bound = isinstance(function, types.MethodType)
    return (shared,) if code is not None and code.co_argcount > bound else ()


@dataclass(frozen=True)
class Found:
    """What all schedules of a program up to `bound` preemptions end in.

    `endings` maps (ending, text printed) to the preemptions, the switches and the reason of the
    first schedule with it; only a safe ending keeps its text."""

    endings: dict
    bound: int
    schedules: int

    def kinds(self):
        """The endings without what was printed."""
        return sorted({ending for ending, _ in self.endings})


def search(source, preemptions=2, every=False, most=10**9, patient=True):
    """All schedules up to that many preemptions.

    Fewer preemptions where there would be more than `most` schedules; none, if not `patient`, where
    no schedule without a preemption is safe."""
    stage = Stage(source, every)
    try:
        return explored(stage, preemptions, most, patient)
    finally:
        stage.close()


def explored(stage, preemptions, most, patient):
    """All runs, fewest preemptions first."""
    found, level, runs = {}, [()], 0
    for bound in range(preemptions + 1):
        dearer = []
        while level:
            plan = level.pop()
            ending, text = stage.run(plan, explore=True)
            runs += 1
            key = ending, text if ending == "safe" else ""
            found.setdefault(key, (bound, plan, stage.why))
            level += [(*plan, (at, other)) for at, other, price in stage.options if not price]
            if bound < preemptions:
                dearer += [(*plan, (at, other)) for at, other, price in stage.options if price]
        level = dearer
        hopeless = all(ending != "safe" for ending, _ in found)
        if runs + len(level) > most or (hopeless and not patient):
            break
    return Found(found, bound, runs)


def main():
    """Read programs as a JSON list from stdin, write what was found for each, one JSON line a
    program."""
    words = argparse.ArgumentParser()
    words.add_argument("--preemptions", type=int, default=2)
    words.add_argument("--every", action="store_true")
    words.add_argument("--most", type=int, default=10**9)
    words.add_argument("--impatient", action="store_true")
    given = words.parse_args()
    for source in json.load(sys.stdin):
        found = search(source, given.preemptions, given.every, given.most, not given.impatient)
        answer = {
            "endings": sorted(found.endings),
            "bound": found.bound,
            "schedules": found.schedules,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
