"""Put a server through the trials: `challenge("my_server.py")`, or any program that listens, by its
command."""

import os
import shlex
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from pvt import card, course, template
from pvt.challenger.trials import SCALES, TRIALS
from pvt.course.server.servers import NAMES, possible, spoken
from pvt.learner import noting
from pvt.problem import Problem
from pvt.runner import Running

SECONDS, MEMORY = 240.0, 4 << 30  # hard caps: seconds and resident bytes of all servers together
STAGES = Path(__file__).parent / "stages"
YOURS, START = "yours", "start"
SIGNS = {True: "✔", False: "✘", None: "–"}
MEANINGS = {
    "ladder": (
        "connections open and silent while a newcomer was answered; requests per second, each on a"
        " new connection."
    ),
    "overload": (
        "200 requests at the same moment, each of which waits 100 ms: how many were answered, and"
        " in what time."
    ),
    "slow clients": (
        "100 clients send half a request and stop: how many of 5 quick clients were answered beside"
        " them."
    ),
    "heavy request": (
        "one request computes for 300 ms: how many others were answered before it was done."
    ),
    "malformed": (
        "200 connections that send no valid request: how many were sent before the server failed,"
        " or all."
    ),
    "exception": (
        "100 requests whose handler raises: how many were sent before the server failed, or all."
    ),
    "crash": (
        "requests that crash whoever serves them: which one ended the service, or the longest time"
        " until it was back."
    ),
}
# Whom a stage of the course is shown beside: what it is now, and what it becomes.
BESIDE = {
    "01": ("one_at_a_time",),
    "02": ("one_at_a_time", "thread_each"),
    "07": ("thread_each", "thread_pool"),
    "09": ("thread_pool", "prefork_threads"),
    "12": ("event_loop", "prefork_loops"),
    "16": ("event_loop", "prefork_loops"),
}


def challenge(
    file=None, *, command=None, stage=None, beside=None, most=1_000, seconds=SECONDS, ask=None
):
    """Put a server through seven trials, beside the course's servers.

    `file`: a Python file with a function `serve(port)`. Or `command`: how to start a program that
    listens, such as "uvicorn app:app --port {port}". `stage`: the chapter whose starting stage is
    used where there is no such file yet. `beside`: names of the course's servers, "all" or "none".
    `most`: connections of the ladder. In a notebook (or with `ask`) a panel with Run and Stop; else
    the `Challenged`. Raises ValueError for what cannot be.
    """
    entry = Entry(file, command, stage, beside, most, seconds)
    if ask if ask is not None else in_notebook():
        from pvt.challenger.view import panel

        return panel(entry)
    return entry.challenged()


def in_notebook():
    """Whether a notebook's kernel is asking."""
    import sys

    asking = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(asking, "kernel", None) is not None


