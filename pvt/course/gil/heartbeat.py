"""How late is an interface beside work? Waiting and some C code leave it alone, Python code in a
thread delays it.

The stand-in for an interface is this process's main thread: sixty times a second it wants to be
awake at a fixed time, and notes by its own clock how late it was. A tick that it could not keep is
made up for as soon as it can.
"""

import sys
import time
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim
from pvt.course.gil.crew import Crew
from pvt.course.gil.work import c_code, python_code
from pvt.host import cores, has_gil

QUESTION = "How late is each tick of the interface?"
OUTCOMES = (
    "Only work in the main thread delays it",
    "Python code in a thread delays it too",
    "Any work delays it",
)
PERIOD = 1 / 60  # seconds
TICKS = 16  # ticks in a row
FIRST = 2  # the one that starts the work
WORK = 0.16  # its seconds
SECONDS = 4.0  # usual seconds
LATE = 0.002  # seconds later than an idle interface from which on it is late
SETTINGS = {  # where the work is done, and which
    "no work": (None, None),
    "inline": ("main", "Python"),
    "thread waits": ("thread", "waits"),
    "thread, C": ("thread", "C"),
    "thread, Python": ("thread", "Python"),
    "process, Python": ("process", "Python"),
}
MARKS = {
    None: ("other", "o"),
    "main": ("trouble", "x"),
    "thread": ("thread", "o"),
    "process": ("process", "s"),
}


def tick_on_time(due):
    """Wait until the tick is due, and tell how late it came."""
    time.sleep(max(0.0, due - time.perf_counter()))
    return time.perf_counter() - due


STUDY = (tick_on_time, python_code, c_code)


def run(*, workers: Annotated[int, range(1, 5)] = 1, switch_ms: Literal[1, 5, 20] = 5):
    """The `workers` do as much work each; `switch_ms`: how long a thread may keep the GIL
    (Python's own: 5)."""
    sys.setswitchinterval(switch_ms / 1000)
    here = {"machine": cores(), "gil": has_gil(), "switch": switch_ms / 1000}
    yield {"round": 0, **ticks("no work", None, 0, None, 1, 3)[-1], **here}
    jobs = {"Python": python_code, "C": c_code, "waits": time.sleep}
    counts = {
        "waits": WORK,
        **{name: timing.calibrated(jobs[name], WORK) for name in ("Python", "C")},
    }
    watch = timing.Neighbours()
    crews = {kind: Crew(kind, workers) for kind in ("process", "thread")}
    for number, setting in timing.interleaved(SETTINGS, 1):
        place, job = SETTINGS[setting]
        for tick in ticks(setting, jobs.get(job), counts.get(job), crews.get(place), workers):
            yield {"round": number, **tick, **here}
    for crew in crews.values():
        crew.end()
    return watch.cores()


def ticks(setting, work, count, crew, workers, planned=TICKS):
    """The ticks of one window: one of them starts the work, as if somebody had pressed a button."""
    start, found = time.perf_counter() + PERIOD, []
    begin, end = start, start + (0 if work else planned)
    for number in range(planned + round((workers - 1) * WORK / PERIOD)):
        found.append((number, number * PERIOD, tick_on_time(start + number * PERIOD)))
        if work and number == FIRST:
            begin, end = press(work, [(count,)] * workers, crew)
    if crew:
        done = crew.reports(workers)
        begin, end = min(one.begin for one in done), max(one.end for one in done)
    keys = "setting", "tick", "due", "late"
    return [
        dict(zip(keys, (setting, *tick), strict=True)) | {"during": begin <= start + tick[1] <= end}
        for tick in found
    ]


def press(work, shares, crew):
    """Order the work, or do it here and now; (begin, end) as far as they are known."""
    begin = time.perf_counter()
    if crew:
        crew.order(work, shares)
    else:
        for share in shares:
            work(*share)
    return begin, time.perf_counter()


def lateness(rows, setting):
    """How late the ticks came while this work was under way; None before the first."""
    return timing.spread(row["late"] for row in rows if row["setting"] == setting and row["during"])


def missed(rows, setting):
    """(the ticks that came when the next was due already, all) while this work was under way."""
    mine = [row["late"] for row in rows if row["setting"] == setting and row["during"]]
    return sum(late > PERIOD for late in mine), len(mine)


def delayed(rows, setting):
    """Whether ticks come later beside this work than beside none: True, False or None for
    unclear."""
    idle, found = lateness(rows, "no work"), lateness(rows, setting)
    return found and found.above(idle.middle + LATE)


