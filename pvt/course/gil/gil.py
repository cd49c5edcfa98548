"""The same work shared among 1 to n workers: threads speed up waiting and some C code, Python code
only without a GIL.

A time runs from a moment on which all workers agreed until the last of them is done, by the
workers' own clocks; workers are started before it. Speed-up compares with the main thread alone, in
the same round.
"""

import socket
import time
from contextlib import nullcontext
from functools import partial
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim
from pvt.course.gil.crew import Crew, kinds
from pvt.course.gil.peer import peer
from pvt.course.gil.work import c_code, python_code
from pvt.host import cores, has_gil
from pvt.tools import speedup

QUESTION = "How many times faster with more workers?"
OUTCOMES = (  # who is faster, and how far
    "Neither is faster",
    "Only processes, up to the number of cores",
    "Only processes, up to the number of workers",
    "Both, up to the number of cores",
    "Both, up to the number of workers",
)
SECONDS = 2.3  # usual seconds
ROUNDS = 30  # rounds at most
BUDGET = 1.8  # seconds for all
PIECE = 0.02  # seconds for the work
WAITS, PAUSE = 20, 0.0015  # how often the waiting kinds wait, and how long each time
BEYOND = 1.25  # times the number of cores: computing, with all its luck, does not get so far
MARKS = {"thread": "o-", "process": "s-", "interpreter": "D-"}


def sleep(count):
    for _ in range(count):
        time.sleep(PAUSE)


def ask(host, port, count):
    with socket.create_connection((host, port)) as peer:
        for _ in range(count):
            peer.sendall(b"?")
            peer.recv(1)


JOBS = {"Python": python_code, "C": c_code, "sleep": sleep, "socket": ask}
STUDY = tuple(JOBS.values())


def run(
    *,
    job: Literal["Python", "C", "sleep", "socket"] = "Python",
    workers: Annotated[int, range(2, 65)] = 4,
    alone: Literal[0, 10, 25, 50] = 0,
    one_core: bool = False,
):
    """`alone`: per cent of the work that one must do before the others can begin; `one_core`:
    all share one."""
    pinned = one_core and timing.pin(*timing.allowed()[-1:])
    here = {"job": job, "alone": alone, "cores": cores(), "pinned": pinned, "gil": has_gil()}
    with peer(PAUSE) if job == "socket" else nullcontext(()) as address:
        work, count = partial(JOBS[job], *address), WAITS
        if job in ("Python", "C"):
            count = timing.calibrated(work, PIECE)
        watch = timing.Neighbours(workers)
        yield {"round": 0, **in_main(work, count), **here}
        crews = {kind: Crew(kind, workers) for kind in kinds()}
        plan = [
            ("main", 1),
            *((kind, size) for kind in MARKS if kind in crews for size in sizes(workers)),
        ]
        for number, (kind, size) in timing.interleaved(plan, ROUNDS, BUDGET):
            row = (
                in_main(work, count)
                if kind == "main"
                else shared(crews[kind], work, count, alone, size)
            )
            yield {"round": number, **row, **here}
        for crew in crews.values():
            crew.end()
    return watch.cores()  # all have ended


def sizes(most):
    """How many workers to try."""
    return sorted({size for size in (1, 2, 4, 8, 16, 32) if size < most} | {most})


def measured(worker, workers, seconds, used):
    """One measurement; `used`: processor seconds of all who took part."""
    return {"worker": worker, "workers": workers, "seconds": seconds, "used": used}


def in_main(work, count):
    begin, used = time.perf_counter(), time.thread_time()
    work(count)
    return measured("main", 1, time.perf_counter() - begin, time.thread_time() - used)


