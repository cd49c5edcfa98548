"""Every claim of chapter 09, decided here by real crashes; and what the checks say of rows that
were never seen."""

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from deciding import measured, verdict

import pvt
from pvt.course.crash import crash, pooled, scribble, services
from pvt.runner import Running
from pvt.tools import crashes

pytestmark = pytest.mark.usefixtures("nothing_left")
FORK, ROOT, SHARED = hasattr(os, "fork"), Path(__file__).parents[3], Path("/dev/shm")


def test_crash_thread_kills_all(python):
    entry = verdict("crash.thread-kills-all", python=python)
    assert entry.value == "holds"
    assert "0 of 2 others live on after os._exit, abort" in entry.because
    assert not FORK or "SIGSEGV" in entry.because


def test_crash_exception_kills_all(python):
    entry = verdict("crash.exception-kills-all", python=python)
    assert entry.value == "fails"
    assert "2 of 2 others live on after exception" in entry.because


def test_crash_process_alone(python):
    entry = verdict("crash.process-alone", python=python)
    assert entry.value == "holds"
    assert "2 of 2 others live on after exception" in entry.because


def test_crash_pool(python):
    entry = measured(
        "crash.pool", python
    )  # on a busy machine others may be done before the crash is noticed
    assert entry.value != "fails"
    assert "BrokenProcessPool" in entry.because


def test_crash_pool_silent(python):
    entry = verdict("crash.pool-silent", python=python)
    assert entry.value == "holds"
    assert "no answer in" in entry.because


def test_crash_pool_watched(python):
    entry = verdict("crash.pool-watched", python=python)
    assert entry.value == "holds"
    assert "0 of 16 tasks lost; task 3 took 2 attempts" in entry.because


def test_crash_corrupt(python):
    entry = verdict("crash.corrupt", python=python)
    assert entry.value == "holds"
    assert "between threads 3 of 3 notes were spoilt" in entry.because


def test_crash_corrupt_process(python):
    entry = verdict("crash.corrupt-process", python=python)
    assert entry.value == ("fails" if FORK else "not decided")
    assert not FORK or "between processes that share the memory 2 of 3" in entry.because


def test_crash_microservices(python):
    entry = verdict("crash.microservices", python=python)
    assert entry.value == "holds"
    assert "50 of 50 answers as processes, and 0 of 50 as threads" in entry.because


def test_crash_restart(python):
    entry = verdict("crash.restart", python=python)
    assert entry.value == "holds"
    assert "Without a supervisor the crashed one gave 0 of 50 answers" in entry.because


def crashed(how, kind, *alive, ending="SIGSEGV"):
    return [
        {
            "how": how,
            "kind": kind,
            "worker": at + 1,
            "alive": one,
            "ending": ending,
            "begin": -0.01,
            "until": 0.01,
        }
        for at, one in enumerate((False if None not in alive else None, *alive))
    ]


@pytest.mark.parametrize(
    ("others", "answer"),
    [((False, False), True), ((True, True), False), ((True, False), False), ((None, True), None)],
)
def test_a_crash_kills_all_or_it_does_not(others, answer):
    rows = crashed("segfault", "thread", *others)
    assert crash.after("thread", ["segfault"], die=True)(rows)[0] is answer


@pytest.mark.parametrize(
    ("others", "answer"),
    [((True, True), True), ((True, False), False), ((None, None), None), ((True, None), None)],
)
def test_a_process_dies_alone_or_not(others, answer):
    assert (
        crash.after("process", ["segfault"], die=False)(crashed("segfault", "process", *others))[0]
        is answer
    )


def test_a_crash_that_could_not_be_seen_leaves_the_others_to_decide():
    rows = crashed("abort", "thread", None, None, ending="could not be started") + crashed(
        "segfault", "thread", False
    )
    answer, because = crash.after("thread", ["abort", "segfault"], die=True)(rows)
    assert answer is True
    assert "abort" not in because
    assert crash.after("thread", ["abort"], die=True)(rows) == (
        None,
        "thread: could not be started.",
    )


@pytest.mark.parametrize(
    ("threads", "processes", "at"),
    [((False, False), (True,), 0), ((True, False), (True,), 1), ((True, True), (True,), 2)],
)
def test_the_outcome_says_who_is_alive(threads, processes, at):
    rows = crashed("exception", "thread", threads[0]) + crashed("abort", "thread", threads[1])
    rows += crashed("abort", "process", *processes)
    assert crash.outcome(rows) == crash.OUTCOMES[at]


