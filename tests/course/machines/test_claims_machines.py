"""Every claim of chapter 17, decided here on machines that are processes; and what the checks
say of made-up rows."""

import os
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import a_cluster
import psutil
import pytest
from deciding import measured, verdict

import pvt
from pvt import host
from pvt.course.machines import again, centre, lease, sending, straggler, transfer
from pvt.problem import Missing
from pvt.runner import Running
from pvt.tools import cluster, wire

pytestmark = pytest.mark.usefixtures("nothing_left")
NAMES = ("sending", "transfer", "again", "centre", "straggler", "lease")


@pytest.fixture
def extra():
    """The extra `pvt[cluster]`; the test is skipped where it is missing."""
    if missing := host.lacking(("dask.distributed", "fork")):
        pytest.skip(f"needs {missing}")


def test_machines_shared(extra):
    entry = verdict("machines.shared")
    assert entry.value == "fails"
    assert "thread 1, 2; process 1, 1; machine 1, 1" in entry.because


def test_machines_by_value(extra):
    measured("machines.by-value")


def test_machines_to_the_data(extra):
    assert verdict("machines.to-the-data").value == "holds"


def test_machines_carry(extra):
    measured("machines.carry")


def test_machines_compute(extra):
    measured("machines.compute")


def test_machines_done_again(extra):
    entry = verdict("machines.done-again")
    assert entry.value == "holds"
    assert "machines: 12 of 12 tasks done" in entry.because
    assert "threads: 0 of 12 tasks done" in entry.because


def test_machines_effect_twice(extra):
    assert verdict("machines.effect-twice").value == "holds"


def test_machines_idempotent(extra):
    assert verdict("machines.idempotent").value == "holds"


def test_machines_scheduler(extra):
    entry = verdict("machines.scheduler")
    assert entry.value == "holds"
    assert "a machine is killed: " in entry.because
    assert ", 12 could be fetched" in entry.because


def test_machines_on_disk(extra):
    assert verdict("machines.on-disk").value == "holds"


def test_machines_straggler(extra):
    measured("machines.straggler")


def test_machines_second_copy(extra):
    measured("machines.second-copy")


def test_machines_lease(extra):
    entry = verdict("machines.lease")
    assert entry.value == "holds"
    assert "the next process had not got it" in entry.because


def test_machines_two_holders(extra):
    assert verdict("machines.two-holders").value == "holds"


def test_machines_fencing(extra):
    assert verdict("machines.fencing").value == "holds"


def sent(kind, how, *seconds, answers=(1, 1), machine="machine 1"):
    return [
        sending.row(kind, how, at + 1, one, answers[at], machine) for at, one in enumerate(seconds)
    ]


@pytest.mark.parametrize(
    ("value", "named", "at", "answer"),
    [((0.5, 0.5), 0.01, 2, True), ((0.5, 0.011), 0.01, 1, False), ((0.01, 0.01), 0.01, 0, False)],
)
def test_an_argument_is_sent_with_every_call_or_once_or_not(value, named, at, answer):
    rows = sent("machine", "by value", *value) + sent("machine", "by reference", named, named)
    assert sending.outcome(rows) == sending.OUTCOMES[at]
    assert sending.sent_with_every_call(rows)[0] is answer
    assert sending.outcome(rows[:1]) is sending.sent_with_every_call(rows[:1])[0] is None


@pytest.mark.parametrize(("last", "answer"), [(2, True), (1, False)])
def test_a_caller_sees_a_change_or_not(last, answer):
    rows = sent("machine", "by value", 0.1, 0.1, answers=(1, last))
    assert sending.seen_by_the_caller(rows)[0] is answer
    assert sending.seen_by_the_caller(rows[:1])[0] is None


@pytest.mark.parametrize(("where", "answer"), [("machine 1", True), ("machine 2", False)])
def test_a_task_goes_to_its_data_or_not(where, answer):
    rows = sent("machine", "sent ahead", 0.1) + sent("machine", "by reference", 0.1, machine=where)
    assert sending.goes_to_the_data(rows)[0] is answer
    assert sending.goes_to_the_data([])[0] is None


def jobs(here, one, two):
    return [
        {"job": job, "where": where, "round": number, "seconds": seconds}
        for job in transfer.JOBS
        for where, seconds in (("here", here), ("1 machine", one), ("2 machines", two))
        for number in range(3)
    ]


