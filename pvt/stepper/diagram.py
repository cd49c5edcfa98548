"""The sequence diagram of a schedule: time runs down, one column a thread; a table, so that it can
also be heard."""

import json
from html import escape

SIGNS = {"safe": "✔", "stepping": "…"}
WIDTH = 90


def sign(ending):
    """The mark of an ending, beside its word."""
    return SIGNS.get(ending, "✘")


def html(rows):
    """The diagram of a replay's rows."""
    if "name_0" not in rows[-1]:
        return f"<p><b>✘ {escape(rows[-1]['ending'])}</b>: {escape(rows[-1]['because'])}.</p>"
    threads = [number for number in range(256) if f"name_{number}" in rows[-1]]
    heads = [
        "step",
        *(f"thread {number}: {rows[0][f'name_{number}']}" for number in threads),
        "shared values",
    ]
    rows = by_access(rows) if rows[0]["grain"] == "access" else rows
    body = [line(row, before, threads) for before, row in zip([None, *rows], rows, strict=False)]
    return (
        '<table class="pvt-diagram" style="border-collapse:collapse">'
        f"<thead><tr>{''.join(head(one) for one in heads)}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def head(text):
    return f'<th scope="col" style="text-align:left;padding:2px 12px;border-bottom:2px solid">{escape(text)}</th>'


def line(row, before, threads):
    """One row of the diagram: the start, a step, or the end."""
    if row["kind"] == "ending":
        word = "" if row["ending"] == "stepping" else f"{row['ending']}: "
        said = f"<b>{sign(row['ending'])} {escape(word)}</b>{escape(row['because'])}"
        return f'<tr><td></td><td colspan="{len(threads) + 1}" {BOX}>{said}</td></tr>'
    if row["kind"] == "start":
        values = "; ".join(f"{name} = {value}" for name, value in shared(row).items())
        return f'<tr><td {CELL}>0</td><td colspan="{len(threads)}" {CELL}>start</td><td {CELL}>{escape(values)}</td></tr>'
    cells = "".join(
        step(row, before) if number == row["thread"] else f"<td {LANE}></td>" for number in threads
    )
    return f"<tr><td {CELL}>{row['step']}</td>{cells}<td {CELL}>{changes(row, before)}</td></tr>"


def by_access(rows):
    """One row for each entry of a schedule that counts shared accesses: these, and how many
    bytecodes went along."""
    units = []
    for row in rows:
        if row["kind"] == "step" and row["unit"] < 0:
            continue  # what a thread does before its first step
        last = units[-1] if units else {}
        new = row["kind"] != "step" or (row["kind"], row["unit"]) != (
            last.get("kind"),
            last.get("unit"),
        )
        names = [] if new else last["names"]
        names = [*names, row["bytecode"]] if row["access"] and row["kind"] == "step" else names
        number = 1 if new else last["number"] + 1
        first = row if new else {key: last[key] for key in ("line", "source")}
        said = {
            "bytecode": ", ".join(names),
            "number": number,
            "names": names,
            "access": True,
            "step": row["unit"] + 1,
        }
        units = (units if new else units[:-1]) + [
            row | {k: first[k] for k in ("line", "source")} | said
        ]
    return units


def step(row, before):
    """What the thread did: the source line where it is new, the bytecode, and what holds the thread
    up after it."""
    new = before["kind"] == "start" or (before["thread"], before["line"]) != (
        row["thread"],
        row["line"],
    )
    source = f"<small>line {row['line']}: {escape(row['source'])}</small><br>" if new else ""
    code = escape(row["bytecode"][:WIDTH])
    code = f"<b>{code}</b>" if row["access"] else code
    code += f" <small>in {row['number']} bytecodes</small>" if row.get("number", 1) > 1 else ""
    state, reason = row[f"state_{row['thread']}"], f"why_{row['thread']}"
    why = f"<br><small>‖ {escape(row[reason])}</small>" if state == "blocked" else ""
    done = "<br><small>■ has finished</small>" if state == "finished" else ""
    return f"<td {BOX}>{source}<code>{code}</code>{why}{done}</td>"


def changes(row, before):
    """The shared values that this step has changed."""
    old = shared(before)
    now = shared(row).items()
    return "; ".join(
        f"{escape(n)}: {escape(old.get(n, '–'))} → <b>{escape(v)}</b>"
        for n, v in now
        if old.get(n) != v
    )


def shared(row):
    """Name -> text of what is shared after this row."""
    return json.loads(row["shared"])


CELL = 'style="text-align:left;padding:2px 12px;vertical-align:top"'
LANE = 'style="border-left:2px dotted #8a8a8a"'
BOX = 'style="text-align:left;padding:2px 12px;border-left:6px solid #0072b2"'
