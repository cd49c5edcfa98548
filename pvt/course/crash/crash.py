"""One of several workers dies: an exception ends one thread alone, a real crash all threads, and a
process dies alone.

Every worker leaves the time of its last sign of life in memory that outlives it. "Alive" needs a
sign that is later than the end of the one that crashed; "dead" needs the exit code of its process.
How long things take decides nothing.
"""

import threading
import time
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.tools import crashes

QUESTION = "Worker 1 crashes. Who is still alive?"
OUTCOMES = (
    "Threads die together, whatever the crash",
    "Threads die together, except after an exception",
    "Only worker 1 dies, thread or process",
)
SECONDS = 1.5
BEAT = 0.002  # seconds between signs of life
BEFORE = 10  # how many before
AFTER = 0.03  # seconds we look on
PATIENCE = 6.0  # seconds until a case is given up as not decided
CRASH, OVER, STOP = range(
    3
)  # moments that all workers share: the crash begins, its worker is gone, all shall end
REACH = 25  # ms of the picture
COLUMNS = {"thread": 0, "process": 120}
MANY = {"thread": "threads", "process": "processes"}
WAYS = crashes.possible()
SHOWN = [name for name in WAYS if name != "sys.exit"]


def worker(at, how, first, last, moments):
    """Give signs of life. Worker 0 crashes when all have begun."""
    beats, first[at] = 0, time.perf_counter()
    while not moments[STOP]:
        last[at] = time.perf_counter()
        if at == 0 and beats >= BEFORE and all(first):
            moments[CRASH] = last[at]
            crashes.WAYS[how]()
        time.sleep(BEAT)
        beats += 1


def as_threads(how, first, last, moments):
    """The threads live in a process of their own: the experiment has to survive."""
    crashes.quiet()
    everybody = range(len(first))
    crowd = [
        threading.Thread(target=worker, args=(at, how, first, last, moments), daemon=True)
        for at in everybody
    ]
    for thread in crowd:
        thread.start()
    crowd[0].join()
    moments[OVER] = time.perf_counter()  # who comes here has survived the crash
    for thread in crowd:
        thread.join()


def as_process(at, how, first, last, moments):
    crashes.quiet()
    worker(at, how, first, last, moments)


STUDY = (
    worker,
    as_threads,
    as_process,
    crashes.exception,
    crashes.segfault,
    crashes.unchecked_malloc,
)


def run(*, workers: Annotated[int, range(2, 7)] = 3, how: Literal["all", *crashes.WAYS] = "all"):
    """Worker 1 of these `workers` ends in this way, as a thread and as a process."""
    import multiprocessing

    for way in SHOWN if how == "all" else [how] if how in WAYS else []:
        for kind in ("thread", "process"):
            yield from case(multiprocessing, way, kind, workers)


def case(multiprocessing, how, kind, workers):
    """One crash, seen by the experiment's own process: a row for each worker."""
    first, last, moments = shared = [
        multiprocessing.RawArray("d", size) for size in (workers, workers, 3)
    ]
    if kind == "thread":
        crowd = [multiprocessing.Process(target=as_threads, args=(how, *shared))]
    else:
        crowd = [
            multiprocessing.Process(target=as_process, args=(at, how, *shared))
            for at in range(workers)
        ]
    try:
        for process in crowd:
            process.start()
        ends = watched(crowd * workers if kind == "thread" else crowd, *shared)
    except (OSError, EOFError, RuntimeError) as problem:
        ends = [(None, crashes.refusal(problem))] * workers
    moments[STOP] = time.perf_counter()
    for process in crowd:
        if process.pid:
            process.join(PATIENCE)
            process.kill()  # nothing, unless it is stuck
    for at, (alive, ending) in enumerate(ends):
        times = [each[at] - moments[CRASH] if alive is not None else None for each in (first, last)]
        row = {"how": how, "kind": kind, "worker": at + 1, "alive": alive, "ending": ending or how}
        yield row | {"begin": times[0], "until": times[1]}


def watched(homes, first, last, moments):
    """(alive, how it ended) for each worker, None for what was not to be seen; `homes` are their
    processes."""
    apart, late, alive = homes[0] is not homes[-1], time.perf_counter() + PATIENCE, [None]
    while None in alive and time.perf_counter() < late:
        time.sleep(BEAT)
        codes = [home.exitcode for home in homes]
        if codes != [None] * len(homes) and not moments[CRASH]:  # somebody could not even begin
            break
        if apart and codes[0] is not None:
            moments[OVER] = moments[OVER] or time.perf_counter()
        over = moments[OVER] or float("inf")
        alive = [
            code is None and (beat > over + AFTER or None)
            for code, beat in zip(codes, last, strict=True)
        ]
        alive[0] = False if moments[OVER] else alive[0]
    if not moments[CRASH]:
        return [(None, crashes.refusal(RuntimeError("one could not begin")))] * len(homes)
    words = {True: "alive", None: f"no sign of life in {PATIENCE:g} s"}
    return [
        (one, words.get(one, code and crashes.ending(code)))
        for one, code in zip(alive, codes, strict=True)
    ]