@pytest.mark.parametrize(
    ("times", "carry", "compute"),
    [
        ((1, 3, 2), True, True),
        ((3, 1, 2), False, False),
        ((2, 2, 2), None, None),
        ((), None, None),
    ],
)
def test_two_machines_are_faster_or_slower_or_too_close(times, carry, compute):
    rows = jobs(*times) if times else []
    slower, faster = (claim.check for claim in transfer.CLAIMS)
    assert (slower(rows)[0], faster(rows)[0]) == (carry, compute)


def tasks(kind, keyed, *found):
    return [
        {
            "kind": kind,
            "key": keyed,
            "task": at + 1,
            "done": done,
            "attempts": tries,
            "letters": many,
        }
        for at, (done, tries, many) in enumerate(found)
    ]


WELL = (True, 1, 1)


@pytest.mark.parametrize(
    ("third", "answers", "at"),
    [
        ((True, 2, 2), (True, True), 2),
        ((True, 2, 1), (True, False), 1),
        ((False, 2, 1), (False, False), 0),
        ((True, 1, 1), (False, None), 1),
    ],
)
def test_a_task_is_done_again_or_lost(third, answers, at):
    rows = tasks("machine", False, WELL, WELL, third)
    assert (again.done_again(rows)[0], again.posted_twice(rows)[0] or None) == (
        answers[0],
        answers[1] or None,
    )
    assert again.outcome(rows) == again.OUTCOMES[at]
    assert again.done_again(rows[:2])[0] is again.outcome([]) is None


@pytest.mark.parametrize(
    ("third", "answer"), [((True, 2, 1), True), ((True, 2, 2), False), ((True, 1, 1), None)]
)
def test_an_effect_with_a_key_happens_once_or_not(third, answer):
    assert again.posted_once(tasks("machine", True, WELL, WELL, third))[0] is answer


def half(case, fetched, times):
    return [
        {"case": case, "task": at + 1, "ready": at < 2, "fetched": fetched, "times": times}
        for at in range(4)
    ]


@pytest.mark.parametrize(
    ("fetched", "times", "answers", "at"),
    [(False, 1, (True, True), 1), (True, 1, (False, True), 0), (False, 2, (True, False), 2)],
)
def test_results_are_out_of_reach_or_not(fetched, times, answers, at):
    rows = half(centre.CASES[1], fetched, 2) + half(centre.CASES[2], fetched, times)
    assert (centre.out_of_reach(rows)[0], centre.goes_on(rows)[0]) == answers
    assert centre.outcome(rows) == centre.OUTCOMES[at]
    nothing = [row | {"ready": False} for row in rows]
    assert (
        centre.out_of_reach(nothing)[0] is centre.goes_on(nothing)[0] is centre.outcome([]) is None
    )


@pytest.mark.parametrize(
    ("times", "answers", "at"),
    [((6, 3, 1), (True, True), 2), ((6, 3, 2.9), (True, None), 1), ((3, 3, 5), (None, False), 0)],
)
def test_a_plan_shortens_the_wait_or_not(times, answers, at):
    rows = [
        {"kind": "machine", "plan": plan, "seconds": seconds, "tasks": 8}
        for plan, seconds in zip(straggler.PLANS, times, strict=True)
    ]
    assert tuple(claim.check(rows)[0] for claim in straggler.CLAIMS) == answers
    assert straggler.outcome(rows) == straggler.OUTCOMES[at]


@pytest.mark.parametrize(
    ("number", "late", "answers"),
    [
        (2, True, (True, True, False)),
        (2, False, (True, False, True)),
        (None, None, (False, None, None)),
    ],
)
def test_a_lock_comes_free_and_a_late_write_is_taken_or_refused(number, late, answers):
    rows = [
        lease.row(case, 0.5, number, 0.5, late, "the new one")
        for case in lease.CASES
        if case[0] == "machine"
    ]
    assert tuple(claim.check(rows)[0] for claim in lease.CLAIMS) == answers
    assert [claim.check([])[0] for claim in lease.CLAIMS] == [None] * 3


@pytest.mark.parametrize("name", ["again", "lease"])
@pytest.mark.parametrize("after", [0.0, 0.5])
def test_a_run_that_is_stopped_half_way_leaves_nothing(extra, name, after):
    running, begin = Running(name, {}), None
    for row in running:
        begin = begin or (row and time.perf_counter())
        if begin and time.perf_counter() - begin >= after:
            running.stop()
    assert running.result().ending in ("stopped", "finished")


