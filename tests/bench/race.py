"""Power: in how many of 100 runs of the race, with its defaults, are additions lost?"""

import contextlib
import os

from pvt import host, runner
from pvt.course.race.race import share

RUNS = 100


def table():
    print(
        f"{'Python':12} {'cores':>5}  {'read, call, write':>18} {'counter += 1':>13}"
        f" {'locked: exact':>14}"
    )
    for python in [None, *(version for version in host.pythons().values())]:
        for cores in sorted({1, host.cores()}):
            with pinned(cores):
                print(line(python, cores), flush=True)


def line(python, cores):
    """One row of the table."""
    open_runs = [runner.run("race", python=python) for _ in range(RUNS)]
    locked = [runner.run("race", python=python, lock=True) for _ in range(RUNS)]
    assert all(run.ending == "finished" for run in open_runs + locked)
    lost = sum(share(run.rows) > 0 for run in open_runs)
    bare = sum(share(run.rows, "counter += 1") > 0 for run in open_runs)
    exact = sum(all(row["lost"] == 0 for row in run.rows) for run in locked)
    version = open_runs[0].host["python"]
    return f"{version:12} {cores:>5}  {lost:>11} of {RUNS} {bare:>6} of {RUNS} {exact:>7} of {RUNS}"


@contextlib.contextmanager
def pinned(cores):
    """Keep this process and its children to some cores, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
