"""What the view shows of a replay: lanes, shared values, what the last step did; plain data, to be
drawn elsewhere."""

import ast
import json
import re
import textwrap

from pvt.stepper import diagram, telling

AROUND = 2
"""Lines that are shown before and after the current one, outside functions."""


MUST_WAIT = {
    "language": "waits while one of its tasks has its turn",
    "interpreter": "must wait: this interpreter lets no other thread in here",
}


def scene(source, rows):
    """The whole scene after a replay's last row. Of a program that cannot be run, only its text."""
    last = rows[-1]
    if "name_0" not in last:
        whole = {
            "number": 0,
            "name": "the program",
            "code": code_lines(source, 1, len(source.splitlines()), None),
        }
        whole |= {
            "state": "blocked",
            "why": "cannot run",
            "can": False,
            "bytecode": "–",
            "line": None,
        }
        return {
            "lanes": [whole],
            "shared": [],
            "diagram": diagram.html(rows),
            "story": "",
            "program": telling.numbered(source),
            "ending": last["ending"],
            "did": "",
        }
    threads = [number for number in range(256) if f"name_{number}" in last]
    return {
        "lanes": [lane(source, rows, number) for number in threads],
        "shared": values(rows),
        "diagram": diagram.html(rows),
        "story": telling.story_html(last, source),
        "program": telling.numbered(source, json.loads(last["marks"])),
        "ending": last["ending"],
        "did": did(rows),
    }


def lane(source, rows, number):
    """One thread: its code with the current line, the bytecode about to run, and whether it may go
    on."""
    last = rows[-1]
    may = number in json.loads(last["choices"])
    state, why, at = (last[f"{key}_{number}"] for key in ("state", "why", "next_line"))
    if not at and (found := re.search(r"in line (\d+)$", why or "")):
        at = int(found[1])  # of a task between two turns
    if may and state == "blocked":
        state, why = "runnable", "can have its next turn"
    elif last["ending"] == "stepping" and state == "runnable" and not may:
        why = MUST_WAIT[last["world"]]
    known = [row[f"next_line_{number}"] for row in rows]
    mine = [row["line"] for row in reversed(rows) if row["thread"] == number]
    seen = at or next((line for line in mine + known if line), None)
    begin, end = block(source, seen) if seen else (1, 0)
    words = {
        "number": number,
        "name": last[f"name_{number}"],
        "state": state,
        "why": why,
        "can": may,
        "line": at,
    }
    bytecode = last[f"next_bytecode_{number}"] or "–"
    marks = json.loads(last["marks"])
    return words | {"bytecode": bytecode, "code": code_lines(source, begin, end, at, marks)}


def block(source, line):
    """First and last line of the innermost function that holds a line."""
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    places = [(node.lineno, node.end_lineno) for node in functions]
    around = max(1, line - AROUND), line + AROUND
    return max(((begin, end) for begin, end in places if begin <= line <= end), default=around)


def code_lines(source, begin, end, current, marks=()):
    """Lines of the program without the indentation they share: number, text, sign, and which is the
    current one."""
    lines = textwrap.dedent("\n".join(source.rstrip().splitlines()[begin - 1 : end])).split("\n")
    signs = {}
    for line, note in marks:
        signs[line] = signs.get(line, "") + note[0]
    return [
        {"number": n, "text": text, "now": n == current, "sign": signs.get(n, "")}
        for n, text in enumerate(lines if end else [], begin)
    ]


def values(rows):
    """The shared values before and after the last step of the schedule."""
    steps = [row for row in rows if row["kind"] != "ending"]
    after = diagram.shared(rows[-1])
    before = diagram.shared(steps[-1 - len(last_step(rows))])
    return [
        {
            "name": name,
            "before": before.get(name, "–"),
            "after": text,
            "changed": before.get(name) != text,
        }
        for name, text in after.items()
    ]


def last_step(rows):
    """The rows of the schedule's last entry: a bytecode, or those of a shared access."""
    steps = [row for row in rows if row["kind"] == "step" and row["unit"] >= 0]
    return [row for row in steps if row["unit"] == steps[-1]["unit"]]


def did(rows):
    """What the last step did, in words for the ear."""
    steps = last_step(rows)
    if not steps:
        return "Nothing has run yet."
    me = steps[-1]["thread"]
    named = [row["bytecode"] for row in steps if row["access"]] or [
        row["bytecode"] for row in steps
    ]
    more = f" ({len(steps)} bytecodes)" if len(steps) > 1 else ""
    changed = [f"{v['name']} is now {v['after']}" for v in values(rows) if v["changed"]]
    why = rows[-1][f"why_{me}"]
    return (
        "; ".join(
            [f"Thread {me}: {', '.join(named)}{more}", *changed, *([f"it {why}"] if why else [])]
        )
        + "."
    )
