"""Runs that end in every way: what is said of them, and that nothing of them is left."""

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

import pvt
import pvt.runner
from pvt.runner import Running, interpreter
from tests.helpers.nasty import ENDS

pytestmark = [pytest.mark.usefixtures("nothing_left")]
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and orphans are POSIX")
ENDINGS = {
    "finish": "finished",
    "sleep": "time limit",
    "exit": "exit 3",
    "abort": "killed by SIGABRT",
    "segfault": "killed by SIGSEGV",
    "raise": "raised KeyError: 'on purpose'",
    "stdout": "too much output",
    "stderr": "too much output",
    "rows": "too much output",
    "orphan": "finished",
    "deaf": "time limit",
    "workers": "time limit",
    "memory": "too much memory",
    "crowd": "finished" if sys.platform == "linux" else "too much memory",
    "in C": "time limit",
    "guardian": "killed by SIGKILL",
}


def nasty(how, seconds=20.0, memory=400 << 20, **params):
    return Running(
        "nasty",
        {"how": how, **params},
        module="tests.helpers.nasty",
        seconds=seconds,
        memory=memory,
    )


def ended(running):
    for _ in running:
        pass
    return running.result()


@POSIX
@pytest.mark.parametrize("how", ENDS)
def test_how_it_ended_is_said_in_the_run(how):
    slow = ENDINGS[how] == "time limit"
    run = ended(nasty(how, seconds=1.0 if slow else 20.0))
    assert run.ending == ENDINGS[how]
    assert run.rows[0]["pid"]
    assert (
        not slow or 1.0 <= run.seconds < 10
    )  # it would take 60; `make bench` shows how exact the limit is


@POSIX
@pytest.mark.parametrize("seed", range(40))
def test_a_run_ended_at_a_random_moment_leaves_nothing(seed):
    chance, threads = random.Random(seed), threading.active_count()
    how = chance.choice(list(ENDS))
    running = nasty(how, after=chance.random() * 0.1)
    timer = threading.Timer(chance.random() * 0.4, running.stop)
    timer.start()
    run = ended(running)
    timer.join()
    assert run.ending in ("stopped", ENDINGS[how])
    assert not list(Path(tempfile.gettempdir()).glob("pvt-*/left-behind"))
    until = time.monotonic() + 10
    while threading.active_count() > threads:
        assert time.monotonic() < until, threading.enumerate()
        time.sleep(0.01)


@POSIX
def test_stop_ends_the_tree_at_once():
    running = nasty("workers", seconds=30.0)
    rows = iter(running)
    while not next(rows):
        pass
    tree = psutil.Process(running.process.pid).children(recursive=True)
    begin = time.perf_counter()
    running.stop()
    for _ in rows:
        pass
    assert running.ending == "stopped"
    assert (
        time.perf_counter() - begin < 10
    )  # it would take 30; `make bench` shows the figure, which aims at 0.2
    assert not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in tree
    )


@POSIX
@pytest.mark.parametrize("how", ["sleep", "workers", "deaf", "in C", "orphan"])
def test_nothing_outlives_a_killed_kernel(how):
    code = (
        f"from tests.test_runner import nasty\nfor row in nasty({how!r}): print(row,"
        " flush=True) if row else None"
    )
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", code]
    kernel = subprocess.Popen(command, cwd=root, start_new_session=True, stdout=subprocess.PIPE)
    with kernel.stdout:
        assert b"pid" in kernel.stdout.readline()
    time.sleep(0.3)  # for its workers to start, as far as they do
    tree = psutil.Process(kernel.pid).children(recursive=True)
    assert tree or how == "orphan"
    kernel.send_signal(signal.SIGKILL)
    kernel.wait()
    _, alive = psutil.wait_procs(tree, timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    assert not list(Path(tempfile.gettempdir()).glob("pvt-*/left-behind"))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux kills processes when memory runs out")
def test_when_memory_runs_out_the_system_kills_the_experiment_first():
    running = nasty("sleep")
    rows = iter(running)
    while not (row := next(rows)):
        pass
    run, guardian, we = (
        int(Path(f"/proc/{pid}/oom_score_adj").read_text())
        for pid in (row["pid"], row["guardian"], os.getpid())
    )
    running.stop()
    list(rows)
    assert run == 1000 and guardian == we < run


def test_stop_before_the_start_is_heard():
    running = nasty("sleep")
    running.stop()
    assert ended(running).ending == "stopped"


def test_two_runs_take_turns():
    first, second = nasty("sleep", seconds=0.6), nasty("finish")
    thread = threading.Thread(target=ended, args=(first,))
    thread.start()
    while first.process is None:
        time.sleep(0.01)
    run = ended(second)
    assert (first.ending, run.ending) == (
        "time limit",
        "finished",
    )  # it began when the first had ended
    assert second.begin > first.begin + 0.6
    thread.join()


def test_a_stray_print_does_not_spoil_a_row():
    assert len(pvt.run("race", workers=1, additions=1000).rows) == 12


def test_a_run_says_who_ran_it(python):
    run = pvt.run("race", python=python, workers=1, additions=1000)
    assert run.ending == "finished"
    assert run.host["python"].startswith(python or "")
    assert {"gil", "cores", "start_method"} <= set(run.host)


def test_its_own_version_is_this_python():
    assert interpreter("{}.{}".format(*sys.version_info)) == sys.executable


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"workers": 99},
            "workers=99 is not possible for 'race'; allowed: a whole number from 1 to 8.",
        ),
        ({"workers": "4"}, "workers='4' is not possible"),
        ({"lock": 1}, "lock=1 is not possible for 'race'; allowed: False, True."),
        ({"wrkers": 4}, "'race' has no parameter 'wrkers'; did you mean 'workers'?"),
        ({"seconds": 0}, "seconds=0 is not a time limit"),
        ({"python": "2.7"}, "python='2.7' is not a Python 3.11 or newer that starts"),
    ],
)
def test_wrong_parameters_are_named(params, expected):
    with pytest.raises(ValueError, match=re.escape(expected)):
        pvt.run("race", **params)


