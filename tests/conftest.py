"""What several tests share: the Pythons of this machine, and a look for processes that were left."""

import os
import time

import psutil
import pytest

from pvt import host, runner

os.environ["PVT_RECORD"] = "off"  # no test writes into the record of whoever runs it
VERSIONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.fixture(params=VERSIONS)
def python(request):
    """A version of Python that is on this machine; the test is skipped for those that are not."""
    if host.facts(others=False)["python"].startswith(request.param + "."):
        return None
    try:
        runner.interpreter(request.param)
    except ValueError:
        pytest.skip(f"Python {request.param} is not on this machine")
    return request.param


@pytest.fixture
def record(tmp_path, monkeypatch):
    """The path of a learner's record that is this test's own; nothing is in it yet."""
    path = tmp_path / "record" / "record.jsonl"
    monkeypatch.setenv("PVT_RECORD", str(path))
    return path


@pytest.fixture
def nothing_left():
    """Fails the test if, a second after it, a process of it lives."""
    before = psutil.Process().children(recursive=True)
    yield
    until = time.monotonic() + 1
    while left := [one for one in living(psutil.Process().children(recursive=True)) if one not in before]:
        assert time.monotonic() < until, left
        time.sleep(0.02)


def living(processes):
    """Those that are still there and not just waiting to be collected."""
    alive = []
    for process in processes:
        try:
            if process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
        except psutil.NoSuchProcess:
            continue
    return alive
