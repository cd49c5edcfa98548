"""Processes that double are thousands within seconds; killing the first does not stop the
others."""

from statistics import median
from typing import Annotated

from pvt import timing
from pvt.claims import Claim
from pvt.course.limits import bomb
from pvt.tools import ceilings

QUESTION = "How fast does a fork bomb fill a machine?"
OUTCOMES = ("In less than 10 seconds", "In 10 seconds to 10 minutes", "It takes longer")
NEEDS, SECONDS = ("fork", "resource limits"), 0.4
CROWD = 2_000  # "thousands" of processes
SOON = 60.0  # at most this many seconds are "within seconds"
STOPS = {
    "kill the first": "the first killed",
    "kill the group": "their group killed",
    "limit": "a limit set before",
}

STUDY = (bomb.double,)


def run(*, generations: Annotated[int, range(2, 7)] = 4):
    """4 `generations` make 16 processes, 6 make 64. Three bombs, each stopped in another way."""
    known = list(ceilings.shared())
    asked, ruling = 2**generations, ceilings.lowest(known)
    allowed, why = ceilings.granted(asked, known, bold=True)
    generations = allowed.bit_length() - 1
    facts = {"ceiling": ruling and ruling.most, "ruled_by": ruling and ruling.name, "why": why}
    for stop in STOPS:
        lit = bomb.Bomb(
            generations, *([bomb.locked(2**generations // 4)] if stop == "limit" else [])
        )
        for count, (generation, seconds) in enumerate(sorted(lit.born, key=lambda one: one[1]), 1):
            yield row(stop, "born", seconds, count, generation, **facts)
        left = stopped(lit, stop)
        yield row(
            stop,
            "stopped",
            None,
            left,
            None,
            started=len(lit.born),
            refused=len(lit.refused),
            **facts,
        )
        lit.end()


def row(stop, what, seconds, alive, generation, started=None, refused=None, **facts):
    """A birth and how many there are then; or a stop, and how many there are after it."""
    fixed = {
        "stop": stop,
        "what": what,
        "seconds": seconds,
        "alive": alive,
        "generation": generation,
    }
    return {**fixed, "started": started, "refused": refused, **facts}


def stopped(lit, stop):
    """How many are left after this stop; the limit has stopped them before."""
    if not lit.born or stop == "limit":
        return len(lit.born)
    lit.kill(group=stop == "kill the group")
    return lit.answering(len(lit.born) - (stop == "kill the first"))


def curves(rows):
    """The births of each bomb that nobody hindered: lists of (seconds, alive)."""
    free = [stop for stop in STOPS if stop != "limit"]
    lists = [
        [
            (one["seconds"], one["alive"])
            for one in rows
            if one["stop"] == stop and one["what"] == "born"
        ]
        for stop in free
    ]
    return [curve for curve in lists if len(curve) > 1]


def seconds_to(processes, rows):
    """Seconds (if each generation takes as long as here, if no more can be started each second
    than here), or None."""
    ends = [curve[-1] for curve in curves(rows)]
    if not ends:
        return None
    doubling = median(seconds / (alive.bit_length() - 1) for seconds, alive in ends)
    return doubling * (processes - 1).bit_length(), processes * median(
        seconds / (alive - 1) for seconds, alive in ends
    )


def full(rows):
    """The number of processes at which nothing more can be started, or 32,768 where that is
    unknown."""
    return rows[-1]["ceiling"] or 32_768


def outcome(rows):
    known = seconds_to(full(rows), rows)
    return known and OUTCOMES[(known[1] >= 10) + (known[1] > 600)]


def ends(rows):
    """What became of each bomb, in words."""
    bombs = {one["stop"]: one for one in rows if one["what"] == "stopped"}
    parts = [
        f"{STOPS[stop]}, {one['alive']} of {one['started']} lived on"
        for stop, one in bombs.items()
        if stop != "limit"
    ]
    if limit := bombs.get("limit"):
        asked = max(1, *(one["started"] for one in bombs.values()))
        let = f"{STOPS['limit']} let {limit['started']} of {asked} begin"
        parts += [let if limit["refused"] else "no limit could be set"] if asked > 1 else []
    return parts


def sentence(rows):
    known = seconds_to(full(rows), rows)
    begun = max(one["alive"] for one in rows)
    grown = (
        f"{begun} process{'es' * (begun != 1)} in"
        f" {max(one['seconds'] or 0 for one in rows) * 1e3:,.0f} ms"
    )
    ahead = (
        f"; {full(rows):,}, at that rate, after {timing.text(known[0])} to {timing.text(known[1])}"
        if known
        else ""
    )
    last = "; ".join(ends(rows)[-1:])
    return f"{grown}{ahead}. {last[:1].upper()}{last[1:] or 'None is stopped yet'}."


def draw(ax, rows):
    """Births on logarithmic scales, two ways to go on from there, and the ceiling."""
    for curve, mark in zip(curves(rows), "os", strict=False):
        ax.plot(
            [max(seconds, 1e-4) for seconds, _ in curve],
            [alive for _, alive in curve],
            mark,
            color="process",
            ms=5,
        )
    most, known = full(rows), seconds_to(full(rows), rows)
    ax.axhline(most, color="trouble", linestyle="--", linewidth=1)
    ax.annotate(
        f"{rows[-1]['ruled_by'] or 'ids'}: {most:,}",
        (1.3e-4, most * 1.25),
        fontsize=9.5,
        color="trouble",
    )
    if known:
        at = [2**power for power in range(1, most.bit_length())] + [most]
        lines = zip(
            ("if it goes on doubling", "if no faster than here"), ("-.", ":"), (0, 1), strict=True
        )
        for text, style, which in lines:
            ax.plot(
                [seconds_to(processes, rows)[which] for processes in at],
                at,
                style,
                color="ink",
                linewidth=1.2,
            )
            ax.annotate(
                f"{text}\n{timing.text(known[which])}",
                (known[which], most / 1.4),
                fontsize=9,
                color="ink",
                ha="right" if not which else "left",
                va="top",
            )
    for line, text in enumerate(ends(rows)):
        ax.annotate(
            text,
            (0.99, 0.2 - 0.085 * line),
            xycoords="axes fraction",
            ha="right",
            fontsize=9.5,
            color="ink",
        )
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(1e-4, 1e4),
        ylim=(0.8, most * 4),
        xlabel="seconds",
        ylabel="processes",
    )


def overwhelms(rows):
    most = min(full(rows), CROWD)
    known = seconds_to(most, rows)
    if not known or len(curves(rows)[0]) < 4:
        return (
            None,
            "too few processes can be started here to see them double:"
            f" {rows[0]['why'] or 'the system refused'}.",
        )
    begun, rate = len(curves(rows)[0]), most / known[1]
    full_after = (
        f"the ceiling, {full(rows):,}, after {timing.text(seconds_to(full(rows), rows)[1])}"
    )
    ceiling = full_after if full(rows) > most else f"that is the ceiling, {rows[-1]['ruled_by']}"
    because = (
        f"{begun} processes after {begun.bit_length() - 1} doublings, {rate:,.0f} a second."
        f" {most:,} would be there"
        f" after {timing.text(known[0])} of doubling, or after {timing.text(known[1])} if"
        f" no more could be started each second than here; {ceiling}. Then:"
        f" {'; '.join(ends(rows))}."
    )
    slow, fast = known[1] > SOON, known[0] > SOON
    return (None if slow != fast else not slow), because


SAYS = (
    "A script that calls itself without end fills a machine with thousands of processes within"
    " seconds."
)
CLAIMS = [Claim("limits.fork-bomb", SAYS, {}, overwhelms)]
