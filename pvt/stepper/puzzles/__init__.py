"""The puzzles, from easy to hard: a file each, with three programs over one shared rest.

    the file itself    what the learner sees: title and story in the docstring, GOAL says what
    counts as breaking it class Rarer        what a repair changes that only makes it rarer; its
    docstring says why class Repaired     what a repair changes that holds; its docstring says why,
    HINT leads to it

The files are read as text and never imported: they run under the scheduler only.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

NAMES = (
    "lost_update",
    "check_then_act",
    "lazy_creation",
    "copy_update",
    "two_locks",
    "lock_kept",
    "barrier",
    "semaphore",
    "missed_call",
    "philosophers",
    "home_made_lock",
    "lost_wakeup",
    "bounded_buffer",
)
APART = ("GOAL", "HINT")
"""Constants that are told, and stand in no program but the first."""


@dataclass(frozen=True)
class Puzzle:
    """One puzzle: what is told of it, and the text of its three programs."""

    name: str
    title: str
    story: str
    goal: str
    hint: str
    broken: str
    rarer: str
    repaired: str
    why_rarer: str
    why_repaired: str


def load(name):
    """Read one puzzle."""
    if name not in NAMES:
        raise ValueError(f"puzzle {name!r} is unknown: choose one of {', '.join(NAMES)}.")
    text = (Path(__file__).parent / f"{name}.py").read_text("utf-8")
    *rest, rarer, repaired = ast.parse(text).body
    broken = "\n".join(text.splitlines()[: rest[-1].end_lineno]) + "\n"
    title, _, story = ast.get_docstring(ast.parse(text)).partition("\n\n")
    return Puzzle(
        name,
        title.rstrip("."),
        " ".join(story.split()),
        constant(rest, "GOAL"),
        constant(repaired.body, "HINT"),
        broken,
        changed(text, rest, rarer),
        changed(text, rest, repaired),
        ast.get_docstring(rarer),
        ast.get_docstring(repaired),
    )


def changed(text, rest, change):
    """The program with what the class brings in the place of what has the same name; what is new
    comes before THREADS."""
    mine = {named(node): lines(text, node) for node in change.body[1:] if named(node) not in APART}
    imports = [each for name, each in mine.items() if name.startswith("import ")]
    mine = {name: each for name, each in mine.items() if not name.startswith("import ")}
    known = [named(node) for node in rest[1:]]
    parts = {name: lines(text, node) for name, node in zip(known, rest[1:], strict=True)}
    head = [each for name, each in parts.items() if name.startswith("import ")] + imports
    body = []
    for name, own in parts.items():
        if name.startswith("import ") or name in APART:
            continue
        if name == "THREADS":
            body += [each for new, each in mine.items() if new not in parts]
        body.append(mine.get(name, own))
    why = ast.get_docstring(change)
    why += "\n" * ("\n" in why)
    whole = [f'"""{why}"""\n\n' + "\n".join(sorted(head, key=first_word)), *body]
    return "\n\n\n".join(whole) + "\n"


def first_word(line):
    """Where an import stands among others: `import x` before `from x import y`."""
    return line.startswith("from "), line


def named(node):
    """The name that a statement gives, "import …" for an import."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return f"import {ast.unparse(node)}"
    return getattr(node, "name", None) or node.targets[0].id


def lines(text, node):
    """The lines of a statement, as they stand at the left margin."""
    found = text.splitlines()[node.lineno - 1 : node.end_lineno]
    return "\n".join(line[node.col_offset :] for line in found)


def constant(body, name):
    """The value of a constant among these statements."""
    for node in body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise ValueError(f'constant {name!r} is missing from a puzzle: write {name} = "…" in it.')
