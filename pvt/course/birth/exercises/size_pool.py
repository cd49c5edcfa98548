"""The size of a pool: `pool_size(cores, compute, wait)` returns how many threads keep all cores
busy, and no more.

Each request computes for `compute` seconds and waits for `wait` seconds. `cores` is how many cores
the threads can really use: one in a Python with the GIL. The answer is checked against the curve of
a pool: jobs a second over threads.
"""

from math import ceil, floor

from pvt.tools.learner import learners_function

ARGUMENTS = ("cores", "compute", "wait")
MANY = 1_000_000  # more, infinity and nan are no number of threads
CASES = (
    (1, 0.010, 0.0),
    (2, 0.005, 0.0),
    (1, 0.001, 0.009),
    (2, 0.001, 0.009),
    (4, 0.002, 0.001),
    (8, 0.004, 0.1),
)


def run(*, source, name):
    pool_size = learners_function(source, name)
    for cores, compute, wait in CASES:
        size = pool_size(cores, compute, wait)
        number = isinstance(size, int | float) and not isinstance(size, bool)
        kind, size = (
            (repr(size), size if abs(size) < MANY else None)
            if number
            else (type(size).__name__, None)
        )
        yield {"cores": cores, "compute": compute, "wait": wait, "size": size, "kind": kind}


def rate(size, cores, compute, wait):
    """Jobs a second of a pool: each thread does one after the other, and the cores set the
    limit."""
    return min(size / (compute + wait), cores / compute)


def judge(rows):
    for row in rows:
        cores, compute, wait, size = (row[key] for key in ("cores", "compute", "wait", "size"))
        case = f"pool_size({cores}, {compute}, {wait})"
        needed = cores * (1 + wait / compute)
        if size is None:
            return False, f"{case} returned {row['kind']}. Return a number of threads."
        if size != int(size):
            return (
                False,
                f"{case} returned {size}. There is no part of a thread: round up (math.ceil).",
            )
        done, best = (rate(threads, cores, compute, wait) for threads in (size, needed))
        if size < floor(needed):
            return (
                False,
                f"{case}: {size} threads do {done:,.0f} jobs a second, more would do"
                f" {best:,.0f}.{why(row)}",
            )
        if size > ceil(needed) + 1:
            return (
                False,
                f"{case}: {size} threads do {done:,.0f} jobs a second; {ceil(needed)} do as"
                f" many.{why(row)}",
            )
    return True, "each pool keeps its cores busy, and has no thread too many."


def why(row):
    """The thought that leads on."""
    if row["wait"] == 0:
        return " Who never waits keeps a core busy alone."
    return " While one computes, how many can wait meanwhile? And that for each core."
