"""A search shared by the machines of a cluster: how many times as fast as alone (wanted: 1.6 with
two processes on two cores), and whether it finds the same. Search alone and shared take turns."""

import statistics
import sys
from pathlib import Path

from pvt import host
from pvt.stepper.asking import searched, searching

ROUNDS = 3


def table():
    if missing := host.lacking(("dask.distributed", "fork")):
        return print(f"this needs {missing}, which is not here")
    sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))
    import a_cluster

    from tests.stepper.test_sharing import LONG

    with a_cluster.of(2) as (address, _):
        for preemptions in (1, 2):
            pairs = [
                [
                    searched(searching(LONG, preemptions, 600, "language", where=where))
                    for where in ({}, {"cluster": address})
                ]
                for _ in range(ROUNDS)
            ]
            ratio = statistics.median(alone.seconds / shared.seconds for alone, shared in pairs)
            same = sum(alone.endings == shared.endings for alone, shared in pairs)
            many = sum(pairs[0][0].endings.values())
            print(
                f"{many:,} schedules: alone {pairs[0][0].seconds:.1f} s, shared {ratio:.2f} times"
                f" as fast, equal counts in {same} of {ROUNDS}",
                flush=True,
            )
