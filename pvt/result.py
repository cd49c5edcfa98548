"""What a run gave, and how it ended."""

import os
from dataclasses import dataclass, field

from pvt import course, refusal
from pvt.tools.crashes import ending


@dataclass(frozen=True)
class Run:
    """What an experiment gave and how it ended.

    `ending` is "finished", "stopped", "time limit", "too much memory", "too much output", "exit 3",
    "killed by SIGSEGV", "raised ValueError: …", "needs …" or "could not start: …". `seconds` is the
    whole run as seen from the kernel, start of the interpreter included. `noise` is the end of what
    the experiment printed. `vitals` are the peaks of what its processes did: see `pvt.vitals`.
    """

    experiment: str
    params: dict
    host: dict = field(repr=False)
    rows: list = field(repr=False)
    ending: str
    seconds: float
    noise: str = field(repr=False, default="")
    vitals: dict = field(repr=False, default_factory=dict)

    @property
    def missing(self):
        """What the experiment needs and is not here, or None."""
        return self.ending.removeprefix("needs ") if self.ending.startswith("needs ") else None

    @property
    def refused(self):
        """Whether it could not even start."""
        return self.ending.startswith(refusal.BEGIN)

    @property
    def ended(self):
        """How it ended, and after how long if it began."""
        return self.ending if self.refused else f"{self.ending} after {self.seconds:.2f} s"

    def draw(self):
        """The picture of these rows; a notebook shows it."""
        from pvt import figure

        return figure.picture(course.load(self.experiment), self.rows, self.host)

    def _repr_html_(self):
        from pvt import table

        return table.run_html(self)


def tail(noise, size=4000):
    """The last bytes of a file as text."""
    noise.seek(max(0, noise.seek(0, os.SEEK_END) - size))
    return noise.read().decode(errors="replace")


def spoken(code):
    """An exit code as an ending."""
    if code == 0:
        return "finished"
    return f"killed by {ending(code)}" if code < 0 else ending(code)