def answering(with_what):
    """A server that is no scheduler: it sends these bytes to whoever comes, once."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(with_what)

    threading.Thread(target=serve, daemon=True).start()
    return f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (
            lambda: f"tcp://127.0.0.1:{free_port()}",
            "needs a scheduler that listens at tcp://127.0.0.1",
        ),
        (
            lambda: "the cluster",
            "needs an address such as tcp://127.0.0.1:8786; 'the cluster' is none",
        ),
        (lambda: answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "what answers there is none"),
    ],
)
def test_an_address_without_a_scheduler_is_said_in_a_sentence(extra, monkeypatch, address, told):
    monkeypatch.setenv("PVT_CLUSTER", address())
    run = pvt.run("sending", megabytes=1)
    assert run.ending.startswith("needs ")
    assert told in run.ending
    assert run.noise == ""


def test_a_cluster_of_ones_own_choice_is_used_and_stays(extra, monkeypatch):
    with a_cluster.of(2) as (address, pids):
        monkeypatch.setenv("PVT_CLUSTER", address)
        run = pvt.run("sending", megabytes=1)
        assert run.ending == "finished"
        assert sending.goes_to_the_data(run.rows)[0] is True
        assert all(psutil.pid_exists(pid) for pid in pids)


class Client:
    """Stands for the client of a cluster whose machines answer so."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def run(self, function, text, on_error):
        return {"tcp://10.0.0.2:40001": self.answers.pop(0)}


def test_another_python_and_a_machine_without_pvt_are_said_in_a_sentence():
    mine = cluster.sys.version.split()[0]
    with pytest.raises(
        Missing, match=r"Python 3.\d+ on every machine; tcp://10.0.0.2:40001 has 3.9.1"
    ):
        cluster.check(Client("3.9.1"))
    with pytest.raises(Missing, match=r"pvt on every machine; tcp://10.0.0.2:40001 has none"):
        cluster.check(Client(mine, False))
    cluster.check(Client(mine, True))


def test_without_the_extra_a_lab_says_what_it_needs(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "dask.distributed")
    for name in NAMES:
        assert pvt.run(name).ending == "needs dask.distributed"


def test_a_slow_wire_is_real_or_said_to_be_absent_and_touches_nothing_else(extra):
    before = outside()
    run = pvt.run("transfer", wire_speed="100 Mbit/s", rounds=1, megabytes=1)
    assert run.ending == "finished" or run.ending.startswith("needs "), run.noise
    if run.ending == "finished":  # 2 MB to the scheduler and on, at 12.5 MB/s
        (seconds,) = transfer.times(run.rows, "carries much", "1 machine")
        assert seconds > 0.2
    assert outside() == before


def outside():
    """What the loopback of this machine does with its packets, as far as the system says."""
    try:
        return subprocess.run(["tc", "qdisc", "show"], capture_output=True, text=True).stdout
    except OSError:
        return ""


def test_a_command_that_is_missing_or_fails_is_said():
    with pytest.raises(Missing, match="the commands ip and tc"):
        wire.done(["no-such-command"], "tc")
    with pytest.raises(Missing, match="a kernel with netem"):
        wire.done(["ls", "/no/such/file"], "a kernel with netem")


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_hundred_clusters_leave_no_process_port_or_file(extra):
    me, folder = psutil.Process(), Path(tempfile.gettempdir())
    before = len(os.listdir("/proc/self/fd")), sorted(folder.iterdir()), listening()
    for _ in range(100):
        assert pvt.run("again", tasks=6).ending == "finished"
        assert me.children(recursive=True) == []
    assert (len(os.listdir("/proc/self/fd")), sorted(folder.iterdir())) == before[:2]
    assert listening() <= before[2]


def listening():
    """The ports of the loopback at which somebody listens whom we have started."""
    mine = {process.pid for process in psutil.Process().children(recursive=True)} | {os.getpid()}
    found = psutil.net_connections("tcp")
    return {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN and one.pid in mine}


def test_the_first_cell_says_how_to_get_the_extra(monkeypatch, record):
    monkeypatch.setenv("PVT_WITHOUT", "dask.distributed")
    cure = "The labs need dask.distributed, which is not here: run %pip install -q distributed in a"
    assert cure in repr(pvt.begin("17"))
    assert cure not in repr(pvt.begin("04"))
