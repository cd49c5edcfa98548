"""Every claim of chapter 06, decided here as a learner would; and every check over made-up rows."""

import os
import re

import pytest
from deciding import measured

import pvt
from pvt import host
from pvt.claims import Rows
from pvt.course.gil import gil, heartbeat, overlap, turns
from pvt.tools import speedup

ONE_CORE = "one core: here nothing can run at the same time"


def test_gil_cpu_threads(python):
    entry = measured("gil.cpu-threads", python)
    assert re.search("cores in use|thread: not measured", entry.because)
    assert host.cores() > 1 or entry.because.startswith(ONE_CORE)


def test_gil_cpu_processes(python):
    entry = measured("gil.cpu-processes", python)
    assert re.search("processe?s? .* times as fast|process: not measured", entry.because)
    assert host.cores() > 1 or entry.because.startswith(ONE_CORE)


def test_gil_io_threads(python):
    assert re.search("[24] threads", measured("gil.io-threads", python).because)


def test_gil_io_sleep():
    assert re.search("[24] threads", measured("gil.io-sleep").because)


def test_gil_releases(python):
    entry = measured("gil.releases", python)
    assert host.cores() > 1 or entry.because.startswith(ONE_CORE)


needs_affinity = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="nobody can be kept on a core here"
)


@needs_affinity
def test_gil_one_core(python):
    assert measured("gil.one-core", python).value != "fails"


@needs_affinity
def test_gil_one_core_processes():
    assert measured("gil.one-core-processes").value != "fails"


def test_gil_turns(python):
    entry = measured("gil.turns", python)
    assert entry.value != "fails" or "without a GIL" in entry.because
    assert host.cores() > 1 or entry.because.startswith(
        "one core: here nothing can run at the same time"
    )


def test_gil_concurrency_is_not_parallelism(python):
    entry = measured("gil.concurrency-is-not-parallelism", python)
    assert entry.value != "fails" and "under way together" in entry.because


def test_gui_responsive(python):
    assert "thread waits: " in measured("gui.responsive", python).because


def test_gui_responsive_c():
    assert "thread, C: " in measured("gui.responsive-c").because


def test_gui_responsive_python(python):
    entry = measured("gui.responsive-python", python)
    assert entry.value != "fails" or "switch interval" in entry.because


def test_gui_responsive_process():
    assert "process, Python: " in measured("gui.responsive-process").because


def test_a_quota_of_one_core_is_one_core(monkeypatch):
    """A container shows all cores and grants the time of one: the experiments ask host.cores,
    which knows."""
    assert gil.cores is turns.cores is heartbeat.cores is host.cores
    monkeypatch.setattr(host, "quota", lambda root="/": 1.0)
    rows = shared_work(cores=host.cores(), process=1.0)
    for check in (THREADS, PROCESSES):
        answer, because = check(rows)
        assert answer is None
        assert because.startswith("one core")


@needs_affinity
def test_one_core_is_never_two(monkeypatch):
    before = os.sched_getaffinity(0)
    run = pvt.run("gil", workers=2, one_core=True)
    assert run.rows[0]["pinned"]
    assert os.sched_getaffinity(0) == before
    assert speedup.in_use(run.rows, "process", 2).upper < speedup.ONE


def test_a_processor_that_changes_its_speed_does_not_hide_that_two_cores_were_at_work():
    rows = shared_work(process=1.8)
    for row in rows:
        if row["worker"] == "process" and row["round"] % 3 == 1:
            row.update(seconds=2 * row["seconds"], used=2 * row["used"])
    assert speedup.gain(rows, "process", 2).above(1.2) is None
    assert PROCESSES(rows)[0] is True


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ({"process": 1.0, "cores": 1}, 0),
        ({"process": 1.9, "cores": 2}, 2),  # as many cores as workers
        ({"thread": 1.9, "process": 1.9, "cores": 2, "has_gil": False}, 4),
        ({"thread": 1.95, "process": 1.95, "cores": 1, "job": "socket"}, 4),
    ],
)
def test_the_outcome_says_who_is_faster_and_how_far(rows, at):
    assert gil.outcome(shared_work(**rows)) == gil.OUTCOMES[at]


def test_a_busy_machine_has_no_outcome():
    """Others had the second core: the same rows on a quiet machine would say who is faster."""
    assert gil.outcome(shared_work(process=1.0, others=1.0)) is None
    assert gil.outcome(shared_work(thread=1.0, process=1.0, others=1.0, job="C")) is None
    assert turns.outcome(timelines(TURNS, TURNS)) is None
    assert turns.outcome(timelines(TURNS, TURNS, machine=1)) == turns.OUTCOMES[2]


def test_four_processes_on_two_cores_are_faster_up_to_the_cores():
    rows = [
        row | {"workers": 4} if row["worker"] != "main" else row for row in shared_work(process=1.9)
    ]
    assert gil.outcome(rows) == "Only processes, up to the number of cores"


