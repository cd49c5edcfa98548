"""Ten thousand idle threads need less memory than a film; ten thousand processes need what each
has for itself."""

import time
from statistics import median
from typing import Annotated, Literal

from pvt import host, procfs
from pvt.claims import Claim
from pvt.tools import ceilings, crowd

QUESTION = "How much memory do 10,000 idle workers need?"
OUTCOMES = (
    "Neither would fit in here",
    "Only the threads would fit",
    "Threads and processes would fit",
)
NEEDS = ("/proc",)
SECONDS = 1.5  # usual seconds
STEPS = 5  # rows for the threads
LONGEST = 10.0  # seconds to start them
MANY = 10_000  # the question
CLOSE = 0.75  # a share of a limit from which on an estimate is too close to it
KINDS = ("fork", "forkserver", "spawn")

STUDY = (crowd.Threads, crowd.wait, procfs.private)


def run(
    *,
    threads: Literal[50, 200, 2_000, 10_000] = 200,
    processes: Annotated[int, range(1, 6)] = 4,
    large: bool = False,
):
    """`processes` of each start method, then `threads`. `large`: take half of what is free, not
    a tenth."""
    import multiprocessing

    shared = list(ceilings.shared())
    for kind in KINDS:
        if kind in multiprocessing.get_all_start_methods():
            begin = time.perf_counter()
            allowed, why = ceilings.granted(processes, shared, large)
            with crowd.processes(kind, allowed) as found:
                weights = [weight for pid in found if (weight := crowd.weight_of(pid))]
            yield row(kind, weights, processes, why, shared, time.perf_counter() - begin)
    sample, _ = ceilings.granted(crowd.SAMPLE, shared, bold=True)
    weight = crowd.weigh_thread(sample)
    yield from idle_threads(threads, shared + list(ceilings.own(weight)), large, weight)


