"""Nothing of a learner leaves the machine: all that a whole course run writes, and whom it
connects to."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HELPERS = ROOT / "tests" / "helpers"
# What is written beside the record, the hand-in and temporary files: compiled modules, and the
# system's own devices.
SYSTEM = ("/dev/", "/proc/")


@pytest.mark.soak
@pytest.mark.timeout(1900)
def test_a_whole_course_run_writes_the_record_and_temporary_files_and_meets_only_this_machine(
    tmp_path,
):
    home, temporary, here = (tmp_path / name for name in ("home", "temporary", "here"))
    for folder in (home, temporary, here):
        folder.mkdir()
    log = tmp_path / "audit.log"
    path = os.pathsep.join([str(HELPERS / "audit"), str(ROOT)])
    record = home / "record.jsonl"
    changed = {
        "HOME": home,
        "TMPDIR": temporary,
        "MPLCONFIGDIR": home / "matplotlib",
        "PVT_RECORD": record,
    }
    env = (
        os.environ
        | {"PYTHONPATH": path, "PVT_AUDIT": str(log)}
        | {k: str(v) for k, v in changed.items()}
    )
    command = [sys.executable, str(HELPERS / "whole_course.py"), path]
    done = subprocess.run(command, env=env, cwd=here, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr

    wrote, met = events(log)
    strange = [one for one in wrote if not expected(one, home, temporary, here)]
    assert strange == []
    assert str(record) in wrote and len(record.read_text().splitlines()) > 40
    assert sorted(path.name for path in here.iterdir()) == ["Ann.json"]
    assert list(temporary.iterdir()) == []
    assert met, "no experiment has talked over a socket: does the test still look?"
    assert [one for one in met if not of_this_machine(one)] == []


def events(log):
    """(paths written to, addresses met), each once."""
    wrote, met = set(), set()
    for line in log.read_text("utf-8").splitlines():
        word, _, what = line.partition(" ")
        (wrote if word == "wrote" else met).add(what)
    return {ast.literal_eval(one) for one in wrote}, met


def expected(path, home, temporary, here):
    """Whether a path is the record, what is handed in, temporary, or the system's."""
    mine = [
        home / "record.jsonl",
        home / "matplotlib",
        temporary,
        here / "Ann.json",
        here / ".Ann.json.",
    ]
    shared = "/dev/shm/" in path or "/pvt_" in path
    compiled = "__pycache__" in path or path.endswith(".pyc")
    return shared or compiled or path.startswith((*map(str, mine), *SYSTEM)) or path == str(home)


def of_this_machine(address):
    """Whether an address as it was noted is 127.0.0.1, or a socket that has a path or a number
    and no host."""
    fields = ast.literal_eval(address)
    host = fields[0] if isinstance(fields, tuple) else None
    return host in (None, "127.0.0.1", "localhost", "") or isinstance(fields, str | bytes | int)


def test_a_row_says_nothing_else_of_the_learner_or_the_machine(record):
    from pvt.learner import journal

    journal.note("exercise", "race", solved=True, because="Right.", text="def add(): ...")
    (row,) = journal.read().rows
    assert set(row) == {"exercise", "solved", "because", "text", "date", "machine", "python"}
    assert str(Path.home()) not in json.dumps(row)
    assert row["machine"].count(",") >= 2  # cores, system, processor: see journal.machine
