"""Verdicts for the tests: the claims of an experiment share its runs, as they do in the ledger."""

from functools import cache

from pvt import ledger


def verdict(claim, python=None):
    """The entry of one claim; its experiment runs once for all tests."""
    ((experiment, _),) = ledger.find([claim])
    return decided(experiment, python)[claim]


@cache
def decided(experiment, python):
    """claim -> entry, for all claims of an experiment."""
    return {entry.id: entry for entry in ledger.decided(ledger.find([experiment]), python)}
