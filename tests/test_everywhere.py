"""Verdicts of every machine of a cluster: a column for each on one page, and a sentence for a
machine that is lost."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import a_cluster
import psutil
import pytest

from pvt import everywhere, host, ledger, recorded

ROOT = Path(__file__).parent.parent
pytestmark = [
    pytest.mark.usefixtures("nothing_left"),
    pytest.mark.skipif(
        bool(host.lacking(("dask.distributed", "fork"))), reason="needs dask.distributed and fork"
    ),
]


def verdicts(*words):
    command = [sys.executable, "-m", "pvt", "verdicts", *words]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_each_machine_decides_and_has_its_column(tmp_path):
    page = tmp_path / "all.html"
    with a_cluster.of(2) as (address, _):
        process = verdicts("process.pid", "--cluster", address, "--html", str(page))
        lines, errors = process.communicate(timeout=120)
    assert process.returncode == 0, lines + errors
    assert re.findall(r"^(machine \d)  ✔ holds", lines, re.MULTILINE) == ["machine 1", "machine 2"]
    text = page.read_text("utf-8")
    assert all(f'<th scope="col">machine {number}</th>' in text for number in (1, 2))
    assert recorded.read(page).entries[0].id == "process.pid"


@pytest.mark.parametrize("victim", ["a machine", "the scheduler"])
def test_who_is_lost_has_not_decided_and_leaves_nothing(victim):
    with a_cluster.of(1) as (address, pids):
        process = verdicts("race.unlocked-loses", "--cluster", address)
        until(lambda: deciding(pids))
        (decider,) = deciding(pids)
        os.kill(pids[1 if victim == "a machine" else 0], signal.SIGKILL)
        lines, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "machine 1  ? not decided race.unlocked-loses" in lines
        assert "the machine was lost" in lines
        assert "Traceback" not in errors
    until(lambda: not decider.is_running())


def until(true):
    late = time.monotonic() + 60
    while not true():
        assert time.monotonic() < late
        time.sleep(0.05)


def deciding(machines):
    """The processes that decide claims for these machines; other clusters have theirs."""
    return [
        one
        for one in psutil.process_iter(["cmdline", "ppid"])
        if one.info["ppid"] in machines and "pvt.everywhere" in (one.info["cmdline"] or [])
    ]


def test_where_there_is_no_cluster_a_sentence_says_so():
    process = verdicts("process.pid", "--cluster", "tcp://127.0.0.1:9")
    lines, errors = process.communicate(timeout=60)
    assert (process.returncode, lines) == (2, "")
    assert (
        "deciding claims on a cluster needs a scheduler that listens at tcp://127.0.0.1:9" in errors
    )


def test_answers_are_put_together():
    ((_, claim),) = ledger.find(["process.pid"])
    entry, told = everywhere.lost(claim), []
    record = recorded.begun("python -m pvt verdicts")._replace(entries=[entry])
    found = {}
    for answer in (None, record, None):
        everywhere.note(found, "machine 1", answer, [claim], lambda *pair: told.append(pair))
    assert found["machine 1"].command == "python -m pvt verdicts"
    assert len(found["machine 1"].entries) == len(told) == 3
