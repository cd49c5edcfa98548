"""Chapter 10, decided here as a learner would; and every check with rows made up."""

import os
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from deciding import verdict

import pvt
from pvt import host
from pvt.course.limits import exhaustion, forkbomb, idle, limits
from pvt.tools import box, ceilings, crowd
from pvt.tools.forked import become, in_a_child

LINUX = os.path.exists("/proc/self/smaps_rollup")
pytestmark = pytest.mark.usefixtures("nothing_left")
UNDECIDED = "not decided"


def ruling(of="most"):
    """The ceiling that rules of those that can be read without a sample, or a very high number;
    or the room that is `left` below it."""
    found = ceilings.lowest(ceilings.shared())
    return getattr(found, of) if found else 10**9


def test_limits_threads_32000(python):
    entry = verdict("limits.threads-32000", python=python)
    assert entry.value == UNDECIDED if not LINUX else entry.value in ("holds", "fails")
    if LINUX:
        allowed = int(re.search(r"allows ([\d,]+) threads", entry.because)[1].replace(",", ""))
        assert entry.value == ("holds" if 25_600 <= allowed <= 38_400 else "fails")
        assert allowed <= ruling()


def test_limits_threads_8000(python):
    entry = verdict("limits.threads-8000", python=python)
    assert entry.value == (
        UNDECIDED if not LINUX else "holds" if 6_400 <= ruling() <= 9_600 else "fails"
    )


def test_limits_processes_32000(python):
    entry = verdict("limits.processes-32000", python=python)
    assert "processes: " in entry.because or not LINUX


def test_limits_10000_threads(python):
    entry = verdict("limits.10000-threads", python=python)
    roomy = ruling("left") > 10_500 and (host.memory() or 0) > 1 << 30
    assert entry.value == (UNDECIDED if not LINUX else "fails" if roomy else entry.value)
    assert not LINUX or "KiB each" in entry.because


def test_limits_10000_processes(python):
    entry = verdict("limits.10000-processes", python=python)
    assert "spawn" in entry.because or not LINUX
    size = re.search(r"fork ([\d.]+) MB", entry.because)
    if size and ruling("left") > 10_000:
        share = float(size[1]) * 1e10 / host.memory()
        assert entry.value == ("fails" if share < 0.7 else "holds" if share > 1.4 else entry.value)


def test_limits_exhaustion(python):
    entry = verdict("limits.exhaustion", python=python)
    assert entry.value != "fails" and (LINUX or entry.value == UNDECIDED)
    if entry.value == "holds":
        assert "can't start new thread" in entry.because and "threads served 100" in entry.because


def test_limits_fork_bomb(python):
    entry = verdict("limits.fork-bomb", python=python)
    assert entry.value != "fails" and (hasattr(os, "fork") or entry.value == UNDECIDED)
    if entry.value == "holds":
        assert (
            "the first killed, 15 of 16 lived on; their group killed, 0 of 16 lived on"
            in entry.because
        )


def test_only_what_was_asked_for_is_started():
    run = pvt.run("idle", threads=50, processes=2)
    assert run.ending in ("finished", "needs /proc")
    assert max((one["count"] for one in run.rows), default=0) <= 50
    assert (
        run.vitals.get("processes") or 0
    ) <= 6  # two, the experiment, and multiprocessing's helpers


def ceiling(name, most, binds=True, exact=True, used=None):
    return limits.row(
        ceilings.Ceiling(name, "machine", most, used, binds, "made up", exact), "thread"
    )


PID_MAX, OTHERS = ceiling("kernel.pid_max", 32_468), ceiling("pids.max", None)


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ([PID_MAX, OTHERS], True),
        ([PID_MAX, ceiling("pids.max", 4_096)], False),
        ([ceiling("kernel.pid_max", 4_194_004), ceiling("kernel.threads-max", 190_000)], False),
        ([PID_MAX, ceiling("RLIMIT_NPROC", 50, binds=False)], True),
        ([PID_MAX, ceiling("RLIMIT_NPROC", 50)], False),
        ([PID_MAX, ceiling("vm.max_map_count", 21_800, exact=False)], False),
        ([PID_MAX, ceiling("vm.max_map_count", 25_500, exact=False)], None),
        ([ceiling("kern.num_threads", 20_480)], None),
        ([PID_MAX, ceiling("pids.max", 90_000, used=80_000)], False),
        ([PID_MAX, ceiling("pids.max", 90_000, used=8_000)], True),
    ],
)
def test_the_lowest_ceiling_decides_about_32000(rows, answer):
    assert limits.about(32_000)(rows)[0] is answer


