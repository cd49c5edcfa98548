"""Ask the stepper from the notebook: a program goes to a child interpreter; what comes back names
its world."""

import json
import re
import sys
from dataclasses import dataclass, field
from html import escape
from importlib.machinery import PathFinder

from pvt import course
from pvt.learner import noting
from pvt.problem import Problem
from pvt.progress import Progress
from pvt.runner import Running
from pvt.stepper import diagram, telling
from pvt.stepper.puzzles import NAMES, load
from pvt.stepper.replaying import GRAINS
from pvt.stepper.schedule import read
from pvt.stepper.source import folder_of, source_of

WORLDS = telling.WORLDS
PREEMPTIONS = range(11)
MARGIN = 12.0
"""Seconds a search gets beyond its own time limit: to start, and for the stories."""
REPLAY_SECONDS = 8.0


@dataclass(frozen=True)
class Found:
    """What a search found: ending -> number of schedules, ending -> shortest schedule, ending ->
    why.

    `complete`: every schedule up to the bound was tried, in this `world`. `because` says it in a
    sentence. `outputs`: what was printed -> {"schedules": number, "schedule": the shortest,
    "story": how that came about}. `assumed`: what counted as one step. `marks`: notes of the story,
    for lines of the `source`."""

    world: str
    endings: dict
    schedules: dict
    complete: bool
    because: str
    reasons: dict = field(repr=False)
    seconds: float = field(repr=False)
    outputs: dict = field(default_factory=dict, repr=False)
    stories: dict = field(default_factory=dict, repr=False)
    assumed: str = ""
    marks: dict = field(default_factory=dict, repr=False)
    source: str = field(default="", repr=False)
    answered: bool = field(default=True, repr=False)  # False: its process ended before a result

    @property
    def bad(self):
        """The first bad ending, or None."""
        return next((ending for ending, _ in self.items() if ending != "safe"), None)

    @property
    def story(self):
        """The story of the first bad ending, in plain sentences; an empty string where there is
        none."""
        return self.stories.get(self.bad) or ""

    @property
    def two(self):
        """Two outputs that differ, each with its story, if there are several."""
        told = [(text, it) for text, it in self.outputs.items() if it["story"] is not None]
        return told if len(told) == 2 else []

    def _repr_html_(self):
        return telling.html(self)

    def items(self):
        """Endings and their numbers, the bad ones first."""
        return sorted(self.endings.items(), key=lambda pair: pair[0] == "safe")


@dataclass(frozen=True)
class Replayed:
    """A schedule carried out: how it ended and why, and a dict for every step."""

    world: str
    grain: str
    ending: str
    because: str
    steps: list = field(repr=False)
    rows: list = field(repr=False)

    source: str = field(default="", repr=False)

    def _repr_html_(self):
        world = f"World: {self.world} – {WORLDS[self.world]}."
        story = telling.story_html(self.rows[-1], self.source)
        return f"{diagram.html(self.rows)}{story}<small>{escape(world)}</small>"


def search(program, preemptions=2, seconds=8, world="language", also=(), cluster=None):
    """Try every schedule of a program with up to so many preemptions; gives a `Found`.

    `program`: a script by its path or text, a module, a class, or a puzzle's name; the learner's own
    modules that it imports are stepped as well. `also`: names of packages to step into, too.
    `cluster`: the address of a scheduler of dask.distributed, whose
    machines share the work. Raises ValueError for other input. A program that is wrong, hangs or
    crashes raises nothing: `because` says so."""
    where = place_of(program, also)
    where |= {"cluster": cluster} if cluster else {}
    running = searching(program_text(program), preemptions, seconds, world, where=where)
    found = searched(running)
    if missing := running.result().missing:
        raise Problem(f"sharing a search needs {missing}.")
    noting.search(program if isinstance(program, str) and program in NAMES else None, found)
    return found


def place_of(program, also=()):
    """Where modules beside a program are looked for, and which packages are stepped, too."""
    if isinstance(also, str):
        also = [also]
    if not isinstance(also, list | tuple) or not all(isinstance(name, str) for name in also):
        raise Problem(f"also={also!r} is not a list of packages; give names such as ['shop'].")
    folder = folder_of(program)
    for name in also:
        check_package(name, folder)
    return {"folder": folder, "also": list(also)}


def check_package(name, folder):
    """Raises Problem where nothing of this name could be stepped; nothing of it is run."""
    root = name.partition(".")[0]
    spec = PathFinder.find_spec(root, [folder, *sys.path] if folder else None)
    if spec is None and root not in sys.builtin_module_names:
        raise Problem(
            f"also={name!r}: there is no package {root!r} here; give the name that the program"
            " imports, or install it first."
        )
    if spec is None or not str(spec.origin or ".py").endswith(".py"):
        raise Problem(
            f"also={name!r}: {root!r} is not written in Python, so it cannot be stepped; leave it"
            " out: a call into it is one step."
        )


def searched(running):
    """The result of a search, with a progress bar while it goes on."""
    seconds = running.params["seconds"]
    progress = Progress(round(seconds), "seconds, if it takes that long")
    try:
        for row in running:
            if row and row["kind"] == "progress":
                progress.show(
                    min(round(row["seconds"]), round(seconds)),
                    f"{row['schedules']:,} schedules so far",
                )
    finally:
        progress.clear()
    return found(running, running.params["world"])