def shared_work(
    *, thread=1.0, process=1.9, cores=2, others=0.0, job="Python", calm=1.0, has_gil=True, free=None
):
    """Rows as a run would give them: 2 workers this many times as fast, of what the cores in use
    allow."""
    rows = []
    here = {"job": job, "alone": 0, "cores": cores, "pinned": False, "gil": has_gil}
    for number in range(6):
        for worker, workers, gain in (
            ("main", 1, 1.0),
            ("thread", 2, thread),
            ("process", 2, process),
        ):
            seconds = 0.02 / gain
            used = seconds * (
                calm
                if worker == "main"
                else free
                if free and worker == "thread"
                else max(1.0, gain)
            )
            rows.append({"round": number, **gil.measured(worker, workers, seconds, used), **here})
    return Rows(rows, others)


THREADS, PROCESSES = gil.CLAIMS[0].check, gil.CLAIMS[1].check


@pytest.mark.parametrize(
    ("case", "threads", "processes", "because"),
    [
        ({}, True, True, "times as fast"),
        ({"thread": 1.9, "has_gil": False}, False, True, "times as fast"),
        ({"process": 1.0}, None, False, "cores in use"),
        ({"cores": 1, "process": 1.0}, None, None, "one core"),
        ({"others": 1.0, "process": 1.0}, None, None, "the machine is busy"),
        (
            {"others": 1.0, "process": 1.0, "cores": 64},
            None,
            None,
            "others took 1.0 of the cores needed here",
        ),
        ({"calm": 0.5}, None, None, "the machine is busy"),
        ({"thread": 1.2, "process": 1.2, "free": 1.9}, None, None, "too close"),
        ({"others": 1.0}, True, True, "times as fast"),
        ({"process": 1.0, "others": None}, None, None, "it is unknown"),
    ],
)
def test_speed_ups_decide(case, threads, processes, because):
    rows = shared_work(**case)
    assert THREADS(rows)[0] is threads
    assert PROCESSES(rows)[0] is processes
    assert because in PROCESSES(rows)[1]


def test_two_cores_that_give_hardly_more_than_one_decide_nothing():
    rows = shared_work(process=1.15)
    for row in rows:
        if row["worker"] == "process":
            row["used"] = 1.9 * row["seconds"]
    answer, because = PROCESSES(rows)
    assert answer is None and because.startswith(
        "two cores were in use and gave hardly more than one"
    )
    assert "the quickest round 1.15 times" in because
    assert THREADS(rows)[0] is True


def test_where_two_cores_are_shared_the_quickest_rounds_decide():
    rows = shared_work(process=1.15)
    for row in rows:
        if row["worker"] == "process":
            row["seconds"] *= 0.6 if row["round"] == 3 else 1
            row["used"] = 1.9 * row["seconds"]
    answer, because = PROCESSES(rows)
    assert (
        answer is True
        and "2 processes 1.15 times as fast" in because
        and "the quickest round 1.92 times" in because
    )


def test_on_one_core_nobody_else_may_use_it():
    check = next(claim.check for claim in gil.CLAIMS if claim.id == "gil.one-core")
    assert check(shared_work(cores=1))[0] is True
    assert check(shared_work(thread=1.9))[0] is False
    assert check(shared_work(cores=1, free=0.4))[0] is None


def test_a_python_without_a_gil_is_named():
    assert "without a GIL" in THREADS(shared_work(thread=1.9, has_gil=False))[1]


def test_what_only_the_processors_speed_did_is_no_speed_up():
    """One core in use all the time, and yet 1.5 times as fast: the processor was slower when the
    main thread ran."""
    assert THREADS(shared_work(thread=1.5, free=1.0))[0] is True


@pytest.mark.parametrize(
    ("thread", "others", "answer"),
    [(1.9, 0.0, True), (1.0, 0.0, False), (1.0, 1.0, None), (1.0, None, None)],
)
def test_waiting_is_judged_by_the_number_of_threads(thread, others, answer):
    assert gil.waited(shared_work(thread=thread, job="socket", others=others))[0] is answer


def test_the_law():
    assert speedup.law(0.25, 2) == 1.6
    rows = shared_work()
    assert [speedup.amdahl(rows, size) for size in (1, 2, 4)] == [1, 2, 2]
    assert speedup.amdahl(shared_work(job="sleep"), 4) == 4


def timelines(thread, process, machine=2, has_gil=True):
    """Rows of three rounds: each kind's lanes on all cores, and turns on one."""
    rows = []
    for number in range(3):
        for (worker, cores), group in zip(
            turns.SETTINGS, (thread, process, TURNS, TURNS), strict=True
        ):
            for lane, stretches in enumerate(group):
                for begin, end in stretches:
                    where = {"round": number, "worker": worker, "cores": cores, "lane": lane}
                    here = {"machine": machine, "gil": has_gil, "switch": 0.005}
                    rows.append({**where, "begin": begin, "end": end, **here})
    return rows


