"""Who ran when: threads take turns at running Python code, processes run at once where there is a
core for each.

Every worker reads the clock without a pause. Where its readings lie close together, it was running;
where the clock has jumped, it was not: it waited for the GIL, or for a core. All workers read one
and the same clock.
"""

import sys
import time
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim
from pvt.course.gil import overlap
from pvt.course.gil.crew import Crew
from pvt.host import cores, has_gil

QUESTION = "Who ran when?"
OUTCOMES = (
    "Threads and processes run at once",
    "Only processes run at once",
    "Nobody runs at once: all take turns",
)
SECONDS = 1.5  # usual seconds
ROUNDS = 3  # rounds after the first
SPAN = 0.08  # seconds that the workers of a lane run
JUMP = (
    0.0002  # seconds between two readings of the clock, from which a worker did not run in between
)
# The share of the time that two ran at once: below it they did not, above it they did
NEVER = 0.02
OFTEN = 0.1
SETTINGS = [("thread", "all"), ("process", "all"), ("thread", "one"), ("process", "one")]


def when_it_ran(seconds):
    """The stretches of time in which the caller was running, by the clock."""
    begin = last = time.perf_counter()
    end, ran = begin + seconds, []
    while last < end:
        now = time.perf_counter()
        if now - last > JUMP:
            ran.append((begin, last))
            begin = now
        last = now
    return [*ran, (begin, last)]


STUDY = (when_it_ran,)


def pinned(cores, seconds):
    """The same on these cores alone, where the system allows it."""
    if cores:
        timing.pin(*cores)
    return when_it_ran(seconds)


def run(*, workers: Annotated[int, range(2, 5)] = 2, switch_ms: Literal[1, 5, 20] = 5):
    """`switch_ms`: for so long a thread may keep the GIL while another wants it (Python's own
    setting: 5)."""
    sys.setswitchinterval(switch_ms / 1000)
    crews = {kind: Crew(kind, workers) for kind in ("process", "thread")}
    places = {"all": timing.allowed(), "one": timing.allowed()[-1:]}
    settings = [one for one in SETTINGS if one[1] == "all" or places["one"]]
    here = {"machine": cores(), "gil": has_gil(), "switch": switch_ms / 1000}
    for number, (kind, place) in timing.interleaved(settings, ROUNDS):
        start, done = crews[kind].together(pinned, [(places[place], SPAN)] * workers)
        for lane, one in enumerate(done):
            setting = {"round": number, "worker": kind, "cores": place, "lane": lane}
            for begin, end in one.result:
                if begin < start + SPAN:
                    yield {**setting, "begin": begin - start, "end": min(end - start, SPAN), **here}
    for crew in crews.values():
        crew.end()


def lanes(rows, setting, number=None):
    """The stretches in which each worker ran, in one round of a setting (the last), as a list
    for each lane."""
    mine = [row for row in rows if (row["worker"], row["cores"]) == setting]
    number = mine[-1]["round"] if number is None and mine else number
    mine = [row for row in mine if row["round"] == number]
    return [
        [(row["begin"], row["end"]) for row in mine if row["lane"] == lane]
        for lane in sorted({r["lane"] for r in mine})
    ]


def shares(rows, setting, part):
    """The spread over the rounds of a share of time: overlap.at_once or overlap.under_way. None
    before the first."""
    rounds = sorted({row["round"] for row in rows if (row["worker"], row["cores"]) == setting})
    known = [lanes(rows, setting, number) for number in rounds[1:] or rounds]
    return timing.spread(part(one) for one in known if len(one) > 1)


def at_once(rows, setting):
    """Whether two of this setting run at once: True, False, or None where that is not clear."""
    found = shares(rows, setting, overlap.at_once)
    return found and (False if found.most < NEVER else True if found.middle > OFTEN else None)


def outcome(rows):
    """None also where two processes did not run at once although there are cores for it: then
    others had them, and the threads may have taken turns for the same reason."""
    thread, process = at_once(rows, SETTINGS[0]), at_once(rows, SETTINGS[1])
    known = {(True, True): 0, (False, True): 1}
    if rows[0]["machine"] < 2:
        known[False, False] = 2
    return OUTCOMES[known[thread, process]] if (thread, process) in known else None


def place(setting):
    return "all cores" if setting[1] == "all" else "one core"


