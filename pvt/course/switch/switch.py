"""To hand a core over takes some microseconds, to a thread as to a process; waking another core
takes far longer.

What is timed, what is subtracted, and why the kernel's own counts decide: see `pingpong.py`. Where
a C compiler is found, `switch.c` does the same beside it: the difference is Python's share.
Partners on one core use the last two cores by turns, because nobody knows which of them others will
need.
"""

from functools import partial
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim
from pvt.course.switch import pingpong, twin

QUESTION = "What does a switch cost?"
OUTCOMES = (
    "A thread takes less than half as long",
    "Thread and process take about as long",
    "A process takes less than half as long",
)
NEEDS = ("fork", "processor affinity", "/proc")
SECONDS = 3.5  # usual seconds
CROSSING = 1e-5  # a switch that takes longer than this has crossed cores
FAR = 3  # times as expensive: more than others make of it
WORDS = {
    "thread": ((1e-7, 1e-6), (1e-6, 5e-6)),
    "process": ((1e-6, 1e-5), (1e-5, 3e-5)),
}  # seconds: what lessons say
STUDY = pingpong.STUDY


def run(
    *,
    handovers: Literal[200, 400, 1_600] = 400,
    rounds: Annotated[int, range(4, 61)] = 30,
    c_twin: bool = True,
):
    """`handovers` of a byte in one measurement (a quarter where two cores take part); `c_twin`:
    C beside Python."""
    from tempfile import TemporaryDirectory

    watch = timing.Neighbours()
    kinds = [(place, worker) for place in pingpong.places() for worker in WORDS]

    def row(language, measured, number, place, worker):
        count = handovers if place == "together" else handovers // 4
        row = {"round": number, "place": place, "worker": worker, "language": language}
        row |= measured(worker, *pingpong.cores(number, place), count)
        return row | {"without_c": without}

    with TemporaryDirectory() as folder:
        without = "they come from round 1 on"
        for number, kind in timing.interleaved(kinds, 0):
            yield row("Python", pingpong.measured, number, *kind)
        program, without = twin.compiled(folder) if c_twin else (None, "not wanted")
        for number, kind in timing.interleaved(kinds, rounds, SECONDS - 0.5):
            yield row("Python", pingpong.measured, number, *kind)
            if program:
                yield row("C", partial(twin.measured, program), number, *kind)
    return watch.cores()


def chosen(rows, place, worker, language):
    """The rows of one kind, those of round 0 only as long as there are no others."""
    mine = [
        row
        for row in rows
        if (row["place"], row["worker"], row["language"]) == (place, worker, language)
    ]
    return [row for row in mine if row["round"]] or mine


def cost(rows, place, worker, language, key="switch"):
    """The `Spread` of the quicker half of the rounds, None if most of them do not count."""
    return pingpong.quickest([row[key] for row in chosen(rows, place, worker, language)])


def language(rows):
    """What decides: C where there is a compiler, for it adds the least of its own."""
    return "C" if any(row["language"] == "C" and row["round"] for row in rows) else "Python"


def ratio(rows, place="together"):
    """The `Spread` of process / thread, round by round."""
    process, thread = (
        chosen(rows, place, worker, language(rows)) for worker in ("process", "thread")
    )
    return timing.ratios(*([row["switch"] for row in kind] for kind in (process, thread)))


def outcome(rows):
    times = ratio(rows)
    return times and OUTCOMES[0 if times.middle > 2 else 2 if times.middle < 0.5 else 1]


def spoken(rows, place, worker):
    """What a switch costs, in C and from Python, in words."""
    found = [(name, cost(rows, place, worker, name)) for name in ("C", "Python")]
    known = [
        f"{timing.spoken(one)} {'in C' if name == 'C' else 'from Python'}"
        for name, one in found
        if one
    ]
    return " and ".join(known) or "not counted here"


def text(low, high):
    return f"{low * 1e6:g}–{high * 1e6:g} µs"


def sentence(rows):
    where = {"together": "on one core", "apart": "between two cores"}
    language = "Python" if rows[-1]["without_c"] else "C"
    parts = []
    for place, words in where.items():
        found = {worker: cost(rows, place, worker, language) for worker in WORDS}
        known = [f"{worker} {timing.text(one.middle)}" for worker, one in found.items() if one]
        parts += [f"{words} {', '.join(known)}"] if known else []
    without = f" No figures in C: {rows[-1]['without_c']}." if rows[-1]["without_c"] else ""
    return f"A switch, in {language}: {'; '.join(parts) or 'not counted yet'}.{without}"


def draw(ax, rows):
    """Above, what lessons say, as boxes; below, what was measured: dots from Python, diamonds in
    C."""
    seen = [place for place in pingpong.PLACES if any(row["place"] == place for row in rows)]
    lines = [(place, worker) for place in seen for worker in WORDS]
    labels = [f"lessons: {worker}" for worker in WORDS]
    labels += [f"{pingpong.PLACES[place]}: {worker}" for place, worker in lines]
    for at, (worker, spans) in enumerate(WORDS.items()):
        for low, high in spans:
            ax.barh(at, high - low, 0.7, low, color="none", edgecolor=worker, linewidth=1.5)
            ax.text(
                (low * high) ** 0.5,
                at,
                text(low, high).removesuffix(" µs"),
                ha="center",
                va="center",
                fontsize=9,
            )
    for at, line in enumerate(lines, len(WORDS)):
        mark(ax, at, rows, line[1], {name: cost(rows, *line, name) for name in ("Python", "C")})
    pipes = {name: cost(rows, "together", "process", name, "pipe") for name in ("Python", "C")}
    mark(ax, len(labels), rows, "other", pipes)
    labels.append("no switch: write, read")
    ax.set(
        xscale="log",
        xlim=(8e-8, 2e-3),
        xlabel="time for one switch",
        ylim=(len(labels) - 0.4, -0.6),
    )
    ax.set(yticks=range(len(labels)), yticklabels=labels)
    ax.set(
        xticks=[10.0**power for power in range(-7, -3)],
        xticklabels=["0.1 µs", "1 µs", "10 µs", "100 µs"],
    )
    ax.grid(False, axis="y")
    ax.grid(True, axis="x", color="#dddddd")
    ax.minorticks_off()


