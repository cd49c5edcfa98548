"""A search that these tests ask for has a minute where they name no time limit: what is looked at
is what it finds, on slow and busy machines, too."""

from functools import partial

import pytest

import pvt


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(pvt, "search", partial(pvt.search, seconds=60))
