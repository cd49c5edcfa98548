"""What was found, as a learner sees it: in a notebook, and in a terminal.

A schedule is shown short ("1*9" for nine steps of thread 1): `pvt.replay` and the field in the view
take it so."""

import json
from itertools import groupby

from pvt import template
from pvt.stepper import diagram

WORLDS = {"language": "anything the language allows", "interpreter": "what this interpreter does"}
WHOLE, NEAR = 14, 2
"""Lines of a program that is shown as a whole; of a longer one, lines around each mark."""
STRETCH, MOST_OUTPUTS, LONGEST = 5, 8, 2_000
"""Equal numbers that are written short; outputs that are listed; characters of an output."""
MOST_LINES, BEFORE, WIDEST = 20, 3, 200
"""Of each of two outputs: lines, those of them before the first difference, characters of a line."""


def html(found):
    """A search's result."""
    listed = [
        (diagram.sign(ending), ending, f"{count:,}", short(found.schedules.get(ending)), found.reasons[ending])
        for ending, count in found.items()
    ]  # fmt: skip
    bad = found.bad
    return template.render(
        "stepper/found.html",
        sentence=sentence(found),
        world=f"World: {found.world} – {WORLDS[found.world]}. {found.seconds:.1f} s.",
        endings=listed,
        story=found.story,
        lines=marked_lines(found.source, found.marks.get(bad, ())),
        assumed=found.assumed,
        play=False,
        **pair_of(found),
    )


def story_html(last, source):
    """The story under a diagram, from a replay's last row."""
    if not last.get("story"):
        return ""
    lines = marked_lines(source, json.loads(last["marks"]))
    return template.render("stepper/story.html", story=last["story"], lines=lines)


def numbered(source, marks=()):
    """The whole program with its lines' numbers, and the notes of a story."""
    lines = marked_lines(source, marks, len(source.splitlines())) or [
        {"number": number, "text": text, "sign": "", "note": ""}
        for number, text in enumerate(source.rstrip().splitlines(), 1)
    ]
    return template.render("stepper/program.html", lines=lines)


def pair_html(found):
    """Two outputs side by side; each can be stepped through."""
    if not found.two:
        return ""
    return template.render("stepper/pair.html", play=True, **pair_of(found))


def pair_of(found):
    """What the template of two outputs needs."""
    two = [side(found, text, it) for text, it in found.two]
    return {"two": two, "orders": orders(found.outputs), "others": others(found)}


def sentence(found):
    """The result, as a sentence."""
    return f"{found.because[:1].upper()}{found.because[1:]}."


def short(schedule):
    """A schedule as text, long stretches of one worker as "1*9"."""
    if schedule is None:
        return "–"
    words = []
    for one, group in groupby(schedule):
        times, one = sum(1 for _ in group), f"'{one}'" if str(one).startswith("+") else one
        words += [f"{one}*{times}"] if times >= STRETCH else [str(one)] * times
    return f"[{', '.join(words)}]"


def marked_lines(source, marks, whole=WHOLE):
    """Number, text, sign and note of the program's lines; of a long program only those near a mark;
    a gap is None."""
    if not marks:
        return []
    lines, notes = source.rstrip().splitlines(), {}
    for line, note in marks:
        notes.setdefault(line, []).append(note)
    near = {at for line in notes for at in range(line - NEAR, line + NEAR + 1)}
    shown = []
    for number, text in enumerate(lines, 1):
        if len(lines) > whole and number not in near:
            if shown and shown[-1] is not None:
                shown.append(None)
            continue
        sign = "".join(note[0] for note in notes.get(number, ()))
        shown.append(
            {"number": number, "text": text, "sign": sign, "note": "; ".join(notes.get(number, ()))}
        )
    return shown[:-1] if shown and shown[-1] is None else shown


