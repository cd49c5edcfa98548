"""Chapter 07, decided here as a learner would: what a worker costs to start, and what a pool is
good for."""

import os

import pytest
from deciding import compared, measured, verdict

import pvt
from pvt import host, timing
from pvt.claims import Rows
from pvt.course.birth import big_parent, birth, kinds, pool, pool_reuse, pool_size
from pvt.tools.forked import in_a_child

FORK = hasattr(os, "fork")
LINUX = os.path.exists("/proc/self/status")


def of(**wanted):
    """Whether a row says all this."""
    return lambda row: all(row[key] == value for key, value in wanted.items())


def process_by_process(rows):
    """How many times as long as a thread the process takes that is started fastest."""
    ways = {row["kind"] for row in rows if kinds.is_process(row["kind"])}
    every = [compared(rows, "seconds", of(kind=way), of(kind="thread")) for way in ways]
    return [min(times) for times in zip(*every, strict=True)]


def test_birth_thread_faster(python):
    assert "a thread took" in measured("birth.thread-faster", python, process_by_process).because


@pytest.mark.skipif(not FORK, reason="without fork a process is not cheap")
def test_birth_processes_cheap(python):
    assert "a second" in measured("birth.processes-cheap", python).because


def test_birth_processes_dear(python):
    def calls(rows):
        ways = {row["kind"] for row in rows if kinds.is_process(row["kind"])}
        every = [compared(rows, "seconds", of(kind=way), of(kind="call"), 1_000) for way in ways]
        return [min(times) for times in zip(*every, strict=True)]

    assert "calls of an empty function" in measured("birth.processes-dear", python, calls).because


def test_birth_big_parent(python):
    measured("birth.big-parent", python)


def test_pool_bounded(python):
    entry = verdict("pool.bounded", python)
    assert entry.value in ("holds", "not decided"), entry
    assert "can't start new thread" in entry.because or entry.value != "holds"


def test_pool_reuse(python):
    def least(rows):
        every = [
            compared(rows, "seconds", of(way=kind), of(way=f"{kind} pool"))
            for kind in ("thread", "process")
        ]
        return [min(times) for times in zip(*every, strict=True)]

    assert "with a new process for each" in measured("pool.reuse", python, least).because


def test_pool_size_computing(python):
    measured("pool.size-computing", python)


def test_pool_size_waiting(python):
    measured("pool.size-waiting", python)


def test_pool_size_formula(python):
    assert "the formula names" in measured("pool.size-formula", python).because


def test_every_kind_of_worker_starts_and_ends():
    assert {row["kind"] for row in pvt.run("birth", memory=False).rows} == set(kinds.available())


@pytest.mark.skipif(not LINUX, reason="it is unknown here")
def test_a_process_has_more_memory_of_its_own_than_a_thread():
    own = {row["kind"]: row["memory"] for row in pvt.run("birth").rows if row["round"] is None}
    assert own["call"] is None
    assert 0 < own["thread"] < own["program"] < own["Process by spawn"]


def born(busy=0.0, **seconds):
    """Rows of five rounds in which the kinds took so long."""
    times = {"call": 5e-8, "asyncio task": 7e-6, "thread": 1e-4, "program": 1e-3} | seconds
    rows = [
        {
            "round": number,
            "kind": kind,
            "seconds": each * (1 + number / 100),
            "memory": None,
        }
        for number in range(6)
        for kind, each in times.items()
    ]
    return Rows(rows, busy)


@pytest.mark.parametrize(
    ("check", "seconds", "answer"),
    [
        (birth.thread_is_faster, {}, True),
        (birth.thread_is_faster, {"thread": 2e-3}, False),
        (birth.thread_is_faster, {"thread": 1e-3}, None),
        (birth.hundred_a_second, {}, True),
        (birth.hundred_a_second, {"program": 0.08}, False),
        (birth.hundred_a_second, {"program": 0.0097}, None),
        (birth.thousand_calls, {}, True),
        (birth.thousand_calls, {"program": 1e-5}, False),
    ],
)
def test_times_decide_about_births(check, seconds, answer):
    assert check(born(**seconds))[0] is answer