def pools(name, *fates, attempts=1):
    return [pooled.row(name, at + 1, attempts, fate, 0.1 * at) for at, fate in enumerate(fates)]


BROKEN = "BrokenProcessPool"
EXECUTOR = "ProcessPoolExecutor"
POOL = "multiprocessing.Pool"
OURS = "watched by us"


@pytest.mark.parametrize(
    ("fates", "answer"),
    [
        (("done", "done", BROKEN, BROKEN), True),
        (("done", "done", BROKEN, "done"), None),
        (("done", "done", "RuntimeError", "done"), False),
        (("done", "done", "done", "done"), False),
        ((), None),
    ],
)
def test_a_broken_executor(fates, answer):
    assert pooled.takes_all(pools(EXECUTOR, *fates))[0] is answer


@pytest.mark.parametrize(
    ("fate", "answer"), [("no answer", True), ("done", False), ("RuntimeError", False)]
)
def test_a_silent_pool(fate, answer):
    assert pooled.never_answers(pools(POOL, "done", "done", fate))[0] is answer


@pytest.mark.parametrize(("fate", "answer"), [("done", True), ("given up", False)])
def test_a_watched_pool(fate, answer):
    assert pooled.loses_none(pools(OURS, "done", "done", fate))[0] is answer


@pytest.mark.parametrize(
    ("executor", "pool", "ours", "at"),
    [
        (("done", BROKEN, BROKEN), ("done", "done", "no answer"), ("done",) * 3, 0),
        (("done", "done", "done"), ("done", "done", "no answer"), ("done",) * 3, 1),
        (("done", "done", "done"), ("done",) * 3, ("done", "done", "given up"), 2),
        (("done", "done", "RuntimeError"),) * 3 + (3,),
        (("done", "done", BROKEN), ("done", "done", "no answer"), ("done",) * 3, None),
        ((), ("done", "done", "no answer"), ("done",) * 3, None),
    ],
)
def test_which_pool_loses_the_most(executor, pool, ours, at):
    rows = [*pools(EXECUTOR, *executor), *pools(POOL, *pool), *pools(OURS, *ours)]
    assert pooled.outcome(rows) == (None if at is None else pooled.OUTCOMES[at])


def test_a_pool_that_could_not_work_decides_nothing():
    rows = [
        pooled.row(name, None, None, "no workers: OSError", 0.0) for name in (EXECUTOR, POOL, OURS)
    ]
    for check in (pooled.takes_all, pooled.never_answers, pooled.loses_none):
        answer, because = check(rows)
        assert answer is None
        assert "no workers: OSError" in because


def note(kind, found, trouble=None):
    row = {
        "kind": kind,
        "bug": "stray pointer",
        "address": "0x7f00",
        "found": found,
        "seen": "###",
        "trouble": trouble,
    }
    return [row]


@pytest.mark.parametrize(("found", "answer"), [("###", True), (scribble.NOTE, False), (None, None)])
def test_a_note_is_spoilt_or_not(found, answer):
    rows = note("process", found, None if found else "OSError")
    assert scribble.overwrites("process")(rows)[0] is answer


def asked(kind, supervised, *answers, poison=None):
    """Rows of a case: before the poison all answer; then these process ids, round by round."""
    rows = [services.row_of(at, 0.01 * at, 10 + at) for at in range(3)]
    rows.append(services.row_of(1, 0.05, poison, poison=True))
    rows += [services.row_of(at % 3, 0.06 + 0.01 * at, one) for at, one in enumerate(answers)]
    return [{"kind": kind, "supervised": supervised} | row for row in rows]


@pytest.mark.parametrize(
    ("threads", "processes", "answer", "at"),
    [
        ((None, None, None), (10, None, 12), True, 1),
        ((10, None, 12), (10, None, 12), False, 2),
        ((None, None, None), (10, None, None), False, 1),
        ((None, None, None), (None, None, None), False, 0),
        ((10, None, 12), (None, None, None), False, None),
        ((), (10, None, 12), None, None),
    ],
)
def test_services_apart(threads, processes, answer, at):
    rows = asked("thread", False, *threads) + asked("process", False, *processes)
    assert services.apart(rows)[0] is answer
    assert services.outcome(rows) == (None if at is None else services.OUTCOMES[at])


def test_a_poison_that_crashes_nobody_decides_nothing():
    rows = asked("thread", False, 1, 1, 1, poison=1) + asked("process", False, 1, 1, 1)
    assert services.apart(rows) == (None, "the poison was answered and crashed nobody.")


