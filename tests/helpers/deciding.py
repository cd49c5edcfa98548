"""Verdicts for the tests: the claims of an experiment share its runs, which are as small as still
makes sense.

What a machine may decide otherwise, such as a figure near a border, is tested with made-up rows. Of
real rows a test asks what holds on every machine: see `measured`.
"""

import time
from functools import cache
from statistics import median
from typing import NamedTuple

from pvt import claims, host, ledger, runner
from pvt.claims import FAILS, HOLDS, UNDECIDED

VALUES = (HOLDS, FAILS, UNDECIDED)
LIMIT = 120.0  # seconds for a run that takes five: beside others it may take far longer
# Parameters that make an experiment short, and change nothing about what its claims say.
SMALLER = {
    "balance": {"connections": 400},
    "big_parent": {"megabytes": 50},
    "choose": {"times": 2},
    "fairness": {"heavy_ms": 50},
    "fork_copies": {"buffer_mib": 32},
    "idle": {"threads": 200, "processes": 2},
    "ladder": {"most": 1_000},
    "many_waiting": {"waiters": 1_000},
    "overload": {"clients": 200},
    "per_connection": {"connections": 200, "processes": 8},
    "pool_size": {"most": 50},
    "sending": {"megabytes": 10},
    "switch": {"rounds": 6},
    "switch_memory": {"largest_mb": 64, "rounds": 4},
    "talk": {"largest_kb": 8_000, "budget": 2},
    "too_many": {"most": 8},
}


class Decided(NamedTuple):
    """The entry of a claim, the runs that decided it, and the seconds that all runs took by a
    clock of our own."""

    claim: claims.Claim
    entry: ledger.Entry
    runs: list
    seconds: float


def verdict(name, python=None):
    """The entry of one claim; its experiment runs once for all tests of a process."""
    return found(name, python).entry


def found(name, python=None):
    """All about one claim: a `Decided`."""
    ((experiment, claim),) = ledger.find([name])
    return decided(experiment, python, repr((claim.params, claim.runs)))[name]


@cache
def decided(experiment, python, shared):
    """claim -> `Decided`, for the claims of an experiment that share parameters and number of
    runs."""
    alike = [
        claim
        for _, claim in ledger.find([experiment])
        if repr((claim.params, claim.runs)) == shared
    ]
    smaller = [claim._replace(params=claim.params | SMALLER.get(experiment, {})) for claim in alike]
    missing = {claim.id: host.lacking(claim.needs) for claim in smaller}
    runs, begin = [], time.perf_counter()
    for _ in range(0 if all(missing.values()) else smaller[0].runs):
        runs.append(runner.run(experiment, python=python, seconds=LIMIT, **smaller[0].params))
    seconds = time.perf_counter() - begin
    return {
        claim.id: Decided(claim, ledger.entry(claim, runs, missing[claim.id]), runs, seconds)
        for claim in smaller
    }


def measured(name, python=None, times=None):
    """The entry of a claim that this machine may decide either way; asserts what holds on every
    machine.

    It ended; no time in its rows is longer than its run, and all runs fit into a stopwatch of our
    own; the verdict is what the check makes of the rows. `times(rows)` gives ratios, worked out
    here: the claim holds if they are above 1. A claim that holds has one above 1, one that fails
    has one that is not.
    """
    claim, entry, runs, seconds = found(name, python)
    if entry.because.startswith("this needs "):
        assert entry.value == UNDECIDED
        return entry
    assert [run.ending for run in runs] == ["finished"] * claim.runs, entry
    assert sum(run.seconds for run in runs) <= seconds
    for run in runs:
        assert all(
            0 <= row["seconds"] <= run.seconds for row in run.rows if row.get("seconds") is not None
        )
    rows = [run.rows for run in runs]
    assert claims.decide(claim, rows) == (entry.value, entry.because)
    assert entry.because.rstrip().endswith((".", "!")), entry
    if times:
        ratios = times(rows[-1])
        assert entry.value != HOLDS or max(ratios) > 1, (entry, ratios)
        assert entry.value != FAILS or min(ratios) <= 1, (entry, ratios)
    return entry


def compared(rows, key, slow, fast, limit=1.0):
    """How many times `limit` the slow rows' figure is of the fast ones': by the medians, and at
    the least."""
    slow, fast = (
        [row[key] for row in rows if row[key] is not None and chosen(row)]
        for chosen in (slow, fast)
    )
    return [middle(slow) / middle(fast) / limit for middle in (median, min)]
