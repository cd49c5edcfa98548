"""A search that these tests ask for has a minute where they name no time limit: what is looked at
is what it finds, on slow and busy machines, too. And what a search does to its process is undone,
for some tests search in theirs."""

import os
from functools import partial

import pytest

import pvt


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(pvt, "search", partial(pvt.search, seconds=60))


@pytest.fixture(autouse=True)
def all_cores():
    """A search stays on one core."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, allowed)
