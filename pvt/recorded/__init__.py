"""Records: what a machine said of the claims, and when; kept as JSON lines, alone or inside an HTML
file.

The first line of a record is its head (facts, date, command), every other an entry: what `python -m
pvt verdicts --json` prints. A record of another machine is made by sending that to a file of this
folder.
"""

import datetime
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import NamedTuple

from pvt import host, ledger, runner
from pvt.problem import Problem

FOLDER = Path(__file__).parent
# What a record tells of a machine: no names, no paths.
TOLD = [
    "python",
    "build",
    "gil",
    "system",
    "cores",
    "cores_visible",
    "cores_quota",
    "start_method",
    "switch_interval",
    "memory",
]
FACTS = "import json; from pvt import host; print(json.dumps(host.facts(others=False)))"
BLOCK = re.compile(r'<script type="application/json" class="pvt-record">(.*?)</script>', re.DOTALL)


class Record(NamedTuple):
    """Entries, and where, when and how they came about. `facts` are those of `pvt.facts()`,
    without names and paths."""

    facts: dict
    date: str
    command: str
    entries: list

    @property
    def title(self):
        """The machine and the Python in a line; a Python that was not yet released is marked."""
        early = " (a pre-release)" if re.search(r"\d(a|b|rc)\d", self.facts["python"]) else ""
        return f"{host.summary(self.facts)}{early}, {self.facts['processor']}"

    def lines(self):
        """The record as text: one JSON object a line."""
        return "\n".join([json.dumps(head(self)), *map(line, self.entries)])


def begun(command, python=None):
    """A record of this machine without any entry yet."""
    seen = host.facts(others=False)
    if python is not None:
        call = [runner.interpreter(python), "-P", "-c", FACTS]
        seen = json.loads(
            subprocess.run(
                call, env=runner.environment("."), capture_output=True, check=True
            ).stdout
        )
    now = datetime.datetime.now().astimezone().isoformat(" ", "minutes")
    return Record(
        {name: seen.get(name) for name in TOLD} | {"processor": host.processor()}, now, command, []
    )


def head(record):
    """The first line, as a dict."""
    return {"facts": record.facts, "date": record.date, "command": record.command}


def line(entry):
    """An entry as a line of JSON."""
    fields = {"id": entry.id, "says": entry.says, "verdict": entry.value, "because": entry.because}
    return json.dumps(fields | {"seconds": round(entry.seconds, 3)})


def read(path):
    """The first record in a file: JSON lines, or an HTML file that holds some. Raises ValueError
    for any other."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Problem(f"{path} cannot be read: {problem}") from None
    return parsed(found[1] if (found := BLOCK.search(text)) else text, path)


def parsed(text, path):
    """The record in some text."""
    try:
        first, *others = map(json.loads, text.strip().splitlines())
        seen = host.summary(first["facts"])
        entries = [
            (one["id"], one["says"], one["verdict"], one["because"], one["seconds"], seen)
            for one in others
        ]
        if unknown := {value for _, _, value, *_ in entries} - set(ledger.SIGNS):
            raise ValueError(f"unknown verdict {unknown}")
        return Record(
            first["facts"], first["date"], first["command"], [ledger.Entry(*one) for one in entries]
        )
    except (ValueError, KeyError, TypeError):
        raise Problem(
            f"{path} holds no verdicts; make such a file by: python -m pvt verdicts --html FILE"
        ) from None


def references():
    """The records that come with this package."""
    return [read(path) for path in sorted(FOLDER.glob("*.jsonl"))]


def lesson():
    """The lesson's own numbers: claim -> what it says."""
    return tomllib.loads((FOLDER / "lesson.toml").read_text("utf-8"))
