"""Processes that a server starts: none outlives it, and a supervised one that dies or hangs is
replaced."""

import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress

from pvt import host, procfs

LIVING = set()  # the process ids of our children
ENDS = {signal.SIGTERM, signal.SIGINT}
BEAT = 0.2  # seconds between looks
SOON = 0.1  # a worker that dies sooner waits so long for its successor


def born(work):
    """Start `work()` in a process of its own and return its process id."""
    parent = os.getpid()
    signal.pthread_sigmask(
        signal.SIG_BLOCK, ENDS
    )  # who ended us now would not know of the child yet
    try:
        if process := os.fork():
            LIVING.add(process)
            return process
        LIVING.clear()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent ends us
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    return live(work, parent)


def live(work, parent):
    """The child's life: never returns."""
    try:
        procfs.prctl(procfs.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            work()
    except Exception as problem:
        print(f"process {os.getpid()}: {problem!r}", file=sys.stderr)
    finally:
        os._exit(0)


def gone(process):
    """Forget a child that has ended; its process id."""
    LIVING.discard(process)
    return process


def end_all():
    """Kill the children and collect them."""
    for process in list(LIVING):
        with suppress(
            ProcessLookupError, ChildProcessError
        ):  # collected a moment ago, and not forgotten yet
            os.kill(process, signal.SIGKILL)
            os.waitpid(gone(process), 0)


def supervise(listener, rules, work):
    """Keep a process in each place for ever. `work(listener, rules, heart)` writes to its heart
    every BEAT seconds."""
    doors = listeners(listener, rules)
    places = [None] * len(doors)
    while True:
        for at, door in enumerate(doors):
            places[at] = places[at] or Worker(door, rules, work)
        ears = {worker.ear: at for at, worker in enumerate(places)}
        for ear in select.select(ears, [], [], BEAT)[0]:
            if not places[ears[ear]].alive():
                places[ears[ear]] = None
        for worker in filter(None, places):
            if time.monotonic() - worker.heard > rules.hung:
                os.kill(worker.process, signal.SIGKILL)  # the next look finds it dead


def listeners(listener, rules):
    """What each process listens at: the same socket for all, or one for each at the same port."""
    count = rules.processes or host.cores()
    if not rules.reuse_port:
        return [listener] * count
    return [listener] + [opened(rules, listener.getsockname()[1]) for _ in range(count - 1)]


def opened(rules, port=0):
    """A listening socket on this machine only, at a free port for 0. Raises OSError for a port
    that is taken."""
    listener = socket.socket()
    if os.name != "nt":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if rules.reuse_port:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )  # answers of a pipeline do not wait for each other
    listener.bind(("127.0.0.1", port))
    listener.listen(4_096)
    return listener


class Worker:
    """A process and the pipe by which it tells that it lives: a byte now and then, end of file
    when it is dead."""

    def __init__(self, door, rules, work):
        self.ear, heart = os.pipe()
        os.set_blocking(heart, False)
        self.began = self.heard = time.monotonic()
        self.process = born(lambda: work(door, rules, heart))
        os.close(heart)

    def alive(self):
        """Listen to the heart. If it has stopped, collect the dead."""
        if os.read(self.ear, 4_096):
            self.heard = time.monotonic()
            return True
        os.close(self.ear)
        os.waitpid(gone(self.process), 0)
        time.sleep(
            max(0.0, self.began + SOON - time.monotonic())
        )  # do not restart a broken worker in a tight loop
        return False
