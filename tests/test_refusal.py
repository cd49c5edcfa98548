"""What the system has refused: which limit is named, and what to do about it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pvt import refusal
from pvt.tools.ceilings import Ceiling

ROOT = Path(__file__).parent.parent
PROCESS = BlockingIOError(errno.EAGAIN, "try again")
FILES = OSError(errno.EMFILE, "Too many open files")


def ceiling(name, most, used, binds=True):
    return Ceiling(name, "user", most, used, binds, "made up")


@pytest.fixture
def box(monkeypatch):
    def close(*ceilings, **limits):
        monkeypatch.setattr(refusal.ceilings, "shared", lambda: iter(ceilings))
        monkeypatch.setattr(refusal.host, "limits", lambda: limits)

    return close


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            PROCESS,
            "another process or thread (try again); RLIMIT_NPROC allows 50, with 49 in use, and"
            " an experiment",
        ),
        (
            RuntimeError("can't start new thread"),
            "another process or thread (can't start new thread); RLIMIT_NPROC",
        ),
        (
            FILES,
            "another open file (Too many open files); RLIMIT_NOFILE allows a process 64; close"
            " files, or raise",
        ),
        (MemoryError(), "more memory; RLIMIT_AS allows a process 256 MiB of addresses; shut down"),
    ],
)
def test_the_limit_and_the_next_step_are_named(problem, expected, box):
    tight, wide = ceiling("RLIMIT_NPROC", 50, 49), ceiling("pids.max", 500, 60)
    box(wide, tight, limit_open_files=64, limit_address_space=256 << 20)
    assert refusal.ending(problem).startswith(f"could not start: the system refuses {expected}")


@pytest.mark.parametrize(
    ("ceilings", "limits", "expected"),
    [
        (
            (ceiling("RLIMIT_NPROC", 50, 49, binds=False),),
            {},
            "cannot be read here; shut down other kernels",
        ),
        ((ceiling("pids.max", 500, 60),), {}, "cannot be read here"),
        ((ceiling("pids.max", 50, None),), {}, "cannot be read here"),
        ((ceiling("pids.max", 50, 48),), {}, "or raise it (for the container)"),
        ((), {"limit_address_space": 64 << 20}, "RLIMIT_AS allows a process 64 MiB of addresses"),
    ],
)
def test_a_limit_that_was_not_met_is_not_blamed(ceilings, limits, expected, box):
    box(*ceilings, **limits)
    assert expected in refusal.ending(PROCESS)


@pytest.mark.parametrize(
    "problem", [PermissionError(13, "made up"), RuntimeError("a bug"), OSError("no number")]
)
def test_what_is_no_refusal_is_raised_again(problem):
    with pytest.raises(type(problem)):
        refusal.ending(problem)


@pytest.mark.skipif(os.name == "nt", reason="the limits of files are Unix's")
def test_a_notebook_with_too_few_files_is_told_so_in_one_line():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)); import pvt\n"
        "try: pvt.run('crash')\nexcept ValueError as problem: print(*problem._render_traceback_())"
    )
    text = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    ).stdout
    assert "further files, and pvt needs" in text
    assert text.count("\n") == 1