def idle_threads(asked, known, large, weight):
    """A row at each fifth of the crowd: it only grows, and ends with its process. Few weigh what
    the sample did."""
    allowed, why = ceilings.granted(asked, known, large)
    waiting, before, begin = crowd.Threads(), crowd.status(), time.perf_counter()
    for step in range(1, STEPS + 1):
        waiting.add(allowed * step // STEPS - waiting.count, begin + LONGEST)
        few = waiting.count < crowd.SAMPLE
        weights = [weight if few and weight else grown(before, waiting.count)] * waiting.count
        late = f"{LONGEST:g} s were over" if waiting.count < allowed * step // STEPS else ""
        yield row(
            "thread",
            weights,
            asked,
            waiting.refused or late or why,
            known,
            time.perf_counter() - begin,
        )
        if waiting.refused:
            return


def grown(before, count):
    """The `Weight` of each of `count` threads, if this process has grown by all of them; None
    for none."""
    resident, tables, addresses = (
        now - then for now, then in zip(crowd.status(), before, strict=True)
    )
    return (
        crowd.Weight((resident + tables) / count + crowd.KERNEL, addresses / count)
        if count
        else None
    )


def row(worker, weights, asked, why, known, seconds):
    """What one worker of this kind takes, and the ceiling that rules for its kind."""
    ruling = ceilings.lowest(known)
    return {
        "worker": worker,
        "count": len(weights),
        "asked": asked,
        "memory": median(one.memory for one in weights) if weights else None,
        "addresses": median(one.addresses for one in weights) if weights else None,
        "seconds": seconds,
        "why": why,
        "machine": host.memory(),
        "ceiling": ruling and ruling.left,
        "ruled_by": ruling and ruling.name,
        "exact": bool(ruling and ruling.exact),
    }


def last(rows):
    """The last row of each kind of worker that could be weighed."""
    return {one["worker"]: one for one in rows if one["memory"]}


def fits(one):
    """Whether MANY such workers fit in here: (True, False or None for too close, what would stop
    them)."""
    unsure = 1 if one["exact"] else 0.95
    if one["ceiling"] is not None and one["ceiling"] < MANY * unsure:
        return False, f"{one['ruled_by']} has room for {one['ceiling']:,}"
    share = MANY * one["memory"] / one["machine"]
    if CLOSE < share < 1 / CLOSE or (one["ceiling"] is not None and one["ceiling"] < MANY / unsure):
        return None, "too close to what this machine has"
    return share <= CLOSE, "memory"


def unweighed(one):
    """(whether 10,000 are too many although none could be weighed, why), for workers that a
    ceiling stops before."""
    low = one["ceiling"] is not None and one["ceiling"] < MANY and one["exact"]
    return (True, f"; {one['ruled_by']} has room for {one['ceiling']:,}") if low else (None, "")


def outcome(rows):
    known = {name: fits(one)[0] for name, one in last(rows).items()}
    if "thread" not in known or len(known) < 2:
        return None
    process = any(answer for name, answer in known.items() if name != "thread")
    return (
        OUTCOMES[2]
        if process and known["thread"]
        else OUTCOMES[1]
        if known["thread"]
        else OUTCOMES[0]
    )


def gigabytes(one, key="memory"):
    return MANY * one[key] / 1e9


def name(worker):
    return worker if worker == "thread" else f"process, {worker}"


def sentence(rows):
    known = last(rows)
    if not known:
        return "No worker could be started and weighed here."
    text = "; ".join(f"{kind} {gigabytes(one):,.1f} GB" for kind, one in known.items())
    here = f"This machine has {rows[-1]['machine'] / 1e9:,.1f} GB."
    return f"10,000 idle workers would take: {text}. {here}"


def draw(ax, rows):
    """A bar for each kind on a logarithmic scale, with what was measured; the machine's memory
    as a line."""
    known = last(rows)
    for at, (worker, one) in enumerate(known.items()):
        colour = "thread" if worker == "thread" else "process"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        place = {"va": "center", "fontsize": 9, "color": "ink", "bbox": box}
        if worker == "thread":
            wide = gigabytes(one, "addresses")
            ax.barh(-at, wide, 0.72, color="none", edgecolor="thread", linestyle=":")
            ax.annotate(f"{wide:,.0f} GB of addresses", (wide * 1.1, -at), **place)
        ax.barh(
            -at,
            gigabytes(one),
            0.72,
            color=colour,
            hatch=None if worker == "thread" else "..",
            alpha=0.85,
        )
        text = (
            f"{gigabytes(one):,.2g} GB: {one['memory'] / 1024:,.0f} KiB each, {one['count']:,}"
            " measured"
        )
        ax.annotate(text, (0.0115, -at), **place)
    ax.axvline(rows[-1]["machine"] / 1e9, color="trouble", linestyle="--")
    ax.annotate(
        " this machine's memory",
        (rows[-1]["machine"] / 1e9, 0.55),
        color="trouble",
        fontsize=9,
        va="center",
    )
    ax.set(
        xscale="log",
        xlim=(0.01, 1_500),
        ylim=(0.35 - max(1, len(known)), 0.8),
        xlabel="memory of 10,000, GB",
    )
    ax.set(
        yticks=[-at for at in range(len(known))],
        yticklabels=[name(worker).replace(", ", "\n") for worker in known],
    )


def short(one):
    """Why fewer than asked for were measured."""
    return f" (asked for {one['asked']:,}: {one['why']})" if one["count"] < one["asked"] else ""


def too_many(rows):
    one = last(rows).get("thread")
    if not one:
        answer, stops = unweighed(rows[-1])
        return answer, f"no thread could be started and weighed here: {rows[-1]['why']}{stops}."
    answer, stops = fits(one)
    because = (
        f"{one['count']:,} idle {'thread was' if one['count'] == 1 else 'threads were'} started"
        f" in {one['seconds']:.1f} s{short(one)},"
        f" {one['memory'] / 1024:,.0f} KiB each with all that the kernel keeps for them."
        f" 10,000 would take {gigabytes(one):.2f} of {one['machine'] / 1e9:.2f} GB;"
    )
    lowest = (
        f"the tightest ceiling, {one['ruled_by']}, has room for {one['ceiling']:,}"
        if one["ruled_by"]
        else "no number stops them"
    )
    return (
        None if answer is None else not answer
    ), f"{because} {stops if answer is False else lowest}."


def exhausting(rows):
    known = {kind: one for kind, one in last(rows).items() if kind != "thread"}
    if not known:
        answer, stops = unweighed(rows[0])
        why = rows[0]["why"] or "it was refused, or its own memory is unknown"
        return answer, f"no process could be started and weighed here: {why}{stops}."
    lightest = min(known.values(), key=lambda one: one["memory"])
    answer, stops = fits(lightest)
    each = "; ".join(
        f"{kind} {one['memory'] / 1e6:.1f} MB, so {gigabytes(one):,.0f} GB"
        for kind, one in known.items()
    )
    because = (
        f"an idle process has for itself: {each}. This machine has"
        f" {lightest['machine'] / 1e9:.1f} GB."
    )
    if answer is False and stops != "memory":
        because += f" And {stops}."
    because += " One that fills 50 MB, as a small service does, would make it 500 GB."
    return (None if answer is None else not answer), because


THREADS = "10,000 threads are too many: a machine like this one cannot have them."
PROCESSES = "10,000 processes, even idle ones, exhaust a machine like this one."
CLAIMS = [
    Claim("limits.10000-threads", THREADS, {"threads": 2_000}, too_many),
    Claim("limits.10000-processes", PROCESSES, {"threads": 2_000}, exhausting),
]