def seen(rows, kind, ways=SHOWN):
    """way -> (others alive, others, ending of worker 1), of the crashes in which all that was to
    be seen."""
    crowds = {}
    for row in rows:
        if row["kind"] == kind and row["how"] in ways:
            crowds.setdefault(row["how"], []).append(row)
    alive = {
        how: [row["alive"] for row in crowd] for how, crowd in crowds.items() if len(crowd) > 1
    }
    return {
        how: (sum(on), len(on) - 1, crowds[how][0]["ending"])
        for how, on in alive.items()
        if None not in on
    }


def counted(found):
    """What `seen` found in words: "2 of 2 others live on after exception, MemoryError"."""
    groups = {}
    for how, (alive, others, _) in found.items():
        groups.setdefault(f"{alive} of {others} others live on", []).append(how)
    return "; ".join(f"{count} after {', '.join(ways)}" for count, ways in groups.items())


def outcome(rows):
    threads = [alive for alive, _, _ in seen(rows, "thread", WAYS).values()]
    if not threads or any(
        alive < others for alive, others, _ in seen(rows, "process", WAYS).values()
    ):
        return None
    return OUTCOMES[2] if all(threads) else OUTCOMES[1] if any(threads) else OUTCOMES[0]


def sentence(rows):
    parts = []
    for kind in sorted({row["kind"] for row in rows}, reverse=True):
        found = seen(rows, kind, WAYS)
        on = sum(alive == others for alive, others, _ in found.values())
        why = next(
            (
                f", because {row['ending']}"
                for row in rows
                if row["kind"] == kind and row["alive"] is None
            ),
            "",
        )
        parts.append(
            f"{on} of {len(found)} crashes of a {kind}" if found else f"not seen for a {kind}{why}"
        )
    return f"All others live on after: {'; '.join(parts)}."


def draw(ax, rows):
    """Two columns of lanes, aligned at the crash: a lane ends with its worker's last sign of
    life."""
    ways = list(dict.fromkeys(row["how"] for row in rows))
    lanes = max(row["worker"] for row in rows)
    for row in rows:
        left = COLUMNS[row["kind"]]
        level = -ways.index(row["how"]) - 0.7 * (row["worker"] - 1) / lanes
        if row["alive"] is not None:
            begin, until = (
                left + min(max(1000 * row[key], -REACH), REACH) for key in ("begin", "until")
            )
            ax.plot(
                [begin, until],
                [level, level],
                color=row["kind"],
                linewidth=3,
                solid_capstyle="butt",
            )
            mark, colour = (">", row["kind"]) if row["alive"] else ("x", "trouble")
            ax.plot(until, level, mark, color=colour, markersize=5, markeredgewidth=2)
    middle = 0.35 * (lanes - 1) / lanes
    for kind, left in COLUMNS.items():
        ax.axvline(left, color="ink", linestyle=":", linewidth=1)
        ax.text(
            left,
            0.05 + 0.05 * len(ways),
            f"as {MANY[kind]}",
            fontsize=10,
            ha="center",
            color="ink",
            fontweight="bold",
        )
        for how, (alive, others, ending) in seen(rows, kind, ways).items():
            text = f"{ending}: {alive} of {others} live"
            ax.text(
                left + REACH + 4,
                -ways.index(how) - middle,
                text,
                fontsize=9,
                va="center",
                color="ink",
            )
    ticks = [left + ms for left in COLUMNS.values() for ms in (-20, 0, 20)]
    ax.set(
        xlim=(-REACH - 2, COLUMNS["process"] + 82),
        ylim=(-len(ways) + 0.2, 0.05 + 0.13 * len(ways)),
        xticks=ticks,
    )
    ax.set(xticklabels=["−20", "crash", "+20"] * 2, xlabel="ms before and after the crash")
    ax.set_yticks([-at - middle for at in range(len(ways))], ways)
    ax.grid(visible=False)


def after(kind, ways, die):
    """A check: do all others die after each of these crashes; or, if `die` is False, does none
    of them?"""

    def check(rows):
        found = seen(rows, kind, ways)
        if not found:
            return None, next(
                f"{kind}: {row['ending']}."
                for row in rows
                if row["kind"] == kind and row["how"] in ways
            )
        endings = ", ".join(dict.fromkeys(ending for _, _, ending in found.values()))
        because = (
            f"one of {rows[-1]['worker']} {MANY[kind]} crashed: {counted(found)}. How it"
            f" ended: {endings}."
        )
        return all(alive == (0 if die else others) for alive, others, _ in found.values()), because

    return check


HARD = "When one thread crashes for real, its whole process dies, and all threads with it."
SOFT = "An exception that nobody catches in one thread ends the other threads, too."
ALONE = "When one process crashes, the others go on."
RAISED = [how for how in SHOWN if how in crashes.RAISED]
REAL = [how for how in SHOWN if how not in crashes.RAISED]
CLAIMS = [
    Claim("crash.thread-kills-all", HARD, {}, after("thread", REAL, die=True)),
    Claim("crash.exception-kills-all", SOFT, {}, after("thread", RAISED, die=True)),
    Claim("crash.process-alone", ALONE, {}, after("process", SHOWN, die=False)),
]
