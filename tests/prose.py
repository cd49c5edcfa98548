"""The text of a notebook as a reader meets it: sections, which of them are core, sentences, and how
long it all takes.

The time is a rule of thumb for a beginner: 160 words a minute, and minutes for whatever is tried
out.
"""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
WORDS_A_MINUTE = 160
MINUTES = {
    "lab": 3.5,
    "watch": 2.5,
    "verdict": 0.7,
    "step": 5.0,
    "quiz": 8.0,
    "challenge": 8.0,
    "check": 11.0,
    "repair": 9.0,
    "interview": 15.0,
}
MINUTES |= {"investigate": 4.0, "verdicts": 5.0, "run": 1.0, "search": 1.0, "source": 1.0}
AFTER = (
    "What did you find out?",
    "Exercise",
    "Deeper: ",
)  # not core: questions, exercises, what is deeper


class Section(NamedTuple):
    heading: str
    cells: list

    @property
    def core(self):
        """Whether a reader should not skip it."""
        return not self.heading.startswith(AFTER)

    @property
    def text(self):
        return "\n\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")

    @property
    def code(self):
        return "\n".join(cell.source for cell in self.cells if cell.cell_type == "code")

    @property
    def minutes(self):
        """What it takes to read it, and to try what is in it."""
        calls = re.findall(r"^(?:\w+ = )?pvt\.(\w+)\(", self.code, re.MULTILINE)
        return len(plain(self.text).split()) / WORDS_A_MINUTE + sum(
            MINUTES.get(call, 0) for call in calls
        )


def sections(path):
    """The parts of a notebook; a part begins with a heading."""
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        heading = re.match(r"##? (.*)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            found.append(Section(heading[1], []))
        found[-1].cells.append(cell)
    return found


def times(path):
    """The minutes that the top of a notebook gives: the core, everything."""
    top = sections(path)[0].text
    core, everything = re.search(
        r"^\*Core[^:]*: (\d+) minutes\. [^:]*: (\d+) minutes\.\*", top, re.MULTILINE
    ).groups()
    return int(core), int(everything)


def plain(text):
    """Markdown without folded parts, code and what links lead to."""
    text = re.sub(r"<details>.*?</details>|```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "Code", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"</?\w+>|[*_]{1,2}", "", text)


def sentences(text):
    """The sentences of some Markdown; tables are left out."""
    lines = [line for line in plain(text).splitlines() if not line.startswith(("|", "#"))]
    for part in re.split(r"\n\s*\n|\n(?=[-0-9])", "\n".join(lines)):
        yield from (
            one.strip()
            for one in re.split(r"(?<=[.?!])[\"”)]?\s+(?=[\"“(A-Z0-9])", part)
            if one.strip()
        )
