"""The result of watching a program: lanes over time, table, diagnosis, and how it ended."""

import json
import re
from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

from pvt import card, table
from pvt.watcher import diagnosis, lanes
from pvt.watcher.figures import HANDING_OUT, Figures, figures
from pvt.watcher.seen import Seen

LINK = Markup('{}(<a href="{}.ipynb">chapter {}</a>, {}).')
WORTH = 0.1  # seconds: the longest wait that is worth a word
NOTED = 0.01  # of a run: the wait for a lock that is worth a word


@dataclass(frozen=True)
class Watched:
    """What was seen of a program; seconds since its start."""

    program: str
    ending: str
    seconds: float
    host: dict
    figures: Figures
    bins: lanes.Bins
    lanes: list
    diagnosis: list
    output: str = ""
    errors: str = ""
    code: int | None = None
    left: int = 0  # processes that it left behind, and that were ended
    hints: list = field(default_factory=list)

    @property
    def stretches(self):
        """(lane, from, to, state) of all lanes, in order."""
        for lane in self.lanes:
            for begin, end, state in lanes.stretches(self.bins, lane):
                yield lane.name, begin, end, state

    @property
    def shares(self):
        """The share of each state in the life of each lane."""
        return {
            lane.name: {state: round(part, 4) for state, part in lane.shares.items()}
            for lane in self.lanes
        }

    def draw(self, begin=0.0, end=None):
        """The picture, or a part of it from `begin` to `end` seconds."""
        from pvt.watcher import picture

        return picture.picture(self, begin, end)

    def json_lines(self):
        """One line for each stretch, and a last one for the whole."""
        for name, begin, end, state in self.stretches:
            yield json.dumps(
                {"lane": name, "from": round(begin, 4), "to": round(end, 4), "state": state}
            )
        yield json.dumps(
            {
                "ending": self.ending,
                "seconds": round(self.seconds, 4),
                "cores": self.figures.cores,
                "cores_busy": round(self.figures.cores_busy, 3),
                "shares": self.shares,
                "diagnosis": [{"id": one.id, "text": one.text} for one in self.diagnosis],
            }
        )

    @property
    def summary(self):
        """Ending, cores, busiest lock and longest wait in a sentence or two."""
        sentences = [
            f"{self.program}: {self.ending} after {self.seconds:.2f} s,"
            f" {diagnosis.busy(self.figures)} busy."
        ]
        locks = [one for one in self.figures.locks if one.name not in HANDING_OUT]
        if locks:
            lock = locks[0]
            waited = sum(lock.waits.values())
            if waited > NOTED * self.seconds:
                sentences.append(f"Lock most waited for: {lock.name}, {waited:.2f} s in all.")
        if self.figures.longest and self.figures.longest[1] >= WORTH:
            worker, seconds, _, what = self.figures.longest
            sentences.append(f"Longest wait: {worker}, {seconds:.2f} s for {what}.")
        return " ".join([*sentences, *self.hints])

    def rows(self):
        """(headings, rows) of the table of workers: shares in percent."""
        used = [
            state for state in lanes.STATES if any(lane.cells.get(state) for lane in self.lanes)
        ]
        headings = [
            "worker",
            "seconds",
            "on a core, s",
            *(f"{lanes.STATES[state]}, %" for state in used),
        ]
        rows = []
        for lane in self.lanes:
            seconds, shares = lane.seconds, lane.shares
            on_core = seconds.get("python", 0.0) + seconds.get("c", 0.0)
            shown = [round(100 * shares.get(state, 0.0)) for state in used]
            rows.append([lane.name, round(lane.end - lane.begin, 2), round(on_core, 2), *shown])
        return headings, rows

    def __str__(self):
        headings, rows = self.rows()
        width = max([len(str(row[0])) for row in rows] or [6])
        states = [heading.rsplit(",", 1)[0] for heading in headings[3:]]
        lines = [self.summary, ""]
        for row in rows:
            parts = ", ".join(
                f"{state} {part} %" for state, part in zip(states, row[3:], strict=True) if part
            )
            lines.append(f"{row[0]:{width}}  {row[1]:6.2f} s  {parts}")
        return "\n".join([*lines, "", *(f"{one.id}: {one.text}" for one in self.diagnosis)])

    def _repr_html_(self):
        return self.html(self.draw())

    def html(self, drawn):
        """Diagnosis, a picture, table and output."""
        found = "".join(self.in_html(one) for one in self.diagnosis)
        headings, rows = self.rows()
        shown = table.html(headings, rows, self.summary)
        folds = f"<details><summary><b>Each worker</b></summary>{shown}</details>"
        for title, text in (("What it printed", self.output), ("Its messages", self.errors)):
            if text.strip():
                shown = f"<pre>{escape(text[-4000:])}</pre>"
                folds += f"<details><summary><b>{title}</b></summary>{shown}</details>"
        return f"{found}{drawn.image(900)}<p>{escape(self.summary)}</p>{folds}"

    def in_html(self, one):
        """A finding as a card, with a link to its chapter."""
        notebook, claim = one.lesson
        text = one.text
        if notebook:  # what stands in brackets at the end becomes a link
            text = LINK.format(text.rpartition("(")[0], notebook, notebook[:2], claim)
        return card.html(kind(one.id), one.id, text)