def test_on_a_busy_machine_only_the_sure_answer_is_given():
    assert birth.thread_is_faster(born(busy=1.0))[0] is True
    answer, because = birth.thread_is_faster(born(busy=1.0, thread=2e-3))
    assert answer is None
    assert "took 1.0 of the cores" in because
    assert timing.decided(False, "So.", 1.0, stands=False)[0] is False


def parent(fork, thread, busy=0.0):
    """Rows in which fork and thread take these times as long with all memory filled."""
    factors = {"thread": thread, "program": 1, "fork": fork}
    rows = [
        {"round": number, "filled": filled, "kind": kind}
        | {"seconds": 1e-3 * (factor if filled else 1) * (1 + number / 100)}
        for number in range(5)
        for filled in (0, 200_000_000)
        for kind, factor in factors.items()
    ]
    return Rows(rows, busy)


@pytest.mark.parametrize(
    ("rows", "answer", "outcome"),
    [
        (parent(5, 1), True, "Only the fork takes longer"),
        (parent(1, 1), False, "None takes longer"),
        (parent(5, 5), False, None),
        (parent(5, 5, busy=1.0), None, None),
        (parent(2, 1), None, None),
    ],
)
def test_who_grows_with_the_parent(rows, answer, outcome):
    assert big_parent.only_the_fork(rows)[0] is answer
    assert outcome is None or big_parent.outcome(rows) == outcome


def served(each, long, short=(50, 150)):
    """Rows of a calm day and a spike in which these were answered (and refused)."""
    rows = []
    for asked, counts in ((20, ((20, 0),) * 3), (200, ((each, 0), (long, 0), short))):
        for way, (answered, refused) in zip(
            ("a thread each", "pool, long", "pool, short"), counts, strict=True
        ):
            ending = "" if answered + refused == asked else "RuntimeError: can't start new thread"
            known = {
                "answered": answered,
                "refused": refused,
                "threads": 16,
                "seconds": 1.0,
                "ending": ending,
            }
            rows.append(
                {
                    "way": way,
                    "asked": asked,
                    "box": 1 << 29,
                    **known,
                    "resident": 1 << 20,
                    "addresses": 1,
                }
            )
    return rows


@pytest.mark.parametrize(
    ("rows", "answer", "outcome"),
    [
        (served(60, 200), True, pool.OUTCOMES[1]),
        (served(200, 200), None, None),
        (served(200, 200, short=(200, 0)), None, pool.OUTCOMES[3]),
        (served(200, 180), False, pool.OUTCOMES[0]),
        (served(60, 180), False, pool.OUTCOMES[1]),
        (served(60, 200, short=(50, 140)), False, pool.OUTCOMES[1]),
        (served(60, 40, short=(66, 134)), False, pool.OUTCOMES[2]),
    ],
)
def test_who_survives_a_spike(rows, answer, outcome):
    assert pool.bounded(rows)[0] is answer
    assert pool.outcome(rows) == outcome


@pytest.mark.skipif(not (FORK and LINUX), reason="needs a box")
@pytest.mark.alone  # it forks: a process with other threads must not
def test_a_box_that_dies_is_a_result():
    assert in_a_child(os._exit, 3) == (None, "exit 3")
    row = {"way": "x", "asked": 20, "box": 1, **pool.nothing("exit 3")}
    assert pool.lost(row) == 20
    assert "exit 3" in pool.text(row)


def reused(thread, process, busy=0.0):
    """Rows in which a pool is this many times faster."""
    times = {"thread": thread, "process": process, "thread pool": 1, "process pool": 1}
    rows = [
        {"round": number, "way": way, "seconds": 1e-4 * each * (1 + number / 100)}
        for number in range(5)
        for way, each in times.items()
    ]
    return Rows(rows, busy)


