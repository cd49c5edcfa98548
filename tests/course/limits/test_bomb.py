"""The fork bomb in its box: the cap holds by construction, and however it ends, nothing is left
of it."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from pvt.course.limits import bomb
from pvt.runner import Running

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this needs fork"),
    pytest.mark.usefixtures("nothing_left"),
]


def test_it_doubles_to_its_cap_and_no_further():
    lit = bomb.Bomb(3)
    try:
        assert len(lit.born) == 8
        assert sorted(generation for generation, _ in lit.born) == [0, 1, 2, 2, 3, 3, 3, 3]
        assert lit.refused == []
    finally:
        lit.end()


def test_the_fuse_alone_would_hold(monkeypatch):
    """Were there no count of generations, the bytes in the pipe would end it."""
    fuse, fill = os.pipe()
    os.write(fill, b"...")
    os.close(fill)
    forks = []
    monkeypatch.setattr(os, "fork", lambda: forks.append(1) or 1)
    bomb.double(fuse, 1_000, lambda *_: None)
    os.close(fuse)
    assert len(forks) == 3


def test_the_generations_alone_would_hold(monkeypatch):
    fuse, fill = os.pipe()
    os.write(fill, b"." * 1_000)
    forks = []
    monkeypatch.setattr(os, "fork", lambda: forks.append(1) or 1)
    bomb.double(fuse, 6, lambda *_: None)
    os.close(fuse), os.close(fill)
    assert len(forks) == 6


def test_a_refused_fork_is_said_and_costs_its_descendants(monkeypatch):
    monkeypatch.setattr(bomb.os, "fork", lambda: refuse())
    lit = bomb.Bomb(3)
    monkeypatch.undo()
    assert (lit.first, lit.born) == (None, [])
    lit.end()


def refuse():
    raise BlockingIOError(11, "made up")


def test_the_first_gone_the_others_answer():
    lit = bomb.Bomb(3)
    lit.kill(group=False)
    assert lit.answering(7) == 7
    lit.end()


def test_the_group_killed_nobody_answers():
    lit = bomb.Bomb(3)
    lit.kill(group=True)
    assert lit.answering(8) == 0
    lit.end()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("how", ["stop", "kill the kernel"])
def test_ended_half_way_nothing_is_left(seed, how, monkeypatch):
    mark = f"pvt-bomb-{os.getpid()}-{seed}-{how[0]}"
    after = random.Random(seed).random() * 0.25
    if how == "stop":
        monkeypatch.setenv("PVT_MARK", mark)
        running = Running("forkbomb", {"generations": 6})
        timer = threading.Timer(after, running.stop)
        timer.start()
        list(running)
        timer.join()
    else:
        root = Path(__file__).parents[3]
        code = (
            "import pvt\nprint('here', flush=True)\nfor _ in range(9): pvt.run('forkbomb',"
            " generations=6)"
        )
        command = [sys.executable, "-c", code]
        kernel = subprocess.Popen(
            command, cwd=root, env={**os.environ, "PVT_MARK": mark}, stdout=subprocess.PIPE
        )
        with kernel.stdout:
            kernel.stdout.readline()
            time.sleep(after)  # any moment will do
        kernel.send_signal(signal.SIGKILL)
        kernel.wait()
    until = time.monotonic() + 2
    while left := marked(mark):
        assert time.monotonic() < until, left
        time.sleep(0.02)


def marked(mark):
    """The processes that have this mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get("PVT_MARK") == mark:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
