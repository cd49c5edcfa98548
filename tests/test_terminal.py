"""Verdicts in a terminal: printed, kept, compared, and stopped by Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pvt import recorded

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.usefixtures("nothing_left")


def pvt(*words):
    return subprocess.run(
        [sys.executable, "-m", "pvt", *words], capture_output=True, text=True, cwd=ROOT, timeout=60
    )


def test_json_is_a_record(tmp_path):
    answer = pvt("verdicts", "race.unlocked-loses", "--json")
    first, line = map(json.loads, answer.stdout.splitlines())
    assert [*first] == ["facts", "date", "command"]
    assert [*line] == ["id", "says", "verdict", "because", "seconds"]
    (tmp_path / "x").write_text(answer.stdout)
    assert (
        recorded.read(tmp_path / "x").command == "python -m pvt verdicts race.unlocked-loses --json"
    )


def test_a_page_is_written_and_compared(tmp_path):
    page = str(tmp_path / "a.html")
    answer = pvt("verdicts", "memory", "--html", page)
    assert answer.returncode == 0
    assert "✔ holds" in answer.stdout
    assert recorded.read(page).command == "python -m pvt verdicts memory"
    both = str(tmp_path / "both.html")
    answer = pvt("compare", page, page, "--html", both)
    assert "The same verdict on 2 of 2 claims; 0 are in one file only." in answer.stdout
    assert '<th scope="col">B</th>' in Path(both).read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process on Windows")
def test_ctrl_c_keeps_what_is_decided(tmp_path):
    page = tmp_path / "a.html"
    command = [sys.executable, "-m", "pvt", "verdicts", "memory", "lock", "--html", str(page)]
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a test run in the background ignores it
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        process.stdout.readline()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    signal.signal(signal.SIGINT, before)
    assert process.returncode == 1
    assert errors.splitlines() == ["stopped: 2 of 5 claims decided", f"written: {page}"]
    assert rest == ""
    assert [entry.value for entry in recorded.read(page).entries[2:]] == ["not decided"] * 3