def searching(source, preemptions, seconds, world, first=False, where=None):
    """The search on its way. Raises Problem for values that are not possible."""
    if type(preemptions) is not int or preemptions not in PREEMPTIONS:
        allowed = course.spoken(PREEMPTIONS)
        raise Problem(
            f"preemptions={preemptions!r} is not possible; allowed: {allowed}. Most faults need 1 or 2."
        )
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= 3600:
        raise Problem(
            f"seconds={seconds!r} is not a time limit; allowed: a number above 0, up to 3600."
        )
    params = {
        "source": source,
        "preemptions": preemptions,
        "seconds": seconds,
        "world": known(world),
        "first": first,
    }
    params |= where or {}
    return Running("search", params, module="pvt.stepper.searching", seconds=seconds + MARGIN)


def known(world):
    """The world, if there is such a one."""
    if world not in WORLDS:
        told = "; ".join(f'"{name}" ({said})' for name, said in WORLDS.items())
        raise Problem(f"world={world!r} is unknown; there are: {told}.")
    return world


def found(running, world):
    """The result of a search that has ended, however it did."""
    ends = {row["ending"]: row for row in running.rows if row["kind"] == "ending"}
    result = next((row for row in running.rows if row["kind"] == "result"), None)
    because = result["because"] if result else failure(running)
    note = f"; {result['note']}" if result and result["note"] else ""
    return Found(
        world,
        {ending: row["schedules"] for ending, row in ends.items()},
        {ending: json.loads(row["schedule"]) for ending, row in ends.items() if row["schedule"]},
        bool(result and result["complete"]),
        because + note,
        {ending: row["because"] for ending, row in ends.items()},
        running.seconds,
        {row["output"]: printed(row) for row in running.rows if row["kind"] == "output"},
        {ending: row["story"] for ending, row in ends.items()},
        result["assumed"] if result else "",
        {ending: json.loads(row["marks"] or "[]") for ending, row in ends.items()},
        running.params["source"],
        bool(result) or running.ending == "stopped",
    )


def printed(row):
    """Number, shortest schedule and story of an output."""
    told = {"story": row["story"], "marks": json.loads(row["marks"] or "[]")}
    return {"schedules": row["schedules"], "schedule": json.loads(row["schedule"])} | told


def replay(program, schedule, *, world="language", grain="access", also=()):
    """Carry out a schedule: thread numbers, as a search gives them; a `Replayed`. ValueError for
    wrong input."""
    if grain not in GRAINS:
        raise Problem(f"grain={grain!r} is unknown; there are: {', '.join(map(repr, GRAINS))}.")
    plan = numbers(schedule)
    where = place_of(program, also)
    running = replaying(program_text(program), plan, known(world), grain, where=where)
    for _ in running:
        pass
    rows = rows_of(running)
    threads = count(rows)
    most = max(read(plan)[0], default=0)
    if threads and most >= threads:
        raise Problem(
            f"schedule: there is no thread {most}; this program has the threads 0 to {threads - 1}."
        )
    steps = [row | {"shared": json.loads(row["shared"])} for row in rows if row["kind"] == "step"]
    last = rows[-1]
    return Replayed(
        world, grain, last["ending"], last["because"], steps, rows, running.params["source"]
    )


def replaying(source, plan, world, grain, finish=False, where=None):
    """A replay on its way."""
    params = {
        "source": source,
        "schedule": plan,
        "world": world,
        "grain": grain,
        "finish": finish,
    } | (where or {})
    return Running("replay", params, module="pvt.stepper.replaying", seconds=REPLAY_SECONDS)


def rows_of(running):
    """The rows of a replay that has ended; one that says why, if its end is missing."""
    if running.rows and running.rows[-1]["kind"] == "ending":
        return running.rows
    return [
        {
            "kind": "ending",
            "thread": None,
            "ending": "error",
            "because": failure(running),
            "choices": "[]",
        }
    ]


def failure(running):
    """Why a child has given no result, in a sentence without its full stop."""
    if running.ending == "time limit":
        return f"nothing was left to do but to end the program after {running.limit:g} s: it blocks everything"
    if running.ending == "stopped":
        return "stopped before the end"
    ended = "" if running.result().refused else "ended: "
    return f"the program's process {ended}{running.ending}"


def count(rows):
    """The number of threads in a replay's rows."""
    return sum(key.startswith("name_") for key in rows[-1])


def numbers(schedule):
    """A schedule as a list of thread numbers; also from text such as "[0, 0, 1]" or "0 0 1"."""
    given = schedule
    if isinstance(schedule, str) and re.fullmatch(r"[^{}()]*", schedule):
        words = [
            word.strip("'\"")
            for word in re.findall(r"""["']\+[^"']*["']|\d+(?:\*\d+)?""", schedule)
        ]
        left = re.sub(r"""["']\+[^"']*["']|\d+(?:\*\d+)?|[\[\]\s,"']""", "", schedule)
        schedule = None if left else [int(word) if word.isdigit() else word for word in words]
    try:
        if not isinstance(schedule, list | tuple):
            raise ValueError
        read(schedule)
    except (ValueError, TypeError):
        raise Problem(
            f"schedule={given!r:.60} is not a list of thread numbers; give one such as [0, 0, 1]."
        ) from None
    return list(schedule)


def program_text(program):
    """The text of a program: of a puzzle by its name, or of what `source_of` takes. Raises Problem
    for others."""
    if isinstance(program, str) and program in NAMES:
        return load(program).broken
    if isinstance(program, str) and re.fullmatch(r"\w*", program):
        raise Problem(f"there is no puzzle {program!r}; {course.nearest(program, NAMES)}")
    return text_of_program(program)


def text_of_program(program):
    """What `source_of` gives. Raises Problem where it gives none."""
    try:
        return source_of(program)
    except (TypeError, ValueError) as problem:
        raise Problem(f"{problem}.") from None
