"""What the view shows of a replay: lanes, shared values, what the last step did; plain data, to be drawn elsewhere."""

import ast
import json

from pvt.stepper import diagram


def scene(source, rows):
    """The whole scene after a replay's last row. Of a program that cannot be run, only its text."""
    last = rows[-1]
    if "name_0" not in last:
        whole = {"number": 0, "name": "the program", "code": code_lines(source, 1, None, None)}
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
            "ending": last["ending"],
            "did": "",
        }
    threads = [number for number in range(256) if f"name_{number}" in last]
    return {
        "lanes": [lane(source, rows, number) for number in threads],
        "shared": values(rows),
        "diagram": diagram.html(rows),
        "ending": last["ending"],
        "did": did(rows),
    }


def lane(source, rows, number):
    """One thread: its code with the current line, the bytecode about to run, and whether it may go on."""
    last = rows[-1]
    may = number in json.loads(last["choices"])
    state, why, at = (last[f"{key}_{number}"] for key in ("state", "why", "next_line"))
    seen = at or next((row["line"] for row in reversed(rows) if row["thread"] == number), None)
    if last["ending"] == "stepping" and state == "runnable" and not may:
        why = "must wait: this interpreter lets no other thread in here"
    known = (row[f"next_line_{number}"] for row in rows)
    begin, end = block(source, seen or next((line for line in known if line), 1))
    words = {
        "number": number,
        "name": last[f"name_{number}"],
        "state": state,
        "why": why,
        "can": may,
        "line": at,
    }
    bytecode = last[f"next_bytecode_{number}"] or "–"
    return words | {"bytecode": bytecode, "code": code_lines(source, begin, end, at)}


def block(source, line):
    """First and last line of the innermost function that holds a line."""
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    places = [(node.lineno, node.end_lineno) for node in functions]
    return max(
        ((begin, end) for begin, end in places if begin <= line <= end), default=(line, line)
    )


def code_lines(source, begin, end, current):
    """Lines of the program: number, text, and which is the current one."""
    lines = source.splitlines()[begin - 1 : end]
    return [{"number": n, "text": text, "now": n == current} for n, text in enumerate(lines, begin)]


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
