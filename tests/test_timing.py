"""Measuring: what a spread says, how comparisons are ordered, and whether a busy neighbour is
noticed."""

import os
import subprocess
import sys
import time

import pytest

from pvt import procfs, timing


def test_a_spread_tells_least_quartiles_and_most():
    found = timing.spread([5, 1, 3, None, 2, 4])
    assert found == (1, 2, 3, 4, 5, 5)
    assert timing.spread([7.0]).middle == 7
    assert timing.spread([None]) is None


@pytest.mark.parametrize(("limit", "answer"), [(1.5, True), (4.5, False), (3, None)])
def test_a_limit_inside_the_middle_half_is_too_close(limit, answer):
    assert timing.spread([1, 2, 3, 4, 5]).above(limit) is answer


def test_noisy_is_a_wide_middle_half_and_not_one_outlier():
    assert not timing.spread([10, 10, 10, 11, 90]).noisy
    assert timing.spread([5, 8, 10, 14, 20]).noisy


def test_rounds_go_forth_and_back():
    order = [(number, kind) for number, kind in timing.interleaved("AB", 2)]
    assert order == [(0, "B"), (0, "A"), (1, "A"), (1, "B"), (2, "B"), (2, "A")]


def test_no_round_begins_when_time_is_up():
    begun = []
    for number, _ in timing.interleaved("A", 1000, seconds=0.05):
        begun.append(number)
        time.sleep(0.02)
    assert 2 <= len(begun) < 10


@pytest.mark.parametrize("late", [0.0, 0.03])
def test_calibrated_work_takes_about_as_long_as_asked(monkeypatch, late):
    """Also where the first try was held up by others."""
    now, held_up = [0.0], iter([late])
    monkeypatch.setattr(timing.time, "perf_counter", lambda: now[0])

    def work(times):
        now[0] += times * 0.001 + next(held_up, 0.0)

    assert timing.calibrated(work, 0.05) == 50


def test_pairs_are_compared_round_by_round():
    assert timing.ratios([2, 4, None, 6], [1, 2, 5, 3]).middle == 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.44e-6, "3.4 µs"), (0.1234, "123 ms"), (2, "2.0 s"), (0, "0.0 ns")]
)
def test_times_are_said_as_people_say_them(seconds, words):
    assert timing.text(seconds) == words


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what others use")
def test_a_busy_neighbour_is_noticed():
    code = (
        "import os, time\nif not os.fork():\n end = time.time() + 3\n while time.time() < end: pass"
    )
    subprocess.run(
        [sys.executable, "-c", code]
    )  # it leaves an orphan, which is not below this process
    watch = timing.Neighbours()
    watch.spare = 0  # on a large machine, one busy neighbour takes nothing from us
    time.sleep(1)
    assert watch.cores() > 0.3


@pytest.mark.parametrize(
    ("allowed", "granted", "needed", "taken"),
    [
        (2, 2, 2, 1.5),
        (2, 2, 4, 1.5),
        (2, 1, 2, 0.5),
        (64, 64, 2, 0),
        (64, 64, 64, 1.5),
        (64, 2, 4, 0),
        (1, 1, 2, 1.5),
    ],
)
def test_only_what_is_taken_of_the_needed_cores_counts(
    monkeypatch, allowed, granted, needed, taken
):
    monkeypatch.setattr(timing, "allowed", lambda: list(range(allowed)))
    monkeypatch.setattr(timing.host, "cores", lambda: granted)
    looks = iter([(0.0, 10.0, 3.0), (2.0, 14.0, 4.0)])  # seconds, used by all, used by us
    monkeypatch.setattr(timing.Neighbours, "now", lambda self: next(looks))
    assert timing.Neighbours(needed).cores() == taken


def test_a_busy_machine_leaves_only_the_answer_that_it_cannot_bring_about():
    assert timing.decided(True, "So.", 0.1) == (True, "So.")
    assert timing.decided(True, "So.", None) == (True, "So.")
    assert timing.decided(None, "So.", 0.1) == (None, "So. Too close to decide.")
    assert timing.decided(True, "So.", 1.0)[0] is None
    assert timing.decided(True, "So.", 1.0, stands=True) == (True, "So.")
    assert "took 1.0 of the cores" in timing.decided(False, "So.", 1.0, stands=True)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what others use")
def test_what_our_own_processes_use_is_not_a_neighbours():
    code = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\ninput()"
    worker = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        worker.stdout.readline()
        assert worker.pid in procfs.children(os.getpid())
        assert timing.below(os.getpid()) >= 0.25
    finally:
        worker.communicate(b"\n")


@pytest.mark.parametrize(
    ("firsts", "limit", "answer"),
    [
        ([4, 5, 4, 5], 2, True),
        ([4, 5, 4, 5], 9, False),
        ([2, 9, 2, 9], 1, True),  # in half of the rounds only: the quickest decide
        ([2, 9, 2, 9], 6, False),
        ([2, 9, 2, 9], 2.1, None),
        ([2, 9], 4, None),  # too few rounds for that
        ([], 1, None),
    ],
)
def test_the_quickest_rounds_decide_where_the_rounds_differ(firsts, limit, answer):
    assert timing.beyond(firsts, [1, 1, 1, 1], limit) is answer


def test_ends_are_the_least_and_the_most_each_with_its_name():
    assert timing.ends([(2.0, "queue"), (0.5, "pipe"), (1.0, "socket")]) == (
        "500 ms (pipe) to 2.0 s (queue)"
    )
    assert timing.ends([(7, "one")], "{:,}".format) == "7 (one)"
    assert timing.ends([]) == ""
