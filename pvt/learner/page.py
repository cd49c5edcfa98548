"""The learner's record as a page: what is done, where the intuition was wrong, what to repeat,
what comes next."""

import datetime
import os
from itertools import groupby

from markupsafe import Markup

from pvt import course, report, template
from pvt.learner import history, journal, repeat
from pvt.learner.outline import outline
from pvt.views.quiz import marked

TITLE = "What I have done"
OFF = "PVT_RECORD=off says so. Without it, what you do is kept in a file on this machine."
AUTORUN = "this is a copy that ran by itself. In a notebook of yours, what you do is kept."


class Page:
    """Some HTML for a notebook; the same as text for a terminal."""

    def __init__(self, html, text):
        self.html, self.text = html, text

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return self.text


def record():
    """What you have done so far: chapters, predictions that came out otherwise, what to repeat
    today, the next step."""
    known = facts()
    return Page(shown(known, top=3), text(known))


def file():
    """The same as a whole HTML file."""
    style = Markup(f"{report.STYLE}\n{report.TABLE}")
    inside = Markup(shown(facts(), top=1))
    return template.render("learner/file.html", title=TITLE, style=style, inside=inside)


def shown(known, top):
    """The page, its first heading on this level."""
    if "off" in known:
        return template.render("learner/record.html", top=top, style="", off=known["off"])
    values = known | {
        "top": top,
        "style": Markup(report.TABLE),
        "off": "",
        "asks": asks,
        "state": state,
    }
    return template.render("learner/record.html", marked=lambda one: Markup(marked(one)), **values)


def facts():
    """All that the page says."""
    path = journal.path()
    if path is None:
        return {"off": AUTORUN if os.environ.get("PVT_RECORD") is None else OFF}
    found, chapters = journal.read(), outline()
    rows, today = found.rows, datetime.date.today()
    guesses = history.guesses(rows)
    decided = [guess for guess in guesses if guess.right is not None]
    cards, due = repeat.cards(rows), repeat.due(rows, today)
    return {
        "summary": journal.trouble() or summary(rows),
        "step": step(chapters, rows),
        "due": due,
        "later": next((card.due for card in cards if card.due > today), None),
        "guessed": len(decided),
        "right": sum(guess.right for guess in decided),
        "wrongs": by_chapter(chapters, [guess for guess in decided if not guess.right]),
        "chapters": history.progress(chapters, rows),
        "attempts": [*history.attempts(rows).values(), *history.attempts(rows, "puzzle").values()],
        "stages": history.stages(rows),
        "kept": kept(path, found),
    }


def summary(rows):
    """How much there is, since when."""
    if not rows:
        return "Nothing is done yet."
    counts = [(count(rows, kind), words) for kind, words in WORDS.items()]
    listed = ", ".join(
        f"{number} {one if number == 1 else plural}" for number, (one, plural) in counts if number
    )
    machines = len({row["machine"] for row in rows})
    return f"{listed}; since {rows[0]['date'][:10]}, on {machines} machine{'s' * (machines != 1)}."


WORDS = {
    "lab": ("run of a lab", "runs of labs"),
    "question": ("answer to a question", "answers to questions"),
    "exercise": ("check of an exercise", "checks of exercises"),
    "verdict": ("verdict", "verdicts"),
    "puzzle": ("repair of a puzzle", "repairs of puzzles"),
    "broken": ("puzzle broken by hand", "puzzles broken by hand"),
    "search": ("search", "searches"),
    "challenge": ("challenge of a server", "challenges of a server"),
}


def count(rows, kind):
    return sum(journal.kind(row) == kind for row in rows)


def step(chapters, rows):
    """The next step in a sentence."""
    if (found := history.next_step(chapters, rows)) is None:
        return "All chapters are done." if chapters else "Open a notebook and begin."
    chapter, kind, which = found
    return f"{chapter.number} · {chapter.title} – {thing(kind, which)}."


def thing(kind, which):
    """A lab, the quiz or an exercise, in words."""
    if kind == "lab":
        return f"the lab “{asks(which)}”"
    return "the quiz" if kind == "question" else f"the exercise {which}"


def asks(lab):
    """A lab's question; its name, where this version has no such lab."""
    return course.load(lab).QUESTION if lab in course.names() else lab


def by_chapter(chapters, guesses):
    """(heading, guesses) for each chapter, in order; labs that belong to none come last."""
    titles = {chapter.number: f"{chapter.number} · {chapter.title}" for chapter in chapters}
    placed = [(history.chapter_of(chapters, guess.lab) or "~", guess) for guess in guesses]
    placed.sort(key=lambda pair: pair[0])
    return [
        (titles.get(number, "Other labs"), [guess for _, guess in pairs])
        for number, pairs in groupby(placed, key=lambda pair: pair[0])
    ]


def state(done):
    """How far a chapter is done, as sign and word."""
    if done.whole and done.begun:
        return "✔ done"
    return "➜ begun" if done.begun else "–"


def kept(path, found):
    """Where the record is, and what in it is not shown."""
    lines = [f"Lines in {path}: {len(found.rows)}."]
    if found.unknown:
        lines.append(f"From another version of pvt, kept and not shown: {found.unknown}.")
    if found.torn:
        lines.append(f"Damaged and not shown: {found.torn}.")
    return " ".join(lines)


def text(known):
    """The page for a terminal."""
    if "off" in known:
        return f"Nothing is kept: {known['off']}"
    lines = [known["summary"], f"Next: {known['step']}"]
    if known["guessed"]:
        lines.append(
            f"First predictions: {known['right']} of {known['guessed']} came out as predicted."
        )
    for heading, wrong in known["wrongs"]:
        lines += [f"  {heading}", *(f"    {asks(one.lab)} {otherwise(one)}" for one in wrong)]
    lines += [f"To repeat today: {card.question}" for card in known["due"]]
    for done in known["chapters"]:
        if done.begun:
            lines.append(f"{done.chapter.number} {state(done)}: {counted(done)}")
    for stage in known["stages"]:
        lines.append(f"{stage.name}, {stage.date}: {stage.passed} of {stage.tried} trials passed")
    return "\n".join([*lines, known["kept"]])


def otherwise(guess):
    return f"– predicted: {guess.predicted}; it came out: {guess.came}"


def counted(done):
    """How much of a chapter is done, in words."""
    parts = zip(done.parts, ("labs", "questions", "exercises"), strict=True)
    return ", ".join(f"{count} of {wanted} {name}" for (count, wanted), name in parts if wanted)
