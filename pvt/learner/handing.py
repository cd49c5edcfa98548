"""Handing in: the learner sees what is in the file, and then writes it. Nothing is sent."""

import os
import re
import unicodedata
from collections import Counter
from contextlib import suppress
from pathlib import Path

from pvt import recorded, template
from pvt.learner import history, journal, parcel
from pvt.problem import Problem

LONGEST = 60  # characters of a name


def hand_in(name):
    """Show what would be handed in under this name or number; a button, or `.write()`, writes it.

    The file lies beside the notebook and is called after the name. Raises ValueError for a name
    that cannot be one.
    """
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    name = unicodedata.normalize("NFC", name) if isinstance(name, str) else name
    if not isinstance(name, str) or not file_name(name) or len(name) > LONGEST or halved(name):
        raise Problem(
            f"name={name!r:.80} cannot be one; allowed: 1 to {LONGEST} characters, with a letter"
            " or a digit among them."
        )
    return HandIn(packed(name.strip()))


def halved(name):
    """Whether there is half a character in it, which no file can hold."""
    return any("\ud800" <= one <= "\udfff" for one in name)


def file_name(name):
    """A name as the name of a file, without its ending."""
    plain = re.sub(r"[^\w.-]+", "_", name.strip()).strip("._-")
    return plain if re.search(r"\w", plain.replace("_", "")) else ""


def packed(name):
    """All that is handed in, as it is now."""
    rows = [
        {key: value for key, value in row.items() if key != "picture"}
        for row in journal.read().rows
    ]
    return parcel.Parcel(name, journal.now(), rows, ledger(), history.solutions(rows))


def ledger():
    """The newest file of verdicts in the current folder, as lines; "" where there is none."""
    for path in sorted(Path().glob("verdicts-*.html"), reverse=True):
        try:
            return recorded.read(path).lines()
        except Problem:
            continue
    return ""


class HandIn:
    """What would be handed in; a notebook shows it, with a button that writes it."""

    def __init__(self, packed):
        self.packed = packed
        self.path = Path(f"{file_name(packed.name)}.json")

    def write(self):
        """Write the file into the current folder; gives its path.

        Raises ValueError where another file is in the way, or the folder cannot be written to.
        """
        text = self.packed.text()
        if len(text.encode()) > parcel.MOST:
            raise Problem(
                f"{self.path} would be larger than the {parcel.MOST >> 20} MiB that are read of a"
                " hand-in. Move your record elsewhere, or let PVT_RECORD name a shorter one."
            )
        if self.path.exists():
            try:
                if not self.path.is_file():
                    raise Problem("a folder, or a pipe")
                parcel.opened(self.path)
            except Problem:
                raise Problem(
                    f"{self.path} is there and is no whole hand-in of pvt: move it away, or choose"
                    " another name."
                ) from None
        waiting = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            waiting.write_text(text, "utf-8")
            os.replace(waiting, self.path)
        except OSError as problem:
            with suppress(OSError):
                waiting.unlink()
            raise Problem(f"{self.path} cannot be written here: {problem.strerror}") from None
        return self.path

    def __repr__(self):
        return f"{self.path}: {', '.join(self.counts())}. It is not written yet: .write() does it."

    def counts(self):
        """What is in it, in words."""
        kinds = Counter(map(journal.kind, self.packed.rows))
        counted = [f"{kinds[kind]} × {kind}" for kind in journal.KINDS if kinds[kind]]
        counted += [f"{len(self.packed.solutions)} × text of an exercise"] * bool(
            self.packed.solutions
        )
        counted += ["a file of verdicts"] * bool(self.packed.ledger)
        return counted or ["nothing but the name"]

    def _repr_html_(self):
        machines = sorted({f"{row['machine']}, Python {row['python']}" for row in self.packed.rows})
        return template.render(
            "learner/hand_in.html",
            path=self.path,
            packed=self.packed,
            counts=self.counts(),
            machines=machines,
            text=self.packed.text(),
        )

    def _ipython_display_(self):
        from IPython.display import display

        from pvt.learner.writing import writing

        display(writing(self))
