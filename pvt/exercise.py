"""A learner's function goes through a child interpreter and comes back with a helpful answer."""

import ast
import builtins
import inspect
import re
import symtable
import textwrap
from types import FunctionType, ModuleType
from typing import NamedTuple

from pvt import card, course
from pvt.learner import noting
from pvt.problem import Problem
from pvt.progress import Progress
from pvt.runner import Running
from pvt.tools.learner import MEMORY, SECONDS

PLAIN = (int, float, str, bytes, bool, tuple, frozenset, type(None))


class Answer(NamedTuple):
    """What the check says: whether the function does its task, why, and what it printed."""

    passed: bool
    because: str
    printed: str = ""

    def _repr_html_(self):
        kind, words = ("good", "✔ Solved") if self.passed else ("not yet", "➜ Not yet")
        return card.html(kind, words, self.because, printed=self.printed)


def check(name, function):
    """Check the learner's function, or its text, against an exercise. Raises ValueError for an
    unknown exercise."""
    exercise, source = course.load(name, "exercise"), ""
    progress = Progress(1, "checks done; this takes up to a few seconds")
    try:
        source, called = text_of(function)
        fits(source, called, exercise.ARGUMENTS, getattr(exercise, "AWAITED", False))
        params = {"source": source + outside(function, source), "name": called}
        running = Running(name, params, module=exercise.__name__, seconds=SECONDS, memory=MEMORY)
        for _ in running:
            pass
        found = answer(exercise, running.result(), called, source.splitlines())
    except Problem as problem:
        found = Answer(False, str(problem))
    finally:
        progress.clear()
    noting.exercise(name, found, source)
    return found


def text_of(function):
    """The text of a function and its name. Raises Problem if there is none."""
    if isinstance(function, str):
        called = re.search(r"^(?:async +)?def +(\w+)", function, re.MULTILINE)
        if not called:
            raise Problem("the text holds no function: begin it with def name(…):")
        return textwrap.dedent(function), called[1]
    if not isinstance(function, FunctionType):
        raise Problem(
            f"{function!r} is not a function: hand over the function itself, without calling it."
        )
    if function.__name__ == "<lambda>":
        raise Problem("a lambda cannot be sent to a child interpreter: write it with def.")
    try:
        return textwrap.dedent(inspect.getsource(function)), function.__name__
    except (OSError, TypeError):
        raise Problem(
            f"the text of {function.__name__} cannot be found: run the cell that defines it again."
        ) from None


def parsed(text):
    """The syntax tree of a learner's text. Raises Problem."""
    try:
        return ast.parse(text)
    except SyntaxError as problem:
        line = (problem.text or "").strip()
        raise Problem(f"line {problem.lineno} is not Python: {problem.msg}: {line}") from None


def fits(source, called, arguments, awaited=False):
    """Check grammar, parameters, and whether it is a coroutine function if it is to be. Raises
    Problem."""
    mine = next(
        node
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == called
    )
    if isinstance(mine, ast.AsyncFunctionDef) != awaited:
        begin = "async def" if awaited else "def"
        raise Problem(
            f"{called} must begin with {begin}: it is {'' if awaited else 'not '}awaited."
        )
    given = [arg.arg for arg in mine.args.posonlyargs + mine.args.args]
    if len(given) != len(arguments) and not mine.args.vararg:
        takes = f"{len(given)} ({', '.join(given)})" if given else "none"
        wanted = f"{len(arguments)}: {called}({', '.join(arguments)})"
        raise Problem(
            f"{called} has the wrong number of parameters: it takes {takes}, it must take {wanted}."
        )


def outside(function, source, seen=None):
    """Definitions that the text needs from the notebook: modules, plain values and other functions;
    Problem for others.

    They go behind the function's text, so that its line numbers stay.
    """
    seen, added = seen if seen is not None else {getattr(function, "__name__", "")}, ""
    for name in sorted(outside_names(source) - seen):
        seen.add(name)
        value = getattr(function, "__globals__", {}).get(name, Problem)
        if isinstance(value, ModuleType):
            added += f"\nimport {value.__name__} as {name}\n"
        elif isinstance(value, FunctionType):
            text, _ = text_of(value)
            added += f"\n{text}" + outside(value, text, seen)
        elif isinstance(value, PLAIN):
            added += f"\n{name} = {value!r}\n"
        elif getattr(value, "__module__", None) in vars(builtins) or value is Problem:
            raise Problem(
                f"the name {name!r} is not known here. Import it or define it inside the function."
            )
        elif isinstance(value, type) and value.__module__ != "__main__":
            added += f"\nfrom {value.__module__} import {value.__qualname__} as {name}\n"
        else:
            kind = type(value).__name__
            raise Problem(
                f"{name!r} ({kind}) lives in the notebook, out of reach: your function is tried in"
                " a process of its own. Use what it is given, or make what it needs inside it."
            )
    return added


def outside_names(source):
    """The names that the text uses and does not define, builtins left out."""
    table = symtable.symtable(source, "<your function>", "exec")
    defined = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }
    used, scopes = set(), [table]
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        used |= {
            symbol.get_name()
            for symbol in scope.get_symbols()
            if symbol.is_global() and symbol.is_referenced()
        }
    return used - defined - set(vars(builtins))


def answer(exercise, run, called, lines):
    """What to tell the learner about a run that has ended."""
    printed = run.noise if run.ending == "finished" else ""
    if run.ending == "finished":
        return Answer(*exercise.judge(run.rows), printed)
    if run.refused:
        return Answer(False, f"{called} was not tried: its process {run.ending}.")
    line = last_line(run.noise, called, lines)
    if run.ending.startswith("raised "):
        text = f"it raised {run.ending.removeprefix('raised ').rstrip(': ')}"
    else:
        text = ENDINGS.get(
            run.ending,
            f"its process ended ({run.ending}). Let the function return, not exit or crash",
        )
    # what it is here, most of the time
    late = getattr(exercise, "LATE", "") if run.ending == "time limit" else ""
    return Answer(False, f"{called} did not come through: {text}{line}.{late}")


ENDINGS = {
    "time limit": f"it was not done after {SECONDS:g} s. An endless loop? Or threads that wait"
    " for each other",
    "too much memory": f"it took more than {MEMORY >> 20} MiB of memory. Keep less, or free it",
    "too much output": "it printed without end. Take the print out of the loop",
}


def last_line(noise, called, lines):
    """Where in the learner's function it happened, from the traceback."""
    numbers = [int(number) for number in re.findall(rf'File "<your {called}>", line (\d+)', noise)]
    if not numbers or numbers[-1] > len(lines):
        return ""
    return f" – in line {numbers[-1]}: {lines[numbers[-1] - 1].strip()}"
