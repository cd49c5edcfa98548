"""The same under other Pythons: which are compared, what comes back, and what a bad end is."""

import sys

import pytest

from pvt import host, runner
from pvt.tools import elsewhere
from pvt.tools.elsewhere import FREE, GIL


def collected(rows):
    """(all rows, what they return)."""
    found = []
    while True:
        try:
            found.append(next(rows))
        except StopIteration as end:
            return found, end.value


def test_rows_of_another_python_come_with_what_they_return(python):
    path = runner.interpreter(python)
    running = elsewhere.rows(path, "tests.helpers.numbered", "numbered", count=2)
    rows, returned = collected(elsewhere.labelled(running, build=GIL))
    assert [row["number"] for row in rows] == [0, 1]
    assert {row["build"] for row in rows} == {GIL}
    assert rows[0]["python"].startswith(python or host.version())
    assert returned == 0.5


def test_a_bad_end_is_raised_after_the_rows():
    running = elsewhere.rows(sys.executable, "tests.helpers.numbered", "numbered", ending=3)
    assert next(running)["number"] == 0
    with pytest.raises(RuntimeError, match="it ended with 3"):
        list(running)


@pytest.mark.parametrize(
    ("others", "own", "free", "locked"),
    [
        ({"/a": "3.13.0", "/b": "3.14.1t", "/c": "3.14.10"}, "3.12.1", "/b", "/c"),
        ({"/a": "3.14.1", "/b": "3.14.1t", "/c": "3.14.10"}, "3.12.1", "/b", "/a"),
        ({"/a": "3.13.0", "/b": "3.14.1t"}, "3.12.1", "/b", sys.executable),
        ({"/a": "3.13.0", "/b": "3.13.2t", "/c": "3.14.1t"}, "3.12.1", "/c", sys.executable),
        ({"/a": "3.13.0"}, "3.12.1", None, sys.executable),
        ({}, "3.14.1t", sys.executable, None),
    ],
)
def test_the_builds_that_are_compared_are_as_much_alike_as_can_be(
    monkeypatch, others, own, free, locked
):
    monkeypatch.setattr(host, "pythons", lambda: others)
    monkeypatch.setattr(host, "version", lambda: own)
    monkeypatch.setattr(host, "is_free_threaded", lambda: own.endswith("t"))
    found = elsewhere.builds()
    assert (found.get(FREE) or (None, None))[1] == free
    assert (found.get(GIL) or (None, None))[1] == locked