def kind(name):
    """The kind of card of a finding."""
    if name in ("unknown", "nothing"):
        return "open"
    return "good" if name.endswith("-fine") else "bad"


def watched(program, run, text=None):
    """The `Watched` of a finished `Run` of `pvt.watcher.far`; `text`: the program's, if it was a
    cell."""
    seen = Seen(run.rows, text)
    bins, found = lanes.lanes(seen)
    measured = figures(seen, bins, found)
    ending = ended(run, seen)
    errors = readable(seen.err)
    return Watched(
        program=program,
        ending=ending,
        seconds=seen.end,
        host=run.host,
        figures=measured,
        bins=bins,
        lanes=found,
        diagnosis=diagnosis.diagnose(measured),
        output=readable(seen.out),
        errors=errors,
        code=seen.last.get("code"),
        left=seen.last.get("left", 0),
        hints=hints(seen, ending, errors),
    )


def readable(pieces):
    """What was printed as text; what is no text is a mark for each byte."""
    return "".join(pieces).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def ended(run, seen):
    """How the program ended: by itself, or by a limit."""
    from pvt.result import spoken

    if not seen.last:
        return run.ending
    return seen.last["ending"] or spoken(seen.last["code"])


ENDED = {
    "time limit": "by the time limit",
    "too much output": "because it printed too much",
    "too much memory": "because it took too much memory",
    "stopped": "by you",
}


def exception(errors):
    """The exception with which a program ended, from its last traceback; "" if there is none."""
    before, found, traceback = errors.rpartition("Traceback (most recent call last):")
    if not found:
        return ""
    if "+ Exception Group Traceback" in before:
        lines = re.findall(r"^  \| (\w*ExceptionGroup: .*)$", errors, re.M)
        return lines[0] if lines else ""
    lines = [line for line in traceback.splitlines() if line[:1] not in ("", " ")]
    return lines[-1] if lines else ""


def hints(seen, ending, errors):
    """What to do about an ending that is not the program's wish."""
    sentences = []
    raised = exception(errors) if ending == "exit 1" else ""
    if raised and "EOFError" not in errors:
        sentences.append(f"It ended with {raised[:200]}.")
    if seen.lacks:
        sentences.append(
            f"Its Python has no {seen.lacks} (3.14 and later have it): it kept its own executor."
        )
    if left := seen.last.get("left"):
        what = (
            "1 process behind, which was" if left == 1 else f"{left} processes behind, which were"
        )
        sentences.append(f"It left {what} ended.")
    if "EOFError" in errors:
        sentences.append("It asks for input and got none: give it with given='…', or --input FILE.")
    asked = ending == "exit 2" and "usage:" in errors
    if asked or (raised.startswith("IndexError") and "sys.argv[" in errors):
        sentences.append("It needs arguments: give them with args=[…], or behind -- in a terminal.")
    if ending in ENDED:
        sentences.append(f"It was ended {ENDED[ending]}; this is what was seen until then.")
    if (others := seen.last.get("others") or 0.0) > diagnosis.OTHERS:
        sentences.append(f"Other programs took {others:.1f} cores meanwhile.")
    if seen.last.get("blind"):
        sentences.append(
            "This system shows no threads from outside (no /proc): known is what its Pythons noted."
        )
    elif not seen.last.get("traced", True):
        sentences.append(
            "This system does not show in which call a thread waits (no right to trace): some is"
            " not known."
        )
    return sentences