TURNS = [[(at / 100 + late, at / 100 + late + 0.005) for at in range(5)] for late in (0, 0.005)]
AT_ONCE = [[(0.0, 0.01), (0.011, 0.02)], [(0.0, 0.01), (0.011, 0.02)]]


@pytest.mark.parametrize(
    ("rows", "answer", "because"),
    [
        (timelines(TURNS, AT_ONCE), True, "A turn took 5.0 ms"),
        (timelines(AT_ONCE, AT_ONCE, has_gil=False), False, "without a GIL"),
        (timelines(TURNS, TURNS, machine=1), None, "one core"),
        (timelines([TURNS[0][:1], TURNS[1][:1]], AT_ONCE), None, "too short a time"),
    ],
)
def test_timelines_decide_who_takes_turns(rows, answer, because):
    assert turns.by_turns(rows)[0] is answer
    assert because in turns.by_turns(rows)[1]


def test_turns_on_one_core_are_concurrent_too():
    assert turns.under_way_together(timelines(AT_ONCE, AT_ONCE))[0] is True
    after = [row for row in timelines(AT_ONCE, AT_ONCE) if row["cores"] == "all"]
    assert turns.under_way_together(after)[0] is None


def test_overlap_is_measured_between_changes():
    assert overlap.together([[(0, 4)], [(1, 3)], [(2, 5)]]) == [(1, 2), (2, 3), (3, 4)]
    assert overlap.at_once([[(0, 2)], [(1, 3)]]) == pytest.approx(1 / 3)
    assert overlap.at_once(TURNS) < 1e-9
    assert overlap.under_way(TURNS) == pytest.approx(0.8)
    assert overlap.at_once([]) == 0


def beats(*, python=0.005, process=0.0002, idle=0.0002, waits=0.0002, machine=2, others=0.0):
    """Rows of a run in which ticks came so late."""
    late = {"no work": idle, "inline": 0.08, "thread waits": waits, "thread, C": waits}
    late |= {"thread, Python": python, "process, Python": process}
    here = {
        "round": 0,
        "tick": 0,
        "due": 0.0,
        "during": True,
        "machine": machine,
        "gil": True,
        "switch": 0.005,
    }
    rows = [{**here, "setting": one, "late": late[one]} for one in late for _ in range(12)]
    return Rows(rows, others)


@pytest.mark.parametrize(
    ("setting", "case", "answer", "because"),
    [
        ("thread waits", {}, True, "0 of 12 missed"),
        ("thread waits", {"waits": 0.02}, False, "12 of 12 missed"),
        ("thread waits", {"waits": 0.02, "others": 1.0}, None, "busy"),
        ("thread waits", {"waits": 0.02, "machine": 1}, None, "one core"),
        ("thread, Python", {}, False, "switch interval"),
        ("thread, Python", {"python": 0.0003}, True, "0 of 12 missed"),
        ("thread, Python", {"process": 0.005}, None, "beside a process too"),
        ("thread, Python", {"idle": 0.004}, None, "beside no work too"),
        ("process, Python", {"process": 0.005, "others": 1.0}, None, "busy"),
        ("process, Python", {"process": 0.005}, False, "late"),
    ],
)
def test_lateness_decides_who_is_responsive(setting, case, answer, because):
    text = heartbeat.on_time(setting)(beats(**case))
    assert text[0] is answer
    assert because in text[1]


@pytest.mark.parametrize(
    "claim", [claim.id for module in (gil, turns, heartbeat) for claim in module.CLAIMS]
)
def test_a_run_that_was_starved_decides_nothing(claim):
    """Under a heavy load a worker may come when all is over: then there is nothing to compare."""
    starved = {
        gil: [row for row in shared_work(others=2.0, calm=0.3) if row["worker"] == "main"],
        turns: [row for row in timelines(TURNS, AT_ONCE) if row["lane"] == 0],
        heartbeat: [row for row in beats() if row["setting"] == "no work"],
    }
    module = next(one for one in starved if claim in [each.id for each in one.CLAIMS])
    check = next(each.check for each in module.CLAIMS if each.id == claim)
    assert check(starved[module])[0] is None
    assert module.sentence(starved[module])


def test_outcomes_of_the_heartbeat():
    assert heartbeat.outcome(beats()) == heartbeat.OUTCOMES[1]
    assert heartbeat.outcome(beats(python=0.0002)) == heartbeat.OUTCOMES[0]
    assert heartbeat.outcome(beats(waits=0.01, process=0.01)) == heartbeat.OUTCOMES[2]