def side(found, text, it):
    """One of two outputs: its lines, those that the other has not marked."""
    other = next(other for other, _ in found.two if other != text)
    pairs = excerpt(text, other)
    marks = [note for _, note in it["marks"]]
    return {"lines": pairs, "schedules": f"{it['schedules']:,}", "schedule": short(it["schedule"]),
            "story": it["story"], "code": marked_lines(found.source, it["marks"]) if marks else []}  # fmt: skip


def excerpt(text, other):
    """(line, whether the other has another one there) of a text from where the two differ first;
    what is left out is counted.
    """
    lines, others = text.splitlines(), other.splitlines()
    pairs = [(line, at >= len(others) or line != others[at]) for at, line in enumerate(lines)]
    first = next((at for at, (_, differs) in enumerate(pairs) if differs), len(pairs))
    begin = 0 if len(pairs) <= MOST_LINES else max(0, first - BEFORE)
    end = begin + MOST_LINES
    shown = [
        (clipped(line, others[at] if at < len(others) else ""), differs)
        for at, (line, differs) in enumerate(pairs[begin:end], begin)
    ]
    if begin:
        shown.insert(0, (f"… {begin:,} equal line{'s' * (begin > 1)} before", False))
    if left := len(pairs[end:]):
        shown.append((f"… {left:,} more line{'s' * (left > 1)}", False))
    return shown


def clipped(line, other):
    """A long line, from shortly before the place where the other differs."""
    if len(line) <= WIDEST:
        return line
    differs = (
        at for at, (mine, theirs) in enumerate(zip(line, other, strict=False)) if mine != theirs
    )
    begin = max(0, next(differs, min(len(line), len(other))) - WIDEST // 4)
    end = begin + WIDEST
    return "…" * (begin > 0) + line[begin:end] + "…" * (end < len(line))


def others(found):
    """The outputs that are not shown side by side."""
    shown = [text for text, _ in found.two]
    rest = [(text, it) for text, it in found.outputs.items() if text not in shown] if shown else []
    rest.sort(key=lambda pair: -pair[1]["schedules"])
    return [
        (text[:LONGEST], f"{it['schedules']:,}", short(it["schedule"]))
        for text, it in rest[:MOST_OUTPUTS]
    ]


def orders(outputs):
    """How many outputs there are, and in how many of them more differs than the order of lines."""
    sets = len({tuple(sorted(text.splitlines())) for text in outputs})
    if len(outputs) < 2:
        return ""
    begin = f"What it prints depends on who comes first: there are {len(outputs):,} different texts"
    if sets == 1:
        return f"{begin}, with the same lines in another order."
    if sets == len(outputs):
        return f"{begin}."
    return f"{begin}, {sets:,} if the order of lines does not count."


def as_text(found):
    """The same for a terminal."""
    lines = [sentence(found)]
    for ending, schedules in found.items():
        plural = "s" * (schedules != 1)
        lines.append(f"  {ending}: {schedules:,} schedule{plural}, {found.reasons[ending]}")
        if ending != "safe":
            lines.append(f"    schedule {short(found.schedules.get(ending))}")
    if found.story:
        lines += ["", found.story, *code_text(found.source, found.marks.get(found.bad, ()))]
    if found.two:
        lines += ["", orders(found.outputs)]
    for name, (text, it) in zip("AB", found.two, strict=False):
        count = f"{it['schedules']:,} schedule{'s' * (it['schedules'] != 1)}"
        lines += ["", f"Text {name}, in {count}, as in {short(it['schedule'])}:"]
        lines += [
            f"  {'≠|'[not differs]} {line}" for line, differs in side(found, text, it)["lines"]
        ]
        lines += [it["story"]] if it["story"] else []
    if found.assumed:
        lines += ["", f"Assumed: {found.assumed}."]
    return "\n".join(lines)


def code_text(source, marks):
    """The marked lines of a program, as text."""
    return [""] * bool(marks) + [
        f"  {line['number']:4} {line['text']}    <- {line['note']}"
        for line in marked_lines(source, marks)
        if line and line["note"]
    ]