class Entry:
    """A server that is to be put through the trials, checked, and how."""

    def __init__(
        self, file=None, command=None, stage=None, beside=None, most=1_000, seconds=SECONDS
    ):
        if (file is None) == (command is None):
            raise Problem('name either a file with serve(port), or command="… {port} …".')
        if stage is not None and stage not in BESIDE:
            raise Problem(f"stage={stage!r} has no starting stage; there are: {', '.join(BESIDE)}.")
        if most not in SCALES[1:]:
            raise Problem(f"most={most!r} is not possible; allowed: {course.spoken(SCALES[1:])}.")
        if not isinstance(seconds, int | float) or not seconds > 0:
            raise Problem(f"seconds={seconds!r} is not a time limit; allowed: a number above 0.")
        self.stage, self.most, self.seconds = stage, most, seconds
        self.beside = chosen(beside, stage)
        self.words = words(command) if command is not None else None
        self.file = (
            os.path.abspath(os.path.expanduser(os.fspath(file))) if file is not None else None
        )
        if self.file and not (stage and not os.path.exists(self.file)):
            self.text()

    @property
    def name(self):
        return os.path.basename(self.file or self.words[0])

    def text(self):
        """The text of the file, or of the stage where there is none; the command. Raises
        Problem."""
        if self.words:
            return shlex.join(self.words)
        if os.path.isdir(self.file):
            raise Problem(f"{self.file} is a folder; name the file with serve(port) in it.")
        if not os.path.exists(self.file):
            if self.stage:
                return self.starting_stage()
            raise Problem(
                f"there is no file {self.name} in {os.path.dirname(self.file)}. Write def"
                " serve(port): … into it, or begin in the notebook of chapter 01."
            )
        try:
            return Path(self.file).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            why = getattr(problem, "strerror", None) or "it is not text"
            raise Problem(f"{self.name} cannot be read: {why}.") from None

    def starting_stage(self):
        return (STAGES / f"{self.stage}.py").read_text("utf-8")

    def begin(self):
        """Write the starting stage where there is no file yet; a sentence about it, or ""."""
        if not self.file or os.path.exists(self.file):
            return ""
        text = self.text()
        try:
            Path(self.file).write_text(text, "utf-8")
        except OSError as problem:
            raise Problem(f"{self.name} cannot be written here: {problem.strerror}.") from None
        return (
            f"{self.name} was not there: it now holds this chapter's starting stage. Open it and"
            " change it."
        )

    def running(self):
        """The run, not yet begun. A copy that runs by itself writes no file."""
        params = {"beside": list(self.beside), "most": self.most, "folder": os.getcwd()}
        if self.words:
            params["command"] = self.words
        else:
            params |= {"file": self.file, "folder": os.path.dirname(self.file)}
            if not os.path.exists(self.file):
                params["text"] = self.text()
        return Running(
            "challenge", params, seconds=self.seconds, module="pvt.challenger.far", memory=MEMORY
        )

    def challenged(self, running=None, tell=None):
        """All trials, until the end or until it is interrupted; `tell` hears each row."""
        text, running = self.text(), running or self.running()
        try:
            for row in running:
                if tell:
                    tell(row, running)
        except KeyboardInterrupt:
            running.stop()
            for _ in running:
                pass
        run = running.result()
        done = Challenged(self.name, text, run.rows, run.ending, run.host, run.seconds, run.noise)
        if done.tried:
            noting.challenge(self.name, done)
        return done


def chosen(beside, stage):
    """The names of the course's servers to be beside. Raises Problem for an unknown one."""
    if beside is None:
        beside = BESIDE.get(stage, "all")
    if beside in ("all", "none"):
        return possible() if beside == "all" else []
    names = [
        one.strip().replace("-", "_")
        for one in (beside.split(",") if isinstance(beside, str) else beside)
    ]
    for name in names:
        if name not in NAMES:
            raise Problem(
                f"there is no server {name!r}; {course.nearest(name, ['all', 'none', *NAMES])}"
            )
    return [name for name in NAMES if name in names]


def words(command):
    """A command line as words, one of which names the port. Raises Problem."""
    try:
        found = shlex.split(command)
    except ValueError as problem:
        raise Problem(f"command={command!r} cannot be read: {problem}.") from None
    if not any("{port}" in one for one in found):
        raise Problem(
            f"command={command!r} names no port; write {{port}} where it belongs, as in"
            ' "uvicorn app:app --port {port}".'
        )
    return found


@dataclass(frozen=True)
class Challenged:
    """What came of the trials: `rows`, one for each trial of each server, and how the whole
    ended."""

    name: str
    text: str = field(repr=False)
    rows: list = field(repr=False)
    ending: str
    host: dict = field(repr=False)
    seconds: float
    noise: str = field(repr=False, default="")

    @property
    def servers(self):
        return list(dict.fromkeys(row["server"] for row in self.rows))

    def of(self, server):
        """The trials of a server: name -> row."""
        return {
            row["trial"]: row
            for row in self.rows
            if row["server"] == server and row["trial"] in TRIALS
        }

    @property
    def tried(self):
        return self.of(YOURS)

    @property
    def unfit(self):
        """Why there was nothing to put through the trials, or ""."""
        return unfit(self.rows)

    @property
    def failed(self):
        return [name for name, row in self.tried.items() if row["passed"] is False]

    @property
    def passed(self):
        return [name for name, row in self.tried.items() if row["passed"]]

    @property
    def whole(self):
        """Whether every trial of this server was carried out."""
        return len(self.tried) == len(TRIALS)

    def _repr_html_(self):
        return html(self.name, self.rows, self.servers, ended(self))

    def __repr__(self):
        return as_text(self)