def outcome(rows):
    late = [delayed(rows, setting) for setting in SETTINGS]
    _, inline, waits, c, python, process = late
    if None in late:
        return None
    return (
        OUTCOMES[2]
        if waits and c and process
        else OUTCOMES[1]
        if python
        else OUTCOMES[0]
        if inline
        else None
    )


def text(rows, setting):
    """How late, in words."""
    found, (gone, due) = lateness(rows, setting), missed(rows, setting)
    if not found:
        return f"{setting}: no tick was due meanwhile"
    return f"{setting}: {timing.spoken(found)} late, {gone} of {due} missed"


def sentence(rows):
    parts = []
    for setting in SETTINGS:
        gone, due = missed(rows, setting)
        parts += [f"{setting} {gone / due:.0%}"] if due else []
    return f"Ticks of the interface that were missed: {'; '.join(parts)}."


def draw(ax, rows):
    """A column for each kind of work, in it a mark for each tick, as high as it was late, in the
    order of time."""
    longest = max(PERIOD, *(row["due"] for row in rows))
    for at, (setting, (place, _)) in enumerate(SETTINGS.items()):
        mine = [row for row in rows if row["setting"] == setting and row["during"]]
        colour, mark = MARKS[place]
        x = [at + 0.1 + 0.8 * row["due"] / longest for row in mine]
        ax.plot(x, [max(row["late"] * 1e3, 0.02) for row in mine], mark, color=colour, markersize=5)
        if found := lateness(rows, setting):
            ax.text(
                at + 0.5,
                4000,
                timing.text(found.middle),
                ha="center",
                va="top",
                fontsize=11,
                color="ink",
            )
        ax.axvline(at, color="#dddddd", linewidth=0.8)
    ax.axhline(PERIOD * 1e3, color="ink", linestyle="--", linewidth=1)
    ax.text(
        len(SETTINGS),
        PERIOD * 1e3 * 1.1,
        "the next tick is due",
        ha="right",
        fontsize=9,
        color="ink",
    )
    ax.set(yscale="log", ylim=(0.015, 5000), xlim=(0, len(SETTINGS)), ylabel="late")
    ax.set_yticks([0.1, 1, 10, 100], ["0.1 ms", "1 ms", "10 ms", "100 ms"])
    ax.set_xticks(
        [at + 0.5 for at in range(len(SETTINGS))], [name.replace(" ", "\n", 1) for name in SETTINGS]
    )
    ax.minorticks_off()


def on_time(setting, beside="no work"):
    """A check: do the ticks come as they would beside no work, and none is missed? `beside`: for
    comparison."""

    def check(rows):
        because = "; ".join(text(rows, one) for one in dict.fromkeys((setting, beside, "no work")))
        late, hindrance = delayed(rows, setting), hindered(rows, setting)
        if not lateness(rows, setting):
            return None, f"the machine is busy: {because}."
        if lateness(rows, "no work").upper > LATE:
            return None, f"the machine is busy, and ticks are late beside no work too: {because}."
        if late is False and missed(rows, setting)[0] <= 1:
            return True, f"{because}."
        if hindrance or not late:
            return None, f"{hindrance or 'too close to call'}: {because}."
        return (
            False,
            f"{because}. {WHY if rows[0]['gil'] and setting == 'thread, Python' else ''}".strip(),
        )

    return check


WHY = (
    "To tick, the main thread needs the GIL, and the other one gives it up only when its switch"
    " interval is over."
)


def hindered(rows, setting):
    """What else than this work may have delayed the ticks, or None."""
    others = timing.others(rows)
    if setting == "thread, Python":
        late = delayed(rows, "process, Python")
        return None if late is False else "the ticks are late beside a process too"
    if rows[0]["machine"] < 2:
        return "one core: work and interface share it"
    if others is None or rows[0]["machine"] - others < 1.7:
        return "the machine is busy"
    return None


PYTHON = "process, Python"
STAYS = "An interface stays on time while"
CLAIMS = [
    Claim("gui.responsive", f"{STAYS} a thread waits.", {}, on_time("thread waits", "inline")),
    Claim(
        "gui.responsive-c",
        f"{STAYS} a thread runs C code that gives the GIL back.",
        {},
        on_time("thread, C"),
    ),
    Claim(
        "gui.responsive-python",
        f"{STAYS} a thread runs Python code.",
        {},
        on_time("thread, Python", PYTHON),
    ),
    Claim(
        "gui.responsive-process", f"{STAYS} another process runs Python code.", {}, on_time(PYTHON)
    ),
]
