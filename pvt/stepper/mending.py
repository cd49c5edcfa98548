"""Repair a puzzle: the functions that a learner changed are put into its program, and every
schedule is tried.

The puzzle keeps its THREADS, its safe() and its asserts, and undisturbed it must still do its work:
a program that does nothing cannot break. A repair that only makes the fault rarer is shown the
schedule that still breaks it."""

import ast
import json
from dataclasses import dataclass, field
from types import FunctionType

from pvt import course
from pvt.exercise import Answer, fits, parsed, text_of
from pvt.learner import noting
from pvt.problem import Problem
from pvt.stepper import asking, diagram, telling
from pvt.stepper.puzzles import NAMES, load

PREEMPTIONS, SECONDS = 3, 60
PRELUDE = """import queue, threading, time
from threading import Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore
"""
KEPT = ("safe", "THREADS", "GOAL")
UNSAFE = "safe() says False"  # then the values tell more


@dataclass(frozen=True)
class Repair:
    """Whether the repair holds, and why; if not, the shortest schedule that breaks it, and the
    whole `program`."""

    passed: bool
    because: str
    schedule: list | None = None
    program: str = field(repr=False, default="")
    rows: list = field(repr=False, default_factory=list)

    def _repr_html_(self):
        answer = Answer(self.passed, self.because)._repr_html_()
        if not self.rows:
            return answer
        story = telling.story_html(self.rows[-1], self.program)
        return f"{answer}{diagram.html(self.rows)}{story}"


def repair(name, *parts):
    """Check the repair of a puzzle: `parts` are the functions that you changed or added; a class or
    a text also do.

    The rest of the puzzle stays as it is. Raises ValueError for an unknown puzzle.
    """
    if name not in NAMES:
        raise Problem(f"there is no puzzle {name!r}; {course.nearest(name, NAMES)}")
    puzzle = load(name)
    try:
        program = mended(puzzle.broken, [part_text(part) for part in parts])
        keeps(program, puzzle.broken)
        still_works(program, puzzle)
    except Problem as problem:
        return noted(name, Repair(False, str(problem)))
    found = asking.searched(asking.searching(program, PREEMPTIONS, SECONDS, "language", first=True))
    return noted(name, judged(program, found))


def noted(name, tried):
    """The same, once it stands in the learner's record."""
    noting.puzzle(name, tried)
    return tried


def part_text(part):
    """The text of a function, of a class's body, or of text."""
    if isinstance(part, str):
        return part
    return text_of(part)[0] if isinstance(part, FunctionType) else asking.text_of_program(part)


def mended(broken, texts):
    """The puzzle's program with the learner's functions in it; what is new comes before its first
    function."""
    mine, new = {}, []
    for text in texts:
        for node in parsed(text).body:
            named = getattr(node, "name", getattr(getattr(node, "targets", [None])[0], "id", None))
            lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
            if isinstance(node, ast.FunctionDef) and named not in KEPT:
                mine[named] = lines
            elif named not in KEPT and not isinstance(node, ast.Expr):
                new += lines
    lines, functions = (
        broken.splitlines(),
        [n for n in ast.parse(broken).body if isinstance(n, ast.FunctionDef)],
    )
    if mine and not {node.name for node in functions} & set(mine):
        known = ", ".join(node.name for node in functions if node.name not in KEPT)
        raise Problem(
            f"no function of this puzzle is called {' or '.join(mine)}; it has {known}. Keep the name."
        )
    for node in reversed(functions):
        if node.name in mine and ast.unparse(node.args) == "shared":
            fits("\n".join(mine[node.name]), node.name, ["shared"])
        lines[node.lineno - 1 : node.end_lineno] = mine.pop(
            node.name, lines[node.lineno - 1 : node.end_lineno]
        )
    added = [
        *PRELUDE.splitlines(),
        *new,
        *(line for text in mine.values() for line in ["", "", *text]),
        "",
        "",
    ]
    first = functions[0].lineno - 1
    return "\n".join([*lines[:first], *added, *lines[first:]]) + "\n"


def keeps(program, broken):
    """Raise Problem if an assert of the puzzle is missing."""
    left = asserts(program)
    for test in asserts(broken):
        if test not in left:
            raise Problem(
                f"“assert {test}” is missing: it says what must be true there. Put it back."
            )
        left.remove(test)


def asserts(program):
    """What a program asserts, as text."""
    return [
        ast.unparse(node.test)
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Assert)
    ]


def still_works(program, puzzle):
    """Raise Problem if the undisturbed program cannot run, or ends with other values than it
    should."""
    mine, wanted = undisturbed(program), undisturbed(puzzle.repaired)
    if mine["ending"] != "safe" and undisturbed(puzzle.broken)["ending"] != "safe":
        return  # it needs no disturbance to break: the search shows how
    if mine["ending"] != "safe" and mine["because"] != UNSAFE:
        how = f"it ends in “{mine['ending']}”: {mine['because']}"
        raise Problem(f"even undisturbed, one thread after the other, {how}.")
    for name, text in wanted["shared"].items():
        if mine["shared"].get(name, text) != text and is_plain(text):
            raise Problem(
                f"even undisturbed, one thread after the other, {name} ends as {mine['shared'][name]}, not as {text}."
                " The threads must still do all their work."
            )


def undisturbed(program):
    """Ending and shared values of a run without preemptions. Raises Problem if the program cannot
    be run."""
    running = asking.replaying(program, [], "language", "access", finish=True)
    for _ in running:
        pass
    last = asking.rows_of(running)[-1]
    if "shared" not in last:
        raise Problem(f"the program cannot be run: {last['because']}.")
    return last | {"shared": json.loads(last["shared"])}


def is_plain(text):
    """Whether the text of a value is that of a number, a string or a container of such: not that of
    a lock."""
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True


def judged(program, found):
    """The answer after a search that stops at the first bad schedule."""
    ending = next((ending for ending in found.schedules if ending != "safe"), None)
    if ending is None:
        because = found.because if found.complete else f"it could not be proved: {found.because}"
        return Repair(
            found.complete and set(found.endings) == {"safe"}, f"{because}.", None, program
        )
    schedule, good = found.schedules[ending], found.endings.get("safe", 0)
    rows = asking.replay(program, schedule).rows
    tried = (
        f"after {good:,} good schedule{'s' * (good != 1)} the search found one that still breaks it"
    )
    reason = found.reasons[ending]
    if reason == UNSAFE:
        shared = {
            name: text for name, text in json.loads(rows[-1]["shared"]).items() if is_plain(text)
        }
        reason += f": at the end {', '.join(f'{name} is {text}' for name, text in shared.items())}"
    because = f"{tried}: {schedule} ends in “{ending}”, {reason}."
    return Repair(False, because, schedule, program, rows)
