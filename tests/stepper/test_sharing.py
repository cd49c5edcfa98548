"""A search shared with a cluster finds what a search alone finds: counts, schedules, outputs and
stories."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import a_cluster
import psutil
import pytest

import pvt
from pvt import host
from pvt.problem import Problem
from pvt.runner import Running
from pvt.stepper import sharing
from pvt.stepper.puzzles import load
from tests.stepper import generator

ROOT = Path(__file__).parents[2]
LONG = """
import threading

class Account:
    def __init__(self):
        self.balance, self.lock = 100, threading.Lock()

def move(source, target, amount):
    for _ in range(2):
        with source.lock:
            have = source.balance
        if have >= amount:
            with source.lock:
                source.balance = have - amount
            with target.lock:
                target.balance += amount

a, b, c = Account(), Account(), Account()
pairs = (a, b, 10), (b, c, 20), (c, a, 30)
threads = [threading.Thread(target=move, args=pair) for pair in pairs]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(a.balance)
assert a.balance + b.balance + c.balance == 300
"""
TASKS = """
import asyncio
total = 0

async def add():
    global total
    seen = total
    await asyncio.sleep(0)
    total = seen + 1

async def main():
    await asyncio.gather(*(add() for _ in range(3)))
    assert total == 3

asyncio.run(main())
"""
pytestmark = pytest.mark.skipif(
    bool(host.lacking(("dask.distributed", "fork"))), reason="needs dask.distributed and fork"
)


@pytest.fixture(scope="module")
def cluster():
    with a_cluster.of(2) as (address, _):
        yield address


def rows(source, cluster=None, preemptions=2):
    """What a search finds, without its times."""
    params = {"source": source, "preemptions": preemptions, "seconds": 200, "cluster": cluster}
    running = Running("search", params, module="pvt.stepper.searching", seconds=250)
    found = [row for row in running if row and row["kind"] != "progress"]
    assert running.ending == "finished", running.noise
    return [row | {"seconds": 0, "per_second": 0} for row in found]


@pytest.mark.parametrize(
    ("source", "preemptions"),
    [(LONG, 1), (load("philosophers").broken, 3), (load("semaphore").repaired, 3), (TASKS, 2)],
    ids=["long", "philosophers", "semaphore", "tasks"],
)
def test_it_finds_the_same(cluster, source, preemptions):
    assert rows(source, cluster, preemptions) == rows(source, None, preemptions)


@pytest.mark.soak
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("seed", range(50))
def test_it_finds_the_same_in_fifty_programs(cluster, seed):
    source = generator.program(seed)
    assert rows(source, cluster) == rows(source)


@pytest.mark.parametrize("victim", ["a worker", "the scheduler"])
def test_whoever_is_killed_the_result_is_the_same_and_nothing_is_left(victim):
    with a_cluster.of(2) as (address, pids):
        params = {"source": LONG, "preemptions": 1, "seconds": 200, "cluster": address}
        running, killed = Running("search", params, module="pvt.stepper.searching", seconds=250), 0
        for row in running:
            if row and not killed:
                killed = pids[1 if victim == "a worker" else 0]
                os.kill(killed, signal.SIGKILL)
        result = running.rows[-1]
        assert killed
        assert result["complete"], result
        assert result["note"] in (
            "",
            f"the cluster was lost ({lost(result)}), and the rest was searched here",
        )
        alone = rows(LONG, None, 1)[-1]
        assert (result["because"], result["schedules"]) == (alone["because"], alone["schedules"])
        late = time.monotonic() + 10
        while helpers() and time.monotonic() < late:
            time.sleep(0.05)
        assert not helpers()


def lost(result):
    return result["note"].partition("(")[2].partition(")")[0]


def helpers():
    """The processes that play for a search."""
    found = [one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"])]
    return [words for words in found if "pvt.stepper.helping" in words]


def test_where_there_is_no_cluster_a_sentence_says_so():
    with pytest.raises(
        Problem, match=r"sharing a search needs a scheduler that listens at tcp://127\.0\.0\.1:9;"
    ):
        pvt.search("lost_update", cluster="tcp://127.0.0.1:9")


def test_without_the_extra_a_sentence_says_so(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "dask.distributed")
    with pytest.raises(Problem, match=r"sharing a search needs dask\.distributed"):
        pvt.search("lost_update", cluster="tcp://127.0.0.1:8786")


def test_from_a_terminal(cluster, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(load("lost_update").broken)
    words = [sys.executable, "-m", "pvt", "search", str(program)]
    alone, shared = (
        subprocess.run([*words, *more], capture_output=True, text=True, cwd=ROOT)
        for more in ([], ["--cluster", cluster])
    )
    assert (shared.returncode, shared.stdout, shared.stderr) == (1, alone.stdout, "")


def test_the_state_of_a_run_is_asked_as_the_stage_asks():
    """(hash, who slept, price, options before): two options, of which one is known; then a state
    that is known."""
    memory = sharing.Hashed()
    memory["known"] = [(0, 0)]
    new, known = hash("new"), hash("known")
    seen = [new, 0, 1, 0, known, 0, 1, 1, hash("chosen"), 0, 0, 2, known, 0, 0, 2]
    assert memory.asked(seen, ["first", "second"], 2) == (["first"], True)
    assert memory.asked([new, 0, 0, 0], [], 0) == ([], False)  # it comes there at a lower price