@pytest.mark.parametrize(
    ("rows", "answer", "outcome"),
    [
        (reused(4, 20), True, pool_reuse.OUTCOMES[2]),
        (reused(20, 4), True, pool_reuse.OUTCOMES[1]),
        (reused(0.9, 20), False, pool_reuse.OUTCOMES[2]),
        (reused(0.9, 20, busy=1.0), None, pool_reuse.OUTCOMES[2]),
        (reused(1.1, 1.1), True, pool_reuse.OUTCOMES[0]),
    ],
)
def test_what_a_pool_saves(rows, answer, outcome):
    assert pool_reuse.reuse_pays(rows)[0] is answer
    assert pool_reuse.outcome(rows) == outcome


def sized(rates, name, busy=0.0, missing=0, rounds=4, computing=10_000):
    """Rows in which pools of 2, 5, 51 and 200 threads did these numbers of jobs a second, and
    one of 2 that compute."""
    works = [(name, size, rate) for size, rate in zip((2, 5, 51, 200), rates, strict=True)]
    rows = [
        {
            "round": number,
            "work": work,
            "size": size,
            "threads": size - missing * (size == 200),
            "most": 200,
        }
        | {"rate": rate * (1 + number / 100), "knee": 51, "cores": 2}
        for number in range(rounds)
        for work, size, rate in [
            *works,
            *([("computing", 2, computing)] if name == "waiting" else []),
        ]
    ]
    return Rows(rows, busy)


COMPUTING, WAITING, FORMULA = (claim.check for claim in pool_size.CLAIMS)


@pytest.mark.parametrize(
    ("check", "rows", "answer"),
    [
        (COMPUTING, sized((9000, 9000, 9000, 8000), "computing"), False),
        (COMPUTING, sized((9000, 9000, 9000, 8000), "computing", busy=1.0), False),
        (COMPUTING, sized((9000, 9000, 9000, 19_000), "computing"), True),
        (COMPUTING, sized((9000, 9000, 9000, 19_000), "computing", busy=1.0), None),
        (COMPUTING, sized((9000, 9000, 9000, 0), "computing", missing=5), None),
        (WAITING, sized((400, 2000, 8000, 7000), "waiting"), True),
        (WAITING, sized((400, 2000, 2000, 1900), "waiting"), False),
        (WAITING, sized((400, 2000, 2000, 1900), "waiting", busy=1.0), None),
        (WAITING, sized((400, 2000, 2000, 1900), "waiting", computing=4_000), None),
        (WAITING, sized((400, 2000, 8000, 7000), "waiting", rounds=3), None),
        (COMPUTING, sized((9000, 9000, 9000, 12_000), "computing"), None),
        (COMPUTING, sized((900, 900, 900, 1900), "computing"), None),
        (FORMULA, sized((400, 2000, 8000, 7000), "waiting"), True),
        (FORMULA, sized((400, 2000, 8000, 19_000), "waiting"), False),
        (FORMULA, sized((400, 7000, 8000, 7000), "waiting"), False),
        (FORMULA, sized((400, 7000, 8000, 7000), "waiting", busy=1.0), None),
        (FORMULA, sized((400, 7000, 8000, 7000), "waiting", computing=4_000), None),
        (FORMULA, sized((400, 2000, 8000, 13_000), "waiting"), None),
    ],
)
def test_curves_decide_about_the_size_of_a_pool(check, rows, answer):
    assert check(rows)[0] is answer


def test_on_this_machine_the_formula_counts_the_cores_that_threads_use():
    row = next(iter(pool_size.run(most=50)))
    assert row["knee"] == pytest.approx((1 if host.has_gil() else host.cores()) * 51, abs=2)


def test_a_single_thread_is_not_called_threads():
    rows = [{"work": "computing", "size": size, "threads": size, "rate": 100} for size in (1, 2)]
    assert pool_size.text(rows, "computing", 1, 2) == (
        "computing: 100 jobs a second with 1 thread (100 to 100),"
        " 100 jobs a second with 2 threads (100 to 100)"
    )
    assert "100 with 2 threads (100 with 1)" in pool_size.sentence(rows)
