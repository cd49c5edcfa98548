"""Four tasks here, in threads, in processes, on one machine and on two: what computing saves,
sending may cost.

One job carries much and computes little, the other carries little and computes much. The machines
are processes on this machine, so the wire is as fast as memory, unless a slower one is chosen.
"""

import time
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim
from pvt.tools import cluster, wire

QUESTION = "Are two machines faster than one?"
OUTCOMES = (
    "Yes, for both jobs",
    "Only for the job that computes much",
    "No, for neither job",
)
NEEDS = ("dask.distributed",)
SECONDS = 5.0
TASKS, PIECE = 4, 0.03  # tasks of a job; seconds that one of them computes in the second job
JOBS = ("carries much", "computes much")
WHERE = ("here", "2 threads", "2 processes", "1 machine", "2 machines")
KIND = {"here": "other", "2 threads": "thread", "2 processes": "process"}
WIRES = {"as it is": None, "1 Gbit/s": 1000, "100 Mbit/s": 100}


def checksum(data):
    """It carries much and computes little."""
    import zlib

    return zlib.crc32(data)


def count(times):
    """It carries a number and computes much."""
    total = 0
    for number in range(times):
        total += number * number
    return total


def locally(work, pieces):
    return [work(piece) for piece in pieces]


def in_pool(executor):
    """Threads, processes and machines alike."""
    return lambda work, pieces: list(executor.map(work, pieces))


STUDY = (checksum, count, locally, in_pool)


def run(
    *,
    megabytes: Literal[1, 5, 10] = 5,
    wire_speed: Literal["as it is", "1 Gbit/s", "100 Mbit/s"] = "as it is",
    delay_ms: Literal[0, 1, 10] = 0,
    rounds: Annotated[int, range(1, 8)] = 3,
):
    """Tasks of the first job carry `megabytes`; the wire lets only so much through, with a delay
    each way."""
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    if WIRES[wire_speed] or delay_ms:
        wire.slow(WIRES[wire_speed], delay_ms)
    with cluster.launched(2) as one, ProcessPoolExecutor(2) as processes:
        list(processes.map(count, range(8)))  # before there are threads
        with ThreadPoolExecutor(2) as threads, one.client() as there:
            single = {"workers": there.places["machine 1"], "allow_other_workers": False}
            ways = {
                "here": locally,
                "2 threads": in_pool(threads),
                "2 processes": in_pool(processes),
                "1 machine": in_pool(there.client.get_executor(pure=False, **single)),
                "2 machines": in_pool(there.client.get_executor(pure=False)),
            }
            yield from measured(ways, megabytes << 20, rounds)


def measured(ways, size, rounds):
    """Each job in each way, in turns; the first round warms up and gives no row."""
    long = timing.calibrated(count, PIECE)
    for number in range(rounds + 1):
        jobs = {
            "carries much": (checksum, [bytes([number, at]) * (size // 2) for at in range(TASKS)]),
            "computes much": (count, [long] * TASKS),
        }
        for where, way in list(ways.items())[:: -1 if number % 2 else 1]:
            for job, (work, pieces) in jobs.items():
                begin = time.perf_counter()
                way(work, pieces)
                seconds = time.perf_counter() - begin
                if number:
                    yield {"job": job, "where": where, "round": number, "seconds": seconds}


def times(rows, job, where):
    return [row["seconds"] for row in rows if row["job"] == job and row["where"] == where]


def pays(rows, job):
    """Whether two machines are faster than one worker here; None where that is too close or not
    seen."""
    return timing.beyond(times(rows, job, "here"), times(rows, job, "2 machines"), 1.0)


def outcome(rows):
    answers = tuple(pays(rows, job) for job in JOBS)
    known = {(True, True): 0, (False, True): 1, (False, False): 2}
    return OUTCOMES[known[answers]] if answers in known else None


def sentence(rows):
    parts = []
    for job in JOBS:
        places = [
            (where, timing.spread(times(rows, job, where))) for where in ("here", "2 machines")
        ]
        found = [f"{where} {1000 * one.middle:,.0f} ms" for where, one in places if one]
        parts += [f"{job}: {', '.join(found)}"] if found else []
    return f"What {'; what '.join(parts)}." if parts else "The first round is on its way …"


def draw(ax, rows):
    """A group of bars for each job; the line is the spread."""
    for group, job in enumerate(JOBS):
        for at, where in enumerate(WHERE):
            if found := timing.spread(times(rows, job, where)):
                x, colour = 6 * group + at, KIND.get(where, "machine")
                ax.bar(x, 1000 * found.middle, 0.85, color=colour, alpha=0.8)
                ax.plot([x, x], [1000 * found.least, 1000 * found.most], color="ink", linewidth=1)
                ax.annotate(
                    f"{1000 * found.middle:,.0f}",
                    (x, 1000 * found.most),
                    (0, 2),
                    textcoords="offset points",
                    ha="center",
                    fontsize=9,
                    color="ink",
                )
    ticks = [6 * group + at for group in range(2) for at in range(len(WHERE))]
    ax.set_xticks(ticks, [where.replace(" ", "\n", 1) for where in WHERE] * 2, fontsize=8)
    ax.set(ylabel="ms for four tasks", xlabel="  |  ".join(f"a job that {job}" for job in JOBS))
    ax.margins(y=0.15)


def cores_are_free(rows):
    """Whether two processes of this machine gained by being two."""
    one, two = (times(rows, JOBS[1], where) for where in ("here", "2 processes"))
    return timing.beyond(one, two, 1.2) is not False if one and two else True


def compared(job, slow, fast):
    """A check: is the first way slower than the second in this job?"""

    def check(rows):
        found = [timing.spread(times(rows, job, where)) for where in (slow, fast)]
        if None in found:
            return None, "the job was not seen in both ways."
        parts = [
            f"{where} {1000 * one.middle:,.0f} ms"
            for where, one in zip((slow, fast), found, strict=True)
        ]
        answer = timing.beyond(times(rows, job, slow), times(rows, job, fast), 1.0)
        if job == JOBS[1] and not answer and not cores_are_free(rows):
            return (
                None,
                "two processes here were not faster than one worker either: others were at work.",
            )
        close = " That is too close to tell." if answer is None else ""
        return (
            answer,
            f"four tasks that {job.replace('carries', 'carry').replace('computes', 'compute')}:"
            f" {', '.join(parts)}.{close}",
        )

    return check


SLOWER = "Two machines are slower than one local worker where tasks carry much and compute little."
FASTER = "Two machines are faster than one where tasks carry little and compute much."
CLAIMS = [
    Claim("machines.carry", SLOWER, {}, compared(JOBS[0], "2 machines", "here")),
    Claim(
        "machines.compute",
        FASTER,
        {},
        compared(JOBS[1], "1 machine", "2 machines"),
        needs=("two cores",),
    ),
]