def test_a_figure_too_near_the_edge_is_said_to_be_so():
    answer, because = limits.about(8_000)([PID_MAX, ceiling("memory", 6_450, exact=False)])
    assert answer is None
    assert because.endswith("too near the edge of what is still about 8,000.")


def test_8000_holds_where_8000_are_allowed():
    assert limits.about(8_000)([PID_MAX, ceiling("pids.max", 8_192)])[0] is True
    assert limits.outcome([PID_MAX, ceiling("pids.max", 7_000)]) == limits.OUTCOMES[0]
    assert limits.outcome([OTHERS]) is None


def test_the_ceiling_with_the_least_room_left_is_named_first():
    rows = [
        ceiling("kernel.pid_max", 32_468, used=400),
        ceiling("pids.max", 4_096, used=17),
        ceiling("RLIMIT_NPROC", 30_000, used=29_000),
        OTHERS,
    ]
    assert [one["name"] for one in limits.binding(rows)] == [
        "RLIMIT_NPROC",
        "pids.max",
        "kernel.pid_max",
    ]
    assert limits.outcome(rows) == limits.OUTCOMES[1]
    assert "RLIMIT_NPROC 30,000; pids.max 4,096" in limits.sentence(rows)
    assert limits.outcome([ceiling("pids.max", 50, used=60), PID_MAX]) == limits.OUTCOMES[0]


def worker(
    kind, memory, most=32_468, name="kernel.pid_max", machine=16e9, count=4, asked=4, exact=True
):
    given = {
        "worker": kind,
        "count": count,
        "asked": asked,
        "memory": memory,
        "addresses": 8e6,
        "seconds": 0.1,
    }
    return {
        **given,
        "why": "",
        "machine": machine,
        "ceiling": most,
        "ruled_by": name,
        "exact": exact,
    }


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        (worker("thread", 40_000), False),
        (worker("thread", 40_000, most=4_096), True),
        (worker("thread", 40_000, most=10_100, exact=False), None),
        (worker("thread", 40_000, machine=256e6), True),
        (worker("thread", 40_000, machine=410e6), None),
        (worker("thread", 4e6), True),
        (worker("thread", 40_000, most=None, name=None), False),
        (worker("thread", None, count=0), None),
        (worker("thread", None, count=0, most=6, name="RLIMIT_NPROC"), True),
        (worker("thread", None, count=0, most=6, name="RLIMIT_AS", exact=False), None),
    ],
)
def test_ten_thousand_threads(one, answer):
    assert idle.too_many([one])[0] is answer


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ([worker("fork", 1e6), worker("spawn", 8e6)], False),
        ([worker("forkserver", 3e6), worker("spawn", 8e6)], True),
        ([worker("fork", 1.6e6)], None),
        ([worker("fork", 1e6, most=500, name="RLIMIT_NPROC")], True),
        ([worker("fork", None, count=0)], None),
        ([worker("fork", None, count=0, most=6, name="RLIMIT_NPROC")], True),
    ],
)
def test_ten_thousand_processes(rows, answer):
    assert idle.exhausting(rows)[0] is answer


def test_which_workers_would_fit():
    thread = worker("thread", 40_000)
    assert idle.outcome([worker("spawn", 8e6), thread]) == idle.OUTCOMES[1]
    assert idle.outcome([worker("fork", 1e6), thread]) == idle.OUTCOMES[2]
    assert idle.outcome([worker("fork", 8e6), worker("thread", 3e6)]) == idle.OUTCOMES[0]
    assert idle.outcome([thread]) is None


def served(way, served, error="", limit=100, addresses=90):
    fields = {
        "served": served,
        "threads": served,
        "error": error,
        "addresses": addresses,
        "limit": limit,
    }
    return {"way": way, "requests": 100, **fields, "stack": 10}


REFUSED = "RuntimeError: can't start new thread"


@pytest.mark.parametrize(
    ("first", "answer"),
    [
        (served("a thread each", 30, REFUSED), True),
        (served("a thread each", 100), False),
        (served("a thread each", 100, addresses=900), None),
        (served("a thread each", 0, "the process ended: SIGKILL"), None),
        (served("a thread each", 0, REFUSED), None),
    ],
)
def test_a_thread_for_each_request(first, answer):
    rows = [first, served("a pool of 4", 100), served("a thread each, no box", 100)]
    assert exhaustion.ends_in_an_error(rows)[0] is answer