def text(rows, setting):
    """How much of the time two ran at once, in words."""
    found = shares(rows, setting, overlap.at_once)
    kind = "threads" if setting[0] == "thread" else "processes"
    return (
        f"{kind} on {place(setting)} {found.middle:.0%}"
        if found
        else f"{kind} on {place(setting)} not seen yet"
    )


def sentence(rows):
    seen = [setting for setting in SETTINGS if shares(rows, setting, overlap.at_once)]
    parts = "; ".join(text(rows, setting) for setting in seen) or "the first are running"
    return f"Two or more at once: {parts}."


def draw(ax, rows):
    """A lane for each worker: coloured while it ran; below each group, in ink, the time in which
    two ran at once."""
    ticks, at, high = [], 0.0, {}
    for setting in SETTINGS:
        group = lanes(rows, setting)
        for lane in group:
            bars = [(begin * 1e3, (end - begin) * 1e3) for begin, end in lane]
            ax.broken_barh(bars, (at - 0.38, 0.76), facecolor=setting[0], linewidth=0)
            ticks.append((at, f"{setting[0]} {len(ticks) % max(1, len(group)) + 1}"))
            at += 1
        both = [(begin * 1e3, (end - begin) * 1e3) for begin, end in overlap.together(group)]
        ax.broken_barh(both, (at - 0.55, 0.25), facecolor="ink", linewidth=0)
        if group:
            label = f"{place(setting)}\n{overlap.at_once(group):.0%} at once"
            ax.text(
                SPAN * 1e3 * 1.02,
                at - 0.5 - len(group) / 2,
                label,
                va="center",
                fontsize=10,
                color="ink",
            )
            high[setting] = at
        at += 0.5 if group else 0
    ax.set(
        xlim=(0, SPAN * 1e3 * 1.2),
        ylim=(max(at, 1) - 0.4, -0.6),
        xlabel="milliseconds since the start",
    )
    ax.set(yticks=[y for y, _ in ticks], yticklabels=[text for _, text in ticks])
    ax.grid(visible=False)
    ax.set_xticks([ms for ms in range(0, int(SPAN * 1e3) + 1, 10)])


def by_turns(rows):
    """A check: do threads never run Python code at once, though there are cores for two?"""
    found, share = shares(rows, SETTINGS[0], overlap.at_once), text(rows, SETTINGS[0])
    if rows[0]["machine"] < 2:
        return None, "one core: here nothing can run at the same time, with a GIL or without."
    if not found or not all(len(lane) > 1 for lane in lanes(rows, SETTINGS[0])):
        return None, "too short a time: not every thread had two turns."
    turns = timing.spread(end - begin for lane in lanes(rows, SETTINGS[0]) for begin, end in lane)
    answer = at_once(rows, SETTINGS[0])
    because = (
        f"at once: {share} of the time (at most {found.most:.1%}),"
        f" {text(rows, SETTINGS[1])}. A turn took"
    )
    because += (
        f" {timing.text(turns.middle)}; a thread must give way after"
        f" {timing.text(rows[0]['switch'])}"
    )
    without = "; this Python runs without a GIL" if not rows[0]["gil"] else ""
    return (None if answer is None else not answer), f"{because}{without}."


def under_way_together(rows):
    """A check: were two workers under way for the same time, and yet never ran at once?"""
    for setting in (SETTINGS[0], SETTINGS[2], SETTINGS[3]):
        way = shares(rows, setting, overlap.under_way)
        if way and way.middle > 0.5 and at_once(rows, setting) is False:
            other = f" At once: {'; '.join(text(rows, one) for one in SETTINGS if one != setting)}."
            kind = f"{setting[0]}{'e' * (setting[0] == 'process')}s on {place(setting)}"
            return (
                True,
                f"two {kind} were under way together for {way.middle:.0%} of the time, and never"
                f" ran at once.{other}",
            )
    return None, f"no two workers were under way together and took turns: {sentence(rows)}"


CLAIMS = [
    Claim(
        "gil.turns",
        "Only one thread at a time runs Python code, however many cores there are.",
        {},
        by_turns,
    ),
    Claim(
        "gil.concurrency-is-not-parallelism",
        "Two workers can be under way during the same time and never run at the same time.",
        {},
        under_way_together,
        kind="can",
    ),
]
