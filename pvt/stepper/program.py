"""A learner's program: compiled once, executed afresh for every run in a namespace of its own.

    setup()        returns what the threads share: any object, or a dict, or None for the program's globals
    THREADS        a list of 2 to 4 functions; each takes the shared object, or nothing
    safe(shared)   optional: True if the end of a run is as it should be

Nothing global is patched: the namespace has its own `__import__` that hands out stand-ins for threading, queue and
time.  A failing `assert` (or any other exception) in a thread breaks the program.
"""

import ast

from pvt.stepper.points import Points
from pvt.stepper.sharing import Sharing
from pvt.stepper.standins import Nobody, Standins
from pvt.stepper.stops import SOURCE_NAME, ProgramError, Stop, failure, line_of

MOST_THREADS = 4


class Program:
    """The compiled program; `start` makes a fresh copy of everything that threads could have changed."""

    def __init__(self, source):
        self.source = source
        self.lines = source.splitlines()
        try:
            tree = ast.parse(source, SOURCE_NAME)
            self.code = compile(tree, SOURCE_NAME, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = line_of(error)
            raise ProgramError(f"line {line}: this is not Python yet: {getattr(error, 'msg', error)}") from None
        self.sharing = Sharing(tree)
        self.points = Points(self.code, tree, self.sharing)
        self.namespace = {}

    def count(self):
        """The number of threads; raises ProgramError where the program is not as it must be."""
        self.start(Standins(Nobody()))
        return len(self.functions)

    def start(self, standins):
        """Execute the program's text and its setup(); returns one call for each thread."""
        self.namespace.clear()
        self.namespace.update(__name__="program", __builtins__=standins.builtins)
        standins.begin()
        self._guarded("the program's first lines", exec, self.code, self.namespace)
        setup = self.namespace.get("setup")
        if not callable(setup):
            raise ProgramError("the program has no setup(): write a function setup() that returns what is shared")
        self.shared = self._guarded("setup()", plain(setup))
        self.functions = self._functions()
        return [self._call(function, number) for number, function in enumerate(self.functions)]

    def is_safe(self):
        """Ask the program's safe(); returns whether all is well, and a sentence."""
        safe = self.namespace.get("safe")
        if safe is None:
            return True, "all threads have finished"
        try:
            answer = plain(safe)(*self._arguments(plain(safe), "safe"))
        except ProgramError:
            raise
        except AssertionError as error:
            return False, failure(error, 0).partition(": ")[2] + " (in safe)"
        except Exception as error:
            raise ProgramError(f"safe() raised {type(error).__name__} in line {line_of(error)}: {error}") from None
        if answer is None:
            raise ProgramError("safe() returned None: let it return True or False")
        return bool(answer), f"safe() says {bool(answer)}"

    def _functions(self):
        threads = self.namespace.get("THREADS")
        if not isinstance(threads, (list, tuple)):
            has = "no THREADS" if threads is None else f"THREADS = {threads!r:.60}"
            raise ProgramError(f"the program has {has}: write THREADS = [function, function]")
        if not 2 <= len(threads) <= MOST_THREADS:
            raise ProgramError(f"THREADS has {len(threads)} entries: give 2 to {MOST_THREADS} functions")
        functions = [plain(thread) for thread in threads]
        for thread in functions:
            code = getattr(thread, "__code__", None)
            if code is None or code.co_filename != SOURCE_NAME:
                raise ProgramError(f"THREADS holds {thread!r:.60}: give functions that this program defines")
            if code.co_flags & 0x2A0:
                raise ProgramError(f"THREADS holds {thread.__name__}, a generator or coroutine: give plain functions")
        return functions

    def _call(self, function, number):
        arguments = self._arguments(function, f"thread {number}, {function.__name__}")
        return (lambda: function(*arguments)) if arguments else function

    def _arguments(self, function, what):
        takes = getattr(getattr(function, "__code__", None), "co_argcount", 1)
        if takes > 1:
            raise ProgramError(f"{what}() takes {takes} arguments: let it take the shared object, or nothing")
        return (self.shared,) if takes else ()

    def _guarded(self, what, function, *arguments):
        try:
            return function(*arguments)
        except (ProgramError, Stop):
            raise
        except BaseException as error:
            at = f" in line {line}" if (line := line_of(error)) else ""
            raise ProgramError(f"{what} raised {type(error).__name__}{at}: {error}") from None


def plain(function):
    """The function inside a staticmethod: a class body is executed as a module."""
    return function.__func__ if isinstance(function, staticmethod) else function
