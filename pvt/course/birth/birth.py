"""From start to end an empty task takes microseconds, a thread a tenth of a millisecond, a
process one to a hundred."""

import time

from pvt import timing
from pvt.claims import Claim
from pvt.course.birth import kinds

QUESTION = "What does it cost to start and end a worker?"
OUTCOMES = (
    "Less than 100 times",
    "100 to 1,000 times",
    "More than 1,000 times",
)  # the most expensive against the cheapest
ROUNDS = 15
PATIENCE = 2.0  # seconds after which no new one begins
SECONDS = 3.0  # usual seconds
STUDY = kinds.STUDY
LOOKS = {"thread": "o", "process": "s", "other": "D"}


def run(*, memory: bool = True):
    """Rounds of all kinds of worker; then, with `memory`, what one of each takes for itself
    while it waits."""
    ways, others = kinds.available(), timing.Neighbours()
    for number, kind in timing.interleaved(list(ways)[::-1], ROUNDS, PATIENCE):
        yield row(kind, number, measured(*ways[kind]))
    for kind in ways if memory else ():
        yield row(kind, None, None, kinds.own(kind))
    return others.cores()


def row(kind, number, seconds, memory=None):
    return {
        "round": number,
        "kind": kind,
        "seconds": seconds,
        "memory": memory,
    }


def measured(start_and_end, count):
    """Seconds for one. Those before the clock starts pay for what the kind before has left
    behind."""
    start_and_end(count // 5)
    begin = time.perf_counter()
    start_and_end(count)
    return (time.perf_counter() - begin) / count


def seconds(rows, kind):
    """Seconds by round; the first round, which warms up, counts while alone."""
    known = [row["seconds"] for row in rows if row["kind"] == kind and row["seconds"] is not None]
    return known[1:] or known


def cheapest_first(rows):
    """(kind, `Spread` of its seconds) of all workers that have been measured; a call is not one."""
    known = {
        row["kind"]: timing.spread(seconds(rows, row["kind"]))
        for row in rows
        if row["kind"] != "call"
    }
    return sorted(known.items(), key=lambda pair: pair[1].middle)


def outcome(rows):
    ranked = cheapest_first(rows)
    if len(ranked) < 5:
        return None
    factor = ranked[-1][1].middle / ranked[0][1].middle
    return OUTCOMES[0] if factor < 100 else OUTCOMES[1] if factor < 1_000 else OUTCOMES[2]


def weight(rows, kind):
    """What one takes for itself, in words, with a space in front; empty where that is unknown."""
    size = next(
        (row["memory"] for row in rows if row["kind"] == kind and row["memory"] is not None), None
    )
    return "" if size is None else f", {size / 1024:,.0f} KiB"


def sentence(rows):
    known = cheapest_first(rows)
    if not known:
        return "Nothing has been measured yet."
    ends = timing.ends([(times.middle, kind) for kind, times in known])
    thread = dict(known).get("thread")
    more = f"; a thread takes {timing.text(thread.middle)}" if thread else ""
    return f"To start and end one takes from {ends}{more}."


def draw(ax, rows):
    """A line for each kind on a logarithmic scale, with the median, least and most; time and
    memory beside it."""
    ranked = cheapest_first(rows)
    if calls := seconds(rows, "call"):
        ranked.insert(0, ("call", timing.spread(calls)))
    for at, (kind, times) in enumerate(ranked):
        colour = "process" if kinds.is_process(kind) else "thread" if kind == "thread" else "other"
        ax.plot([times.least, times.most], [at, at], color=colour, linewidth=3, alpha=0.5)
        ax.plot(times.middle, at, LOOKS[colour], color=colour, markersize=9)
        text = f"{timing.text(times.middle)}{weight(rows, kind)}"
        ax.annotate(
            text, (times.most, at), (6, 0), textcoords="offset points", va="center", fontsize=9.5
        )
    names = ["call of a function" if kind == "call" else kind for kind, _ in ranked]
    ax.set(yticks=range(len(ranked)), ylim=(len(ranked) - 0.4, -0.6), xscale="log", xlim=(1e-8, 30))
    ax.set_yticklabels(names, fontsize=10)
    ax.set(xlabel="start and end of one: median, least to most; memory of its own")
    ax.set(xticks=[1e-8, 1e-6, 1e-4, 1e-2, 1])
    ax.set_xticklabels(["10 ns", "1 µs", "100 µs", "10 ms", "1 s"])
    ax.minorticks_off()
    ax.grid(axis="x", color="#dddddd", linewidth=0.8)


def against(rows, kind, ruler):
    """How many times this kind costs what the ruler costs, as a `Spread` over the rounds."""
    return timing.ratios(seconds(rows, kind), seconds(rows, ruler))


def cheapest_process(rows):
    """(kind, `Spread` of its seconds) of the cheapest way to have a process."""
    return next(pair for pair in cheapest_first(rows) if kinds.is_process(pair[0]))


def thread_is_faster(rows):
    """Whether each way to have a process takes longer than a thread."""
    ways = [kind for kind, _ in cheapest_first(rows) if kinds.is_process(kind)]
    factors = [against(rows, kind, "thread") for kind in ways]
    text = ", ".join(
        f"{kind} {spread.middle:,.0f} ({spread.least:,.0f} to {spread.most:,.0f})"
        for kind, spread in zip(ways, factors, strict=True)
    )
    because = (
        f"a thread took {timing.spoken(timing.spread(seconds(rows, 'thread')))}; times"
        f" that: {text}."
    )
    above = [timing.beyond(seconds(rows, kind), seconds(rows, "thread"), 1) for kind in ways]
    answer = False if False in above else None if None in above else True
    return timing.decided(answer, because, timing.others(rows), stands=True)


def hundred_a_second(rows):
    kind, times = cheapest_process(rows)
    slowest, long = cheapest_first(rows)[-1]
    because = (
        f"the cheapest way, {kind}, took {timing.spoken(times)}: about {1 / times.middle:,.0f} a"
        " second, one after"
        f" the other. The most expensive, {slowest}, took {timing.spoken(long)}:"
        f" {1 / long.middle:,.0f} a second."
    )
    above = times.above(1 / 100)
    answer = None if above is None else not above
    return timing.decided(answer, because, timing.others(rows), stands=True)


def thousand_calls(rows):
    kind, times = cheapest_process(rows)
    spread = against(rows, kind, "call")
    because = (
        f"the cheapest way, {kind}, took {timing.spoken(times)}: as long as {spread.middle:,.0f}"
        " calls of an empty"
        f" function, {against(rows, kind, 'thread').middle:,.0f} threads or"
        f" {against(rows, kind, 'asyncio task').middle:,.0f} asyncio tasks."
    )
    answer = timing.beyond(seconds(rows, kind), seconds(rows, "call"), 1_000)
    return timing.decided(answer, because, timing.others(rows), stands=True)


FASTER = "A thread is faster to create than a process, however the process is started."
CHEAP = "Creating a process is cheap: a program can start more than a hundred in a second."
EXPENSIVE = (
    "Creating a process is expensive: in that time Python calls a function more than a"
    " thousand times."
)
CLAIMS = [
    Claim("birth.thread-faster", FASTER, {}, thread_is_faster),
    Claim("birth.processes-cheap", CHEAP, {}, hundred_a_second),
    Claim("birth.processes-dear", EXPENSIVE, {}, thousand_calls),
]
