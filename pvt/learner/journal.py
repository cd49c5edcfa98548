"""The learner's record: one line of JSON for each thing done, at the end of one file that is the
learner's own.

A line that a power cut has torn stays as it is, and so do lines of a newer version: neither is
read. What cannot be written is a sentence, never an exception: the lesson goes on. Nothing is sent
anywhere.
"""

import datetime
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pvt import host
from pvt.learner.appending import append

OFF = "off"
# one of the two halves that JSON writes a rare character in
ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")
TEXT, MAYBE, FLAG, TABLE = str, (str, type(None)), bool, dict
# Kinds of line: what each must hold, beside its kind and the fields of ALWAYS. More may stand in
# it.
KINDS = {
    "lab": {
        "settings": TABLE,
        "params": TABLE,
        "predicted": MAYBE,
        "came": MAYBE,
        "thought": TEXT,
        "sentence": TEXT,
        "ending": TEXT,
    },
    "question": {
        "chapter": TEXT,
        "claim": TEXT,
        "answer": (str, int, float),
        "right": FLAG,
        "reply": TEXT,
    },
    "exercise": {"solved": FLAG, "because": TEXT, "text": TEXT},
    "verdict": {"says": TEXT, "value": TEXT, "because": TEXT},
    "puzzle": {"solved": FLAG, "because": TEXT, "text": TEXT},
    "broken": {"ending": TEXT, "because": TEXT, "schedule": TEXT, "world": TEXT},
    "search": {"own": FLAG, "complete": FLAG, "because": TEXT},
    "challenge": {"text": TEXT, "results": TABLE, "ending": TEXT},
}
ALWAYS = {"date": TEXT, "machine": TEXT, "python": TEXT}


class Reading(NamedTuple):
    """The rows that this version knows, in order; how many lines it does not know, and how many
    are torn."""

    rows: list
    unknown: int
    torn: int


def path():
    """The file, or None where nothing is kept: PVT_RECORD=off, or a copy that runs by itself
    (PVT_AUTORUN=1)."""
    named = os.environ.get("PVT_RECORD")
    if named:
        if named.strip().lower() == OFF:
            return None
        try:
            return Path(named).expanduser()
        except RuntimeError:  # ~ and a name that nobody has
            return Path(named)
    if os.environ.get("PVT_AUTORUN") == "1":
        return None
    import platformdirs

    return platformdirs.user_data_path("pvt", appauthor=False) / "record.jsonl"


def note(kind, subject, **details):
    """Append what was done, with date, machine and Python. Gives a sentence where that fails, ""
    where it does not."""
    if (file := path()) is None:
        return ""
    row = {kind: subject, "date": now(), "machine": machine(), "python": python()} | details
    try:
        append(file, json.dumps(row).encode() + b"\n")
    except OSError as problem:
        return (
            f"Your record could not be written to {file} ({problem.strerror}). The lesson goes"
            " on without it."
        )
    return ""


def read():
    """What is in the record; nothing where there is none, or where it cannot be read."""
    return reading(contents())


def contents():
    """The bytes of the record: none where there is none, where it cannot be read, or where the
    path is no file (a pipe would wait for ever)."""
    file = path()
    try:
        return file.read_bytes() if file and file.is_file() else b""
    except OSError:
        return b""


def trouble():
    """Why nothing can be read from where the record should be, in a sentence; "" where it can, or
    nothing is there yet."""
    file = path()
    try:
        if file is None or not file.stat():
            return ""
        if not file.is_file():
            return f"{file} is no ordinary file: let PVT_RECORD name another."
        file.open("rb").close()
    except FileNotFoundError:
        return ""
    except OSError as problem:
        return f"{file} cannot be read: {problem.strerror}."
    return ""


def reading(data):
    """The rows in some bytes."""
    rows, unknown, torn = [], 0, 0
    for line in data.splitlines():
        if not line.strip():
            continue
        try:
            row = decoded(line)
        except (ValueError, RecursionError):
            torn += 1
            continue
        if kind(row):
            rows.append(row)
        else:
            unknown += 1
    return Reading(rows, unknown, torn)


def decoded(data):
    """What some bytes of JSON say. Raises ValueError where they are none, or hold half a character:
    no page could show that."""
    text = data.decode("utf-8-sig")
    row = json.loads(text)
    if ESCAPED.search(text):
        json.dumps(row, ensure_ascii=False).encode()
    return row


def kind(row):
    """The kind of a row, or None if this version does not know it."""
    if not isinstance(row, dict):
        return None
    named = next((name for name in KINDS if isinstance(row.get(name), str)), None)
    return named if named and fits(row, KINDS[named] | ALWAYS) and is_date(row["date"]) else None


def fits(row, fields):
    """Whether a row holds these fields, each of its type; True is no number here."""
    return all(name in row and isinstance(row[name], wanted) for name, wanted in fields.items())


def is_date(text):
    try:
        return bool(moment(text))
    except (ValueError, OverflowError):
        return False


def moment(text):
    """A row's date as a datetime with its zone. Raises ValueError."""
    return datetime.datetime.fromisoformat(text).astimezone()


def last(name, settings):
    """The last run of a lab with these settings, or None. Only lines that may be it are parsed."""
    mark = f'"lab": {json.dumps(name)}'.encode()
    for line in reversed(contents().splitlines()):
        if mark in line:
            for row in reading(line).rows:
                if row.get("lab") == name and row["settings"] == settings:
                    return row
    return None


def forget():
    """Delete the record; gives the number of its lines. Raises OSError."""
    file = path()
    if file is None or not file.is_file():
        return 0
    count = len(file.read_bytes().splitlines())
    file.resolve().unlink()  # what a link leads to, not the link alone
    return count


def now():
    """Date and time with zone, to the second."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


@cache
def machine():
    """This machine in a few words: no names, no paths."""
    count = host.cores()
    return (
        f"{count} core{'s' * (count != 1)}, {host.facts(others=False)['system']},"
        f" {host.processor()}"
    )


def python():
    """This Python, and whether it has a GIL."""
    return f"{host.facts(others=False)['python']}{'' if host.has_gil() else ' without GIL'}"