@pytest.mark.parametrize(("last", "answer"), [((20, 21, 22), True), ((None, None, None), False)])
def test_services_heal_or_not(last, answer):
    rows = asked("thread", True, None, None, None, *last) + asked(
        "process", True, 10, None, 12, 10, 21, 12
    )
    assert services.heals(rows)[0] is answer
    assert services.recovery(rows, "process") == pytest.approx(0.05)


def test_a_service_that_was_ill_before_decides_nothing():
    rows = asked("thread", False, None, None, None) + asked("process", False, 10, None, None)
    rows[2]["process"] = None
    answer, because = services.apart(rows)
    assert answer is None
    assert "nobody had been poisoned yet" in because


def test_trouble_is_said():
    rows = [
        {"kind": "thread", "supervised": True}
        | services.row_of(None, 0.0, None, trouble="BlockingIOError: no")
    ]
    assert services.heals(rows) == (None, "BlockingIOError: no.")


@pytest.mark.parametrize("name", ["crash", "pooled", "scribble", "services"])
@pytest.mark.parametrize("after", [0.0, 0.3, 0.7])
def test_a_run_that_is_stopped_half_way_leaves_nothing(name, after):
    before = in_memory()
    running = Running(name, {})
    begin = None
    for row in running:
        begin = begin or (row and time.perf_counter())
        if begin and time.perf_counter() - begin >= after:
            running.stop()
    assert running.result().ending in ("stopped", "finished")
    assert not (in_memory() - before - in_use())


def in_memory():
    """Shared memory and semaphores of this user, as far as multiprocessing names them."""
    mine = set()
    for path in SHARED.iterdir() if SHARED.is_dir() else ():
        with suppress(FileNotFoundError):
            if (
                path.name.startswith(("psm_", "sem.mp", "pym"))
                and path.stat().st_uid == os.getuid()
            ):
                mine.add(str(path))
    return mine


def in_use():
    """What living processes have mapped of it: that of others, for those of our run have ended."""
    found = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        with suppress(OSError):
            found |= set(re.findall(rf"{SHARED}/\S+", maps.read_text()))
    return found


def test_a_run_leaves_no_listening_socket_and_no_file():
    run = pvt.run("services")
    ports = {row["process"] for row in run.rows if row["process"]}
    assert ports
    assert not any(psutil.pid_exists(process) for process in ports)


TIGHT = """
import resource
for name, most in (("NOFILE", 64), ("NPROC", 50), ("AS", 512 << 20)):
    resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
from pvt.ledger import verdict
for entry in verdict("crash", "pooled", "scribble", "services"):
    print(entry.id, entry.value, entry.because, sep="|")
"""
TOO_LOW = ("is a limit too low here?", "the system refuses another process or thread")
WRONG = {"crash.exception-kills-all", "crash.corrupt-process"}  # what the lesson says and is not so


@pytest.mark.skipif(not FORK, reason="needs resource limits")
def test_under_tight_limits_a_verdict_is_right_or_says_why_there_is_none():
    """64 files, 512 MiB of addresses, and, for all but root, 50 processes and threads."""
    answer = subprocess.run(
        [sys.executable, "-c", TIGHT], capture_output=True, text=True, cwd=ROOT, timeout=100
    )
    assert answer.stderr == ""
    fields = [line.split("|") for line in answer.stdout.splitlines()]
    assert len(fields) == 10
    for name, value, because in fields:
        right = "fails" if name in WRONG else "holds"
        why = any(each in because for each in TOO_LOW)
        assert value == right or (value == "not decided" and why), because


def test_a_refusal_names_what_came_first():
    try:
        try:
            raise BlockingIOError(11, "try again")
        finally:
            raise RuntimeError("cannot join thread before it is started")
    except RuntimeError as problem:
        assert crashes.refusal(problem).endswith(
            "is a limit too low here? (BlockingIOError: try again)"
        )


def test_what_was_not_seen_is_not_called_well():
    rows = [
        {"kind": "thread", "supervised": False}
        | services.row_of(None, 0.0, None, trouble="no socket")
    ]
    assert services.sentence(rows) == "Nothing was seen: no socket."
    text = crash.sentence(
        crashed("abort", "thread", None, ending="no process") + crashed("abort", "process", True)
    )
    assert (
        text
        == "All others live on after: not seen for a thread, because no process; 1 of 1 crashes"
        " of a process."
    )