def unfit(rows):
    """Why yours did not serve, from the rows so far; "" if it did."""
    started = [row for row in rows if row["server"] == YOURS and row["trial"] == START]
    return next((row["why"] for row in started if row["passed"] is False), "")


def ended(done):
    """What to say of a run that did not come to its end; "" if it did."""
    if done.ending == "finished":
        return ""
    because = {"time limit": "the time was up", "stopped": "it was stopped"}.get(
        done.ending, done.ending
    )
    return f"Not all was tried: {because} after {done.seconds:.1f} s."


def verdict(rows):
    """(kind of card, its words) for yours."""
    mine = {
        row["trial"]: row["passed"]
        for row in rows
        if row["server"] == YOURS and row["trial"] in TRIALS
    }
    if unfit(rows):
        return "bad", "✘ It does not serve"
    good = sum(one is True for one in mine.values())
    if not mine:
        return "open", "not tried yet"
    kind = "good" if good == len(TRIALS) else "not yet"
    return kind, f"{'✔' if kind == 'good' else '➜'} {good} of {len(TRIALS)} trials passed"


def html(name, rows, servers, small=""):
    """The card: every trial with figure beside the course's servers, and what to do about what
    failed."""
    kind, summary = verdict(rows)
    found = {(row["server"], row["trial"]): row for row in rows}
    mine = {row["trial"]: row for row in rows if row["server"] == YOURS}
    return template.render(
        "challenger/card.html",
        colour=card.COLOURS[kind],
        chip=card.chip(kind, summary),
        title=name,
        unfit=unfit(rows),
        trials=TRIALS,
        servers=[*dict.fromkeys([YOURS, *servers])],
        spoken=spoken,
        found=found,
        signs=SIGNS,
        reasons=[mine[trial] for trial in TRIALS if trial in mine],
        repairs=repairs,
        meanings=MEANINGS,
        small=small,
    )


def repairs(row):
    """Which chapter repairs what failed, as a sentence; "" where nothing did."""
    if row["passed"] is not False or not row["chapter"]:
        return ""
    if row["chapter"] == "01":
        return "Chapter 01 says how, below 'What can your server withstand?'."
    chapter = import_module(f"pvt.course.{course.CHAPTERS[int(row['chapter']) - 1]}")
    return f"Chapter {row['chapter']} repairs it: {chapter.__doc__.partition(' ')[2]}"


def as_text(done):
    """The card for a terminal."""
    lines = [f"{done.name}: {verdict(done.rows)[1]}"]
    if done.unfit:
        lines.append(f"  {done.name}: {done.unfit}")
    for name, row in done.tried.items():
        lines.append(
            f"{SIGNS[row['passed']]} {name:14} {row['figure']:>18}  {row['why']} {repairs(row)}".rstrip()
        )
    others = [one for one in done.servers if one != YOURS]
    if others:
        lines.append("\nThe course's servers, measured in the same run:")
        lines.append(f"{'':16}" + "".join(f"{one:>20}" for one in TRIALS))
    for server in others:
        cells = [done.of(server).get(trial) for trial in TRIALS]
        shown = [f"{SIGNS[one['passed']]} {one['figure']}" if one else "not tried" for one in cells]
        lines.append(f"{spoken(server):16}" + "".join(f"{one:>20}" for one in shown))
    return "\n".join([*lines, *filter(None, [ended(done)])])