def mark(ax, at, rows, colour, costs):
    """One line of the picture: both languages with their spread, and the figures beside them."""
    known = {name: one for name, one in costs.items() if one}
    for name, one in known.items():
        python = name == "Python"
        look = {
            "fmt": "o" if python else "D",
            "mfc": colour if python else "white",
            "color": colour,
            "markersize": 5,
        }
        spread = [[one.middle - one.least], [one.most - one.middle]]
        ax.errorbar(
            [one.middle], [at - 0.16 if python else at + 0.16], xerr=spread, capsize=2, **look
        )
    text = (
        ", ".join(f"{name} {timing.text(one.middle)}" for name, one in known.items())
        or "not counted here"
    )
    left = min((one.least for one in known.values()), default=1e-7)
    right = max((one.most for one in known.values()), default=1e-7)
    # where there is room
    place = ((left, at), (-7, 0)) if left > CROSSING else ((right, at), (7, 0))
    look = {
        "ha": "right" if left > CROSSING else "left",
        "va": "center",
        "fontsize": 9,
        "color": "ink",
    }
    ax.annotate(text, *place, textcoords="offset points", **look)


def both(rows, place="together"):
    return f"{pingpong.PLACES[place]}: " + ", ".join(
        f"{worker} {spoken(rows, place, worker)}" for worker in WORDS
    )


def within(worker, low, high):
    """A check: does a switch between two of these workers on one core take from `low` to `high`
    seconds?"""

    def check(rows):
        spread = cost(rows, "together", worker, language(rows))
        if not spread:
            return None, pingpong.UNCOUNTED
        if (
            spread.noisy and not low < spread.least <= spread.most < high
        ):  # noise only adds: what is inside is inside
            return None, f"{pingpong.blame(rows)} A switch {both(rows)}."
        above, below = spread.above(low), spread.above(high)
        cost_of_one = f"{worker} {spoken(rows, 'together', worker)}."
        if None in (above, below):
            return None, f"{cost_of_one} {on_the_border(spread, low, high)}"
        fits = (
            f"{text(*span)} {'fits' if span[0] < spread.middle < span[1] else 'does not'}"
            for span in WORDS[worker]
        )
        return (
            above and not below,
            f"{worker} {spoken(rows, 'together', worker)}. Of what lessons say, {', '.join(fits)}.",
        )

    return check


def on_the_border(spread, low, high):
    """Why a spread that has one of these limits inside decides nothing."""
    border = low if spread.above(low) is None else high
    middle = f"{timing.text(spread.lower)} to {timing.text(spread.upper)}"
    return (
        f"The border of {timing.text(border)} lies in the middle half of these times"
        f" ({middle}): not decided."
    )


def five_times(rows):
    times = ratio(rows)
    if not times:
        return None, pingpong.UNCOUNTED
    text = (
        f"process / thread is {times.middle:.2f} ({times.lower:.2f} to {times.upper:.2f} in"
        " the middle half)"
    )
    answer, because = times.above(5), f"{text}; {both(rows)}."
    return (
        answer,
        because if answer is not None else f"{because} The border of 5 lies inside: not decided.",
    )


def costs_more(rows):
    """Does it cost more between two cores than on one? Only quiet cores can tell, unless it is FAR
    times as much.

    A core that others keep at work need not be woken, which is cheaper. And who wakes goes before
    who computes.
    """
    apart, together = (
        cost(rows, place, "process", language(rows)) for place in ("apart", "together")
    )
    if not any(row["place"] == "apart" for row in rows):
        return None, "one core: there is no second one here to hand over to."
    if not apart or not together:
        return None, pingpong.UNCOUNTED
    because = f"{both(rows, 'apart')}; {both(rows)}."
    if (timing.others(rows) or 0) > pingpong.BUSY and apart.least < FAR * together.most:
        return None, f"{pingpong.blame(rows)} A switch {because}"
    if apart.least < together.most and together.least < apart.most:
        return None, f"too close: {because}"
    return apart.least > together.most, because


PROCESS = "Switching from one process to another on the same core takes 1 to 10 µs."
THREAD = "Switching from one thread to another on the same core takes less than a microsecond."
FASTER = "A switch between threads is 5 to 10 times faster than one between processes."
CORES = "Handing over to a partner on another core costs more than to one on the same core."
CLAIMS = [
    Claim("switch.process-1-10us", PROCESS, {}, within("process", 1e-6, 1e-5)),
    Claim("switch.thread-ns", THREAD, {}, within("thread", 0, 1e-6)),
    Claim("switch.thread-5x", FASTER, {}, five_times),
    Claim("switch.cores", CORES, {}, costs_more),
]
