"""A learner's program: rewritten and compiled once, executed afresh for every run in a module of
its own.

An ordinary program is a script as it stands: its main thread is worker 0, the threads that it
starts are the next. A program with THREADS has this form instead, and its workers are numbered as
they stand there:

    setup()        returns what the threads share: any object, or a dict, or None for the program's
    globals THREADS        a list of functions; each takes the shared object, or nothing
    safe(shared)   optional: True if the end of a run is as it should be

An exception that nobody catches breaks the program, in whatever thread.
"""

import ast
import inspect
import re
import sys
from types import FunctionType, ModuleType

from pvt.stepper import exits, values
from pvt.stepper.engine import Worker, stage
from pvt.stepper.modules import Modules
from pvt.stepper.rewriting import rewritten
from pvt.stepper.stops import SOURCE_NAME, ProgramError, Stop, failure, line_of, settled

MOST_THREADS = 100
STARTERS = re.compile(r"\b(threading|_thread|concurrent|asyncio)\b")


class Program:
    """The compiled program; `start` makes a fresh copy of everything that threads could have
    changed."""

    def __init__(self, source, world="language", folder=None, also=()):
        self.source = source
        self.lines = source.splitlines()
        try:
            if "\0" in source:
                raise ProgramError(
                    "the program holds a NUL character: it is no text; give a Python file"
                )
            tree = ast.parse(source, SOURCE_NAME)
            if not tree.body:
                raise ProgramError("the program is empty: give one that starts threads or tasks")
            self.ordinary = is_ordinary(tree, source)
            functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
            self.endless = {first_line(node) for node in functions if is_endless(node)}
            self.forever = {node.lineno for node in ast.walk(tree) if sleeps_for_ever(node)}
            self.modules = Modules(folder, also, world)
            self.name = "__main__" if self.ordinary else "program"
            made = rewritten(tree, self.name, world == "interpreter")
            self.code = compile(made, SOURCE_NAME, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line, text = line_of(error), getattr(error, "msg", str(error))
            raise ProgramError(
                f"line {line}: this is not Python yet: {text}{self.hint(line, text)}"
            ) from None
        except RecursionError:
            raise ProgramError(
                "the program is nested too deeply to be read: write it in smaller pieces"
            ) from None
        self.namespace, self.functions, self.shared = {}, [], None

    def hint(self, line, text):
        """What to write where a notebook allows more than a program."""
        if "'await' outside" in text or "asynchronous" in text:
            return "; in a program, write asyncio.run(main())"
        bare = self.lines[line - 1].lstrip() if line and line <= len(self.lines) else ""
        return "; leave the notebook's own commands out" if bare.startswith(("!", "%")) else ""

    def start(self):
        """Get ready for a run: one worker for the script, or one for each entry of THREADS."""
        self.modules.begin()
        module = ModuleType(self.name)
        module.__dict__.update(__builtins__=self.modules.builtins, __file__=SOURCE_NAME)
        self.namespace = module.__dict__
        self.modules.made[self.name] = stage.modules[self.name] = module
        self.modules.register(self.name, module)
        stage.lines_of = {**self.modules.files, SOURCE_NAME: self.lines}
        stage.ordinary, stage.name_of = self.ordinary, self.name_of
        if self.ordinary:
            stage.mains, stage.forever = 1, self.forever
            return [stage.worker("main", self.main)]
        self._guarded("the program's first lines", exec, self.code, self.namespace)
        setup = self.namespace.get("setup")
        if not callable(setup):
            raise ProgramError(
                "the program has no setup(): write a function setup() that returns what is shared"
            )
        self.shared = self._guarded("setup()", plain(setup))
        self.functions = self._functions()
        stage.mains = len(self.functions)
        serve = [self._never_ends(function) for function in self.functions]
        return [
            stage.worker(
                name_of(function), self._call(function, number), serve[number] and not all(serve)
            )
            for number, function in enumerate(self.functions)
        ]

    def _never_ends(self, function):
        """Whether a function serves for ever, so that nobody waits for its end: it is a daemon."""
        code = inner(function).__code__
        return code.co_filename == SOURCE_NAME and code.co_firstlineno in self.endless

    def main(self):
        """What worker 0 of an ordinary program does."""
        try:
            exec(self.code, self.namespace)
        except SystemExit as error:
            stage.exited = exit_text(error)
        except KeyboardInterrupt:
            if not stage.pressed:
                raise
            stage.interrupted = True
        exits.finish()

    def is_safe(self):
        """Whether all is well at the end of a run, and a sentence."""
        if stage.exited:
            return False, stage.exited
        kept = next((f for f in stage.futures if f._exception is not None and not f.asked), None)
        if kept is not None:
            return False, kept_text(kept)
        left = stage.seat.left_behind() if stage.seat else ""
        if left:
            return False, left
        safe = self.namespace.get("safe") if not self.ordinary else None
        if safe is None:
            return True, "all threads have finished"
        try:
            answer = plain(safe)(*self._arguments(plain(safe), "safe"))
        except (ProgramError, Stop):
            raise
        except AssertionError as error:
            return False, failure(error, 0).partition(": ")[2] + " (in safe)"
        except Exception as error:
            raise ProgramError(
                f"safe() raised {type(error).__name__} in line {line_of(error)}: {error}"
            ) from None
        if answer is None:
            raise ProgramError("safe() returned None: let it return True or False")
        return bool(answer), f"safe() says {bool(answer)}"

    def _functions(self):
        threads = self.namespace.get("THREADS")
        if not isinstance(threads, (list, tuple)):
            has = "no THREADS" if threads is None else f"THREADS = {threads!r:.60}"
            raise ProgramError(f"the program has {has}: write THREADS = [function, function]")
        if not 2 <= len(threads) <= MOST_THREADS:
            raise ProgramError(
                f"THREADS has {len(threads)} entries: give 2 to {MOST_THREADS} functions"
            )
        functions = [plain(thread) for thread in threads]
        for thread in functions:
            function = inner(thread)
            if not callable(thread) or (
                isinstance(function, FunctionType) and self.is_foreign(function)
            ):
                raise ProgramError(
                    f"THREADS holds {thread!r:.60}: give functions that this program defines"
                )
            if function is None:
                raise ProgramError(
                    f"THREADS holds {thread!r:.60}: give functions that this program defines"
                )
            if function.__code__.co_flags & 0x2A0:
                raise ProgramError(
                    f"THREADS holds {name_of(thread)}, a generator or coroutine: give plain functions"
                )
        return functions

    def is_foreign(self, function):
        """Whether a function is neither the program's nor of a module that is stepped."""
        return function.__builtins__ is not self.modules.builtins

    def _call(self, function, number):
        arguments = self._arguments(function, f"thread {number}, {name_of(function)}")
        return (lambda: function(*arguments)) if arguments else function

    def _arguments(self, function, what):
        try:
            given = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            return ()
        needed = [
            each
            for each in given
            if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        ]
        wanted = [each for each in needed if each.default is each.empty]
        if len(wanted) > 1:
            raise ProgramError(
                f"{what}() takes {len(wanted)} arguments: let it take the shared object, or nothing"
            )
        takes = wanted or [
            each for each in needed if inspect.isfunction(function) and not function.__defaults__
        ]
        return (self.shared,) if takes else ()

    def _guarded(self, what, function, *arguments):
        try:
            return function(*arguments)
        except (ProgramError, Stop):
            raise
        except BaseException as error:
            at = f" in line {line}" if (line := line_of(error)) else ""
            raise ProgramError(f"{what} raised {type(error).__name__}{at}: {error}") from None

    def name_of(self, thing):
        """What the program calls a shared thing."""
        return values.name_of(self, thing)


def is_ordinary(tree, source):
    """Whether a program is a script as it stands: it names no THREADS."""
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    if "THREADS" in stored:
        return False
    has_setup = any(
        isinstance(node, ast.FunctionDef) and node.name == "setup" for node in tree.body
    )
    return not has_setup or STARTERS.search(source) is not None


def first_line(function):
    """The line where the compiler lets a function begin."""
    return min(node.lineno for node in (function, *function.decorator_list))


def is_endless(function):
    """Whether a function ends in a loop that it never leaves."""
    last = function.body[-1]
    if (
        not isinstance(last, ast.While)
        or not isinstance(last.test, ast.Constant)
        or not last.test.value
    ):
        return False
    inside = list(ast.walk(last))
    leaves = any(isinstance(node, (ast.Break, ast.Return)) for node in inside)
    return not leaves and any(isinstance(node, (ast.Call, ast.With)) for node in inside)


def sleeps_for_ever(node):
    """Whether this is `while True: sleep(1)`, which only Ctrl-C ends."""
    if not isinstance(node, ast.While) or not isinstance(node.test, ast.Constant):
        return False
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    names = [getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls]
    plain = all(isinstance(one, (ast.Expr, ast.Pass)) for one in node.body)
    return bool(node.test.value) and plain and "sleep" in names


def plain(function):
    """The function inside a staticmethod: a class body is executed as a module."""
    return function.__func__ if isinstance(function, staticmethod) else function


def inner(function):
    """The Python function behind a bound method, a partial or a callable object; None for
    others."""
    for _ in range(9):
        if isinstance(function, FunctionType):
            return function
        call = None if isinstance(function, type) else getattr(type(function), "__call__", None)  # noqa: B004
        inside = (getattr(function, name, None) for name in ("__func__", "func", "__wrapped__"))
        function = next(filter(None, inside), call)
    return None


def name_of(function):
    """What to call an entry of THREADS."""
    own = getattr(function, "__name__", None)
    return own or getattr(inner(function), "__name__", "thread")


def exit_text(error):
    """The sentence for a program that says of itself that it failed; empty if it does not."""
    code, line = error.code, line_of(error)
    if code is None or (isinstance(code, int) and code == 0):
        return ""
    return f"the program ended with sys.exit({values.text(code)})" + (
        f" in line {line}" if line else ""
    )


def kept_text(future):
    """An exception that nobody asked for."""
    error = future._exception
    at = f" in line {line_of(error)}" if line_of(error) else ""
    text = settled(str(error))
    said = f"{type(error).__name__}{f': {text}' if text else ''}"
    return f"{future.made_by or 'a call'} raised {said}{at}; its future keeps the exception, and nobody asks for it"


__all__ = ["Program", "Worker", "sys"]