def shared(crew, work, count, alone, size):
    """First what one must do alone, then the rest in equal shares, all at once."""
    first = round(count * alone / 100)
    before = in_main(work, first)
    shares = [
        ((count - first) * (at + 1) // size - (count - first) * at // size,) for at in range(size)
    ]
    start, done = crew.together(work, shares)
    seconds = before["seconds"] + max(one.end for one in done) - start
    return measured(crew.kind, size, seconds, before["used"] + sum(one.used for one in done))


def outcome(rows):
    known = {(False, False): 0, (False, True): 1, (True, True): 3}
    who = known.get((speedup.outcome(rows, "thread"), speedup.outcome(rows, "process")))
    if who is None:
        return None
    return OUTCOMES[who + beyond_cores(rows)] if who else OUTCOMES[0]


def beyond_cores(rows):
    """Whether the processes are faster than the cores allow; also if there are enough cores for
    all of them."""
    cores, most = rows[0]["cores"], max(row["workers"] for row in rows)
    return (
        most <= cores
        or speedup.gain(rows, "process", speedup.best(rows, "process")).middle > BEYOND * cores
    )


def sentence(rows):
    parts = []
    for worker in dict.fromkeys(row["worker"] for row in rows if row["worker"] != "main"):
        size = speedup.best(rows, worker)
        name = f"{worker}{'e' * worker.endswith('s')}s"
        parts += (
            [f"{size} {name} {speedup.gain(rows, worker, size).middle:.2f} times"] if size else []
        )
    text = f": {', '.join(parts)} as fast as one" if parts else ": one worker alone is being timed"
    return f"{rows[0]['job'].capitalize()}, on {speedup.spoken_cores(rows)}{text}."


def draw(ax, rows):
    """Speed-up over the number of workers, with spread; the ideal and what Amdahl's law allows
    as lines."""
    tried = sorted({row["workers"] for row in rows})
    most = max(2, *tried)
    steps = [1 + at * (most - 1) / 60 for at in range(61)]
    ax.plot(
        steps,
        [speedup.amdahl(rows, size) for size in steps],
        "--",
        color="ink",
        linewidth=1,
        label="Amdahl's limit",
    )
    for at, (worker, mark) in enumerate(MARKS.items()):
        known = [
            (size, speedup.gain(rows, worker, size))
            for size in tried
            if speedup.gain(rows, worker, size)
        ]
        if known:
            x = [size * (1 + (at - 1) / 40) for size, _ in known]
            error = [
                [one.middle - one.lower for _, one in known],
                [one.upper - one.middle for _, one in known],
            ]
            look = {
                "color": "other" if worker == "interpreter" else worker,
                "label": worker,
                "capsize": 3,
            }
            ax.errorbar(x, [one.middle for _, one in known], error, fmt=mark, linewidth=1.8, **look)
    ax.set(
        xlabel="workers",
        ylabel="times as fast as one alone",
        ylim=(0, 1.25 * max(2, speedup.amdahl(rows, most))),
    )
    if most > 8:
        ax.set_xscale("log", base=2)
    ax.set_xticks(tried, tried)


def waited(rows):
    """A check: do n threads wait nearly n times as fast?"""
    size, text = speedup.best(rows, "thread"), speedup.text(rows, "thread")
    found = speedup.gain(rows, "thread", size)
    answer = found and timing.beyond(*speedup.seconds(rows, "thread"), 0.6 * size)
    others = timing.others(rows)
    if answer is None or (not answer and (found.noisy or others is None or others > 0.3)):
        return None, f"the machine is busy: {text}."
    return answer, f"{text}."


FROM_THREADS = "More threads do not speed up Python code that computes."
CLAIMS = [
    Claim("gil.cpu-threads", FROM_THREADS, {}, speedup.decided("thread", False)),
    Claim(
        "gil.cpu-processes",
        "Processes speed up Python code that computes.",
        {},
        speedup.decided("process", True),
    ),
    Claim(
        "gil.io-threads",
        "Four threads get their answers nearly four times as fast.",
        {"job": "socket"},
        waited,
    ),
    Claim(
        "gil.io-sleep",
        "Four threads get through their pauses nearly four times as fast.",
        {"job": "sleep"},
        waited,
    ),
    Claim(
        "gil.releases",
        "Threads do speed up C code that gives the GIL back.",
        {"job": "C"},
        speedup.decided("thread", True),
    ),
    Claim(
        "gil.one-core",
        "On a single core, more threads are not faster.",
        {"one_core": True},
        speedup.decided("thread", False, one_core=True),
        needs=("processor affinity",),
    ),
    Claim(
        "gil.one-core-processes",
        "On a single core, more processes are not faster either: that takes cores.",
        {"one_core": True},
        speedup.decided("process", False, one_core=True),
        needs=("processor affinity",),
    ),
]
