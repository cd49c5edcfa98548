"""The puzzles, from easy to hard: a folder each, with three programs.

    broken.py     what the learner sees: title and story in the docstring, GOAL says what counts as breaking it
    rarer.py      a repair that only makes it rarer; its docstring says why
    repaired.py   a repair that holds; its docstring says why, HINT leads to it

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
    texts = {
        kind: (Path(__file__).parent / name / f"{kind}.py").read_text("utf-8") for kind in KINDS
    }
    told = {kind: ast.get_docstring(ast.parse(text)) for kind, text in texts.items()}
    title, _, story = told["broken"].partition("\n\n")
    words = {"title": title.rstrip("."), "story": " ".join(story.split())}
    words |= {
        "goal": constant(texts["broken"], "GOAL"),
        "hint": constant(texts["repaired"], "HINT"),
    }
    return Puzzle(name, **words, **texts, why_rarer=told["rarer"], why_repaired=told["repaired"])


KINDS = ("broken", "rarer", "repaired")


def constant(text, name):
    """The value of a constant at the top of a program."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return ast.literal_eval(node.value)
    raise ValueError(f'constant {name!r} is missing from a puzzle: write {name} = "…" at its top.')
