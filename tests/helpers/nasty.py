"""Runs that end badly, for the tests of the runner. Imported by the child as
`tests.helpers.nasty`."""

import ctypes
import os
import signal
import subprocess
import sys
import time


def run(*, how="finish", after=0.0, seconds=60.0):
    """One row with the process ids, then the end named by `how`, `after` some seconds."""
    yield {"pid": os.getpid(), "guardian": os.getppid()}
    with open(os.path.join(os.environ["TMPDIR"], "left-behind"), "w") as file:
        file.write("x")
    time.sleep(after)
    yield from ENDS[how](seconds) or ()


def sleep(seconds):
    time.sleep(seconds)


def flood(stream):
    def write(_):
        while True:
            stream.write("flood " * 1000 + "\n")

    return write


def flood_rows(_):
    while True:
        yield {"flood": "x" * 100}


def orphan(_):
    """A grandchild in a session of its own holds all our pipes; its parent is gone."""
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(60)
            os._exit(0)


def deaf(seconds):
    """Ignores SIGTERM, and so does its child."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.fork()
    time.sleep(seconds)


def workers(seconds):
    """Processes of every kind, and a thread that never ends."""
    import multiprocessing
    import threading

    threading.Thread(target=time.sleep, args=(seconds,)).start()
    for method in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context(method)
        context.Process(target=time.sleep, args=(seconds,)).start()
        context.Semaphore(1)
    subprocess.Popen(
        [sys.executable, "-c", f"import time; time.sleep({seconds})"], start_new_session=True
    )
    time.sleep(seconds)


def memory(_):
    hoard = []
    while True:
        hoard.append(b"x" * (64 << 20))


def crowd(_):
    """Ten forks beside 60 MiB of their parent: a page that all share is one page."""
    hoard = b"x" * (60 << 20)
    forks = []
    for _ in range(10):
        forks.append(os.fork())
        if not forks[-1]:
            time.sleep(60)
    time.sleep(1)
    for fork in forks:
        os.kill(fork, signal.SIGKILL)
        os.waitpid(fork, 0)
    del hoard


def deadlock_in_c(_):
    """Holds the GIL for ever, inside C: no thread of this process can do anything about it."""
    ctypes.PyDLL(None).sleep(60)


def kill_guardian(_):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def raise_error(_):
    raise KeyError("on purpose")


ENDS = {
    "finish": lambda _: None,
    "sleep": sleep,
    "exit": lambda _: os._exit(3),
    "abort": lambda _: os.abort(),
    "segfault": lambda _: ctypes.string_at(0),
    "raise": raise_error,
    "stdout": flood(sys.stdout),
    "stderr": flood(sys.stderr),
    "rows": flood_rows,
    "orphan": orphan,
    "deaf": deaf,
    "workers": workers,
    "memory": memory,
    "crowd": crowd,
    "in C": deadlock_in_c,
    "guardian": kill_guardian,
}