def test_an_unknown_experiment_gets_the_nearest_name():
    with pytest.raises(ValueError, match="did you mean 'race'"):
        pvt.run("rase")


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "fork")
    run = ended(Running("needy", {}, module="tests.helpers.needy"))
    assert run.ending == "needs fork"


def test_a_run_shows_itself_as_a_table():
    html = pvt.run("race", workers=1, additions=1000)._repr_html_()
    assert "<table>" in html
    assert "race: finished" in html


def refuse(*_, **__):
    raise BlockingIOError(11, "Resource temporarily unavailable")


def no_thread(_):
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize(
    ("where", "what"),
    [((pvt.runner.subprocess, "Popen"), refuse), ((threading.Thread, "start"), no_thread)],
)
def test_a_refused_process_or_thread_is_how_the_run_ended(where, what, monkeypatch):
    monkeypatch.setattr(*where, what)
    run = pvt.run("race", workers=1, additions=1000)
    monkeypatch.undo()
    assert run.refused
    assert run.ending.startswith("could not start: the system refuses another process or thread (")
    assert run.ended == run.ending
    assert pvt.run("race", workers=1, additions=1000).ending == "finished"


def test_any_other_error_on_this_side_is_still_raised(monkeypatch):
    def broken(*_, **__):
        raise PermissionError(13, "made up")

    monkeypatch.setattr(pvt.runner.subprocess, "Popen", broken)
    with pytest.raises(PermissionError):
        pvt.run("race", workers=1, additions=1000)


@POSIX
def test_a_guardian_that_may_not_fork_says_so_without_a_traceback():
    code = (
        "import os\nfrom pvt import child\nfrom tests.test_runner import refuse\nos.fork ="
        " refuse\nchild.main()"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=Path(__file__).parent.parent
    )
    assert (answer.stdout, answer.stderr) == (b'{"refused": 11}\n', b"")
    running = nasty("finish")
    running.take(answer.stdout)
    assert "the system refuses another process or thread (Resource temporarily" in running.ending


def test_an_interpreter_that_dies_before_it_says_who_it_is(monkeypatch):
    monkeypatch.setattr(pvt.runner, "environment", lambda _: {"PYTHONHOME": os.devnull})
    run = pvt.run("race", workers=1, additions=1000)
    assert run.ending.startswith("could not start: exit 1 (")


@POSIX
def test_a_kernel_that_dies_before_its_child_listens_leaves_no_folder(tmp_path):
    """It dies when the guardian is about to hear signals."""
    folder = tmp_path / "run"
    far = (
        "import os, signal, time\nfrom pvt import child\nhear = signal.signal\n"
        "def late(*words):\n"
        "    while os.getppid() == kernel:\n"
        "        os.kill(kernel, signal.SIGKILL), time.sleep(0.01)\n"
        "    return hear(*words)\n"
        "kernel, signal.signal = os.getppid(), late\nchild.main()"
    )
    near = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {far!r}, 'tests.helpers.nasty', '{{}}'],"
        " stdin=subprocess.PIPE)\n"
        "time.sleep(60)"
    )
    env = {**os.environ, "PVT_FOLDER": str(folder), "TMPDIR": str(folder)}
    kernel = subprocess.run(
        [sys.executable, "-c", near],
        env=env,
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL,
    )
    assert kernel.returncode == -signal.SIGKILL
    until = time.monotonic() + 5
    while folder.exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_folder_is_made_by_the_child_alone(monkeypatch, tmp_path):
    """Were the kernel killed before the child is there, nobody would remove what it had made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(pvt.runner.subprocess, "Popen", refuse)
    monkeypatch.setattr(pvt.runner.shutil, "rmtree", lambda *_, **__: None)
    assert pvt.run("race", workers=1, additions=1000).refused
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert pvt.run("race", workers=1, additions=1000).ending == "finished"
    assert not list(tmp_path.iterdir())


def test_a_run_is_started_once():
    running = nasty("finish")
    before = ended(running)
    pids = {running.process.pid}
    assert list(running) == []
    assert {running.process.pid} == pids and running.result() == before
