"""What a run's processes do, seen from outside."""

import os
import subprocess
import sys
import time

import pytest

import pvt
from pvt.runner import Running
from pvt.vitals import Vitals, text


@pytest.mark.skipif(os.name == "nt", reason="tests.helpers.nasty forks")
def test_the_kinds_of_worker_show_in_the_vitals():
    threads = pvt.run("lock", workers=4).vitals
    assert threads["processes"] == 1
    assert threads["threads"] >= 4
    assert threads["memory"] > 2**20
    running = Running("nasty", {"how": "workers"}, module="tests.helpers.nasty", seconds=2.0)
    list(running)
    assert running.vitals.peak["processes"] >= 4
    assert running.vitals.peak["threads"] > running.vitals.peak["processes"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes share")
def test_memory_that_forks_share_is_counted_once_against_the_limit():
    limit = 400 << 20
    running = Running(
        "nasty", {"how": "crowd"}, module="tests.helpers.nasty", seconds=20.0, memory=limit
    )
    list(running)
    assert running.vitals.peak["memory"] > limit
    assert running.ending == "finished"


def test_who_has_ended_since_the_last_look_takes_no_memory():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    vitals = Vitals(os.getpid())
    vitals.now, vitals.resident = {"memory": 1 << 50}, {os.getpid(): 1 << 49, ended.pid: 1 << 49}
    time.sleep(0.5)  # not yet waited for: the system still knows it
    assert not vitals.exceeds(1 << 48)
    ended.wait()
    assert not vitals.exceeds(1 << 48)


def test_sampling_costs_little():
    running = Running("lock", {})
    began, used = time.perf_counter(), time.thread_time()
    list(running)
    share = (time.thread_time() - used) / (time.perf_counter() - began)
    assert share < 0.3  # reading rows included; the sampler alone allows itself 0.01 of a core


def test_the_next_look_comes_soon_however_much_one_costs(monkeypatch):
    costs = iter((0.0, 1.0))
    monkeypatch.setattr("pvt.vitals.time.thread_time", lambda: next(costs))
    vitals, began = Vitals(os.getpid()), time.perf_counter()
    assert vitals.sample()
    assert 0 < vitals.due - began < 1


def test_a_process_that_is_gone_has_no_vitals():
    vitals = Vitals(2**22 + 1)
    assert vitals.sample()
    assert vitals.now["processes"] == 0


def test_vitals_are_said_in_one_line():
    line = text({"processes": 2, "threads": 5, "memory": 2**20, "cores": 1.5, "switches": 1234})
    assert line == "processes 2 · threads 5 · CPU 150 % · memory 1 MiB · context switches 1,234"
    assert text({}) == "processes 0 · threads 0 · CPU – % · memory 0 MiB · context switches –"
