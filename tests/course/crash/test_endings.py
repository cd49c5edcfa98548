"""What chapter 09 says of signals and of the end of a program, shown by programs that end in
each way."""

import signal
import subprocess
import sys

import pytest

LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="signals are delivered in another way elsewhere"
)
SLOW_THREAD = """
import os, signal, sys, threading, time
def work():
    time.sleep(0.2)
    print("the thread has ended", flush=True)
threading.Thread(target=work{daemon}).start()
{end}
"""


def ended(source, *options):
    call = [sys.executable, *options, "-c", source]
    return subprocess.run(call, capture_output=True, text=True, timeout=30)


@LINUX
def test_a_faults_signal_goes_to_the_thread_that_caused_it_and_ends_the_process():
    source = """
import ctypes, threading
def draws_the_preview():
    ctypes.string_at(0)
def does_nothing_wrong():
    threading.Event().wait()
threading.Thread(target=does_nothing_wrong, daemon=True).start()
threading.Thread(target=draws_the_preview).start()
"""
    run = ended(source, "-X", "faulthandler")
    first, *others = run.stderr.split("\n\n", 2)[1:]
    assert run.returncode == -signal.SIGSEGV
    assert first.startswith("Current thread")
    assert "draws_the_preview" in first
    assert "does_nothing_wrong" in "".join(others)


@LINUX
def test_a_signal_that_is_sent_to_the_process_ends_it_as_well():
    assert (
        ended(SLOW_THREAD.format(daemon="", end="os.kill(os.getpid(), signal.SIGKILL)")).stdout
        == ""
    )


@pytest.mark.parametrize("end", ["pass", "raise ValueError", "sys.exit(3)"])
def test_a_program_whose_main_thread_ends_waits_for_the_others(end):
    assert ended(SLOW_THREAD.format(daemon="", end=end)).stdout == "the thread has ended\n"


@pytest.mark.parametrize(("daemon", "end"), [("", "os._exit(3)"), (", daemon=True", "pass")])
def test_nobody_waits_after_os_exit_nor_for_daemons(daemon, end):
    assert ended(SLOW_THREAD.format(daemon=daemon, end=end)).stdout == ""
