"""The public record as Python programs: SCTBench and GoKer, each program with its repaired twin.

A program's docstring says what goes wrong, which program of the record it is, its ending, and how
many preemptions that needs; the file beside it with `_repaired` in its name has nothing bad."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDERS = [Path(__file__).parent / "sctbench", Path(__file__).parent / "goker"]
FACTS = re.compile(
    r"^(?P<bench>SCTBench|GoKer) (?P<kernel>.+): (?P<ending>\w+) at (?P<preemptions>\d) preemptions?\.$"
)


@dataclass(frozen=True)
class Entry:
    """One program of the record."""

    name: str
    kernel: str
    ending: str
    preemptions: int
    broken: str
    repaired: str


def entries():
    """All programs, by folder and name."""
    return [
        entry(path) for folder in FOLDERS for path in sorted(folder.glob("*.py")) if is_broken(path)
    ]


def is_broken(path):
    """Whether this is not the repaired twin."""
    return not path.stem.endswith("_repaired")


def entry(path):
    """The program in a file, with the facts from its docstring."""
    broken = path.read_text(encoding="utf-8")
    repaired = path.with_name(f"{path.stem}_repaired.py").read_text(encoding="utf-8")
    facts = next(found for line in broken.splitlines() if (found := FACTS.match(line)))
    name = f"{path.parent.name}/{path.stem}"
    return Entry(
        name, facts["kernel"], facts["ending"], int(facts["preemptions"]), broken, repaired
    )
