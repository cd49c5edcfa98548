"""Small tasks one after the other: a new worker for each costs many times what a pool does,
whose worker stays."""

import time

from pvt import timing
from pvt.claims import Claim

QUESTION = "What does a pool save?"
OUTCOMES = (
    "Hardly anything",
    "With threads more than with processes",
    "With processes more than with threads",
)
TASKS = {
    "thread": 40,
    "process": 4,
    "thread pool": 40,
    "process pool": 40,
}  # tasks that make one measurement
ROUNDS, PATIENCE, SECONDS, ENOUGH = 15, 1.6, 1.9, 1.2
NUMBERS = range(
    200
)  # the task is to add these up: a builtin does it, so that no worker has to import anything


def new_worker_each(kind, count):
    for _ in range(count):
        worker = kind(target=sum, args=(NUMBERS,))
        worker.start()
        worker.join()


def same_worker(pool, count):
    for _ in range(count):
        pool.submit(sum, NUMBERS).result()


STUDY = (new_worker_each, same_worker)


def run():
    """Round after round: a new worker for each task, and one worker in a pool, as threads and as
    processes."""
    from concurrent import futures
    from multiprocessing import Process
    from threading import Thread

    others = timing.Neighbours()
    single = {"thread": Thread, "process": Process}
    pools = {"thread pool": futures.ThreadPoolExecutor, "process pool": futures.ProcessPoolExecutor}
    for number, way in timing.interleaved(list(TASKS)[::-1], ROUNDS, PATIENCE):
        if way in single:
            seconds = measured(new_worker_each, single[way], TASKS[way])
        else:
            with pools[way](
                1
            ) as pool:  # ended before processes are forked: none of its threads goes along
                seconds = measured(same_worker, pool, TASKS[way])
        yield {"round": number, "way": way, "seconds": seconds}
    return others.cores()


def measured(work, workers, count):
    """Seconds for one task; the first, for which a pool starts its worker, is not counted."""
    work(workers, 1)
    begin = time.perf_counter()
    work(workers, count)
    return (time.perf_counter() - begin) / count


def seconds(rows, way):
    """Seconds by round; the first round, which warms up, counts while alone."""
    known = [row["seconds"] for row in rows if row["way"] == way]
    return known[1:] or known


def saved(rows, kind):
    """How many times a new worker for each task costs what a pool does: a `Spread`, or None."""
    return timing.ratios(seconds(rows, kind), seconds(rows, f"{kind} pool"))


def outcome(rows):
    threads, processes = saved(rows, "thread"), saved(rows, "process")
    if not threads or not processes:
        return None
    if max(threads.middle, processes.middle) < ENOUGH:
        return OUTCOMES[0]
    return OUTCOMES[1] if threads.middle > processes.middle else OUTCOMES[2]


def sentence(rows):
    known = {way: timing.spread(seconds(rows, way)) for way in TASKS}
    parts = [f"{way} {1 / spread.middle:,.0f}" for way, spread in known.items() if spread]
    return f"Tasks a second, one after the other: {', '.join(parts)}."


def draw(ax, rows):
    """Two bars for threads, two for processes: tasks a second, on a logarithmic scale, with the
    factor between them."""
    for at, kind in enumerate(("thread", "process")):
        for offset, (way, hatch) in enumerate(((kind, "//"), (f"{kind} pool", ""))):
            if known := timing.spread(seconds(rows, way)):
                place, rate = at + 0.4 * offset, 1 / known.middle
                ax.bar(place, rate, 0.36, color=kind, hatch=hatch, edgecolor="white")
                ax.plot([place, place], [1 / known.most, 1 / known.least], color="ink", linewidth=2)
                name = "in a pool" if offset else "new for each"
                times = saved(rows, kind) if offset else None
                label = f"{name}\n{rate:,.0f} a second" + (
                    f"\n×{times.middle:.1f}" if times else ""
                )
                ax.annotate(
                    label, (place, 1.3 / known.least), ha="center", va="bottom", fontsize=10
                )
    ax.set(
        yscale="log", ylim=(10, 2e6), xlim=(-0.4, 1.8), ylabel="tasks a second", xticks=[0.2, 1.2]
    )
    ax.set(yticks=[10, 100, 1_000, 10_000, 100_000])
    ax.set_yticklabels(["10", "100", "1,000", "10,000", "100,000"])
    ax.set_xticklabels(["threads", "processes"])
    ax.minorticks_off()


def reuse_pays(rows):
    """Whether a pool gets more done than new workers, for threads and for processes."""
    answers, parts = [], []
    for kind in ("thread", "process"):
        ways = seconds(rows, kind), seconds(rows, f"{kind} pool")
        spread, best = timing.ratios(*ways), timing.quickest(*ways)
        new, kept = (1 / timing.spread(way).middle for way in ways)
        times = (
            f"{spread.middle:.1f} ({spread.least:.1f} to {spread.most:.1f}; the quickest"
            f" {best:.1f}) times"
        )
        parts.append(
            f"{new:,.0f} tasks a second with a new {kind} for each, in a pool {kept:,.0f}: {times}"
        )
        answers.append(timing.beyond(*ways, 1))
    answer = False if False in answers else None if None in answers else True
    return timing.decided(answer, f"{'; '.join(parts)}.", timing.others(rows), stands=True)


REUSE = (
    "A pool gets more small tasks done than a new worker for each of them, with threads and"
    " with processes."
)
CLAIMS = [Claim("pool.reuse", REUSE, {}, reuse_pays)]
