"""The size of a pool: `pool_size(cores, compute, wait, connections)` returns how many threads do
the most jobs a second, and no more than that takes.

Each job computes for `compute` seconds and waits for `wait` seconds. `cores` is how many cores the
threads can really use: one in a Python with the GIL. The database accepts `connections` at a time,
and each job holds one throughout. The answer is checked against the jobs a second that follow.
"""

from math import ceil, floor

from pvt.tools.learner import learners_function

ARGUMENTS = ("cores", "compute", "wait", "connections")
MANY = 1_000_000  # more, infinity and nan are no number of threads
CASES = (
    (1, 0.010, 0.0, 20),
    (2, 0.005, 0.0, 20),
    (1, 0.001, 0.009, 100),
    (2, 0.001, 0.009, 100),
    (4, 0.002, 0.001, 50),
    (8, 0.004, 0.1, 500),
    (1, 0.001, 0.009, 4),
    (4, 0.002, 0.018, 15),
    (8, 0.010, 0.0, 3),
)


def run(*, source, name):
    pool_size = learners_function(source, name)
    for case in CASES:
        size = pool_size(*case)
        number = isinstance(size, int | float) and not isinstance(size, bool)
        kind, size = (
            (repr(size), size if abs(size) < MANY else None)
            if number
            else (type(size).__name__, None)
        )
        yield dict(zip(ARGUMENTS, case, strict=True)) | {"size": size, "kind": kind}


def rate(size, cores, compute, wait, connections):
    """Jobs a second of a pool: each thread that has a connection does one after the other, and
    the cores set the limit."""
    return min(min(size, connections) / (compute + wait), cores / compute)


def judge(rows):
    for row in rows:
        given, size = [row[key] for key in ARGUMENTS], row["size"]
        case = f"pool_size({', '.join(map(str, given))})"
        needed = min(row["connections"], busy(row))
        if size is None:
            return False, f"{case} returned {row['kind']}. Return a number of threads."
        if size != int(size):
            return (
                False,
                f"{case} returned {size}. There is no part of a thread: round up (math.ceil).",
            )
        done, best = (rate(threads, *given) for threads in (size, needed))
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
    return True, "each pool keeps its cores or its connections busy, and has no thread too many."


def busy(row):
    """How many threads keep all cores busy, if there are connections enough."""
    return row["cores"] * (1 + row["wait"] / row["compute"])


def why(row):
    """The thought that leads on."""
    if row["connections"] < busy(row):
        return " Each job holds a connection: how many can be under way, and who has to stand by?"
    if row["wait"] == 0:
        return " Who never waits keeps a core busy alone."
    return " While one computes, how many can wait meanwhile? And that for each core."