def bombs(seconds, count=16, ceiling=32_468):
    facts = {"ceiling": ceiling, "ruled_by": "kernel.pid_max", "why": ""}
    rows = []
    for stop in forkbomb.STOPS:
        births = [(at * seconds, at + 1) for at in range(count)]
        rows += [forkbomb.row(stop, "born", when, alive, 1, **facts) for when, alive in births]
        rows.append(forkbomb.row(stop, "stopped", None, 0, None, started=count, refused=0, **facts))
    return rows


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        (bombs(0.001), True),
        (bombs(0.02), True),
        (bombs(0.2), None),  # doubling says seconds, the machine says minutes: it may just be busy
        (bombs(5.0), False),
        (bombs(0.2, ceiling=100), True),
        (bombs(0.001, count=2), None),
        (bombs(0.001, count=0), None),
    ],
)
def test_how_fast_it_fills(rows, answer):
    assert forkbomb.overwhelms(rows)[0] is answer


@pytest.mark.parametrize(("seconds", "at"), [(0.0001, 0), (0.001, 1), (1.0, 2)])
def test_when_it_is_full(seconds, at):
    assert forkbomb.outcome(bombs(seconds)) == forkbomb.OUTCOMES[at]


def test_a_limit_outside_of_the_box_is_said():
    rows = [
        served("a thread each", 30, REFUSED),
        served("a pool of 4", 100),
        served("a thread each, no box", 45),
    ]
    assert "tight here as well" not in exhaustion.ends_in_an_error(rows)[1]
    rows[2]["error"] = REFUSED
    assert exhaustion.ends_in_an_error(rows)[1].endswith(
        "A limit that we have not set is tight here as well."
    )


def test_a_bomb_that_fills_its_ceiling_at_once_and_one_that_nobody_had_to_limit():
    assert "100 would be there" in (because := forkbomb.overwhelms(bombs(0.001, ceiling=100))[1])
    assert "; that is the ceiling, kernel.pid_max. Then" in because
    assert "No limit could be set" not in forkbomb.sentence(bombs(0.001, count=1))
    assert "No limit could be set" in forkbomb.sentence(bombs(0.001))


assert (
    ThreadPoolExecutor
)  # imported before `few` becomes somebody who may not be allowed to read this Python


def few(user):
    """Be somebody who may have so few threads that a pool of 4 cannot be filled."""
    import resource

    become(user)
    used = ceilings.tasks_of_user() or 1
    resource.setrlimit(resource.RLIMIT_NPROC, (used + 2, used + 2))
    return exhaustion.in_a_box(exhaustion.bounded_pool, 20, 1 << 20, 128 << 20)


def tight(room):
    """Close a box in a box that is as tight already; its hard limit cannot be raised by anybody
    but root."""
    import resource

    become(BOXED)
    limit = crowd.status()[2] + (64 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return box.limit_addresses(room) <= limit


BOXED = 2**30 + os.getpid() if hasattr(os, "geteuid") and os.geteuid() == 0 else None


@pytest.mark.skipif(not LINUX, reason="needs Linux and its limits")
@pytest.mark.alone  # it forks: a process with other threads must not
def test_a_pool_that_is_refused_a_thread_does_not_hang():
    fields, ended = in_a_child(few, BOXED)
    assert ended == ""
    assert fields["error"] == "RuntimeError: can't start new thread"


@pytest.mark.skipif(not LINUX, reason="needs Linux and its limits")
@pytest.mark.alone  # it forks: a process with other threads must not
def test_a_box_in_a_tighter_box():
    assert in_a_child(tight, 128 << 20) == (True, "")


@pytest.mark.skipif(not LINUX, reason="this needs /proc")
def test_few_threads_weigh_what_a_sample_did():
    """The sample has ended by then, and what it frees is not taken from the others' weight."""
    rows = [
        one for one in pvt.run("idle", threads=50, processes=1).rows if one["worker"] == "thread"
    ]
    assert all(one["memory"] > crowd.KERNEL for one in rows if one["count"])
    assert rows[-1]["why"] == "" or rows[-1]["count"] < 50
