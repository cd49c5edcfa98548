"""Workers that only wait: started until there are enough or the system refuses, and weighed
while they wait."""

import math
import os
import threading
import time
from contextlib import contextmanager, suppress
from typing import NamedTuple

from pvt import procfs

# Bytes that 64-bit Linux itself keeps for a task: 16 KiB of stack and, measured, 5 of bookkeeping
KERNEL = 21 << 10
SAMPLE = 34  # threads that tell what one takes
PATIENCE = 2.0  # seconds we wait for a process to say that it is there


class Weight(NamedTuple):
    """What one waiting worker takes: bytes of memory, bytes of addresses, memory maps, open
    files."""

    memory: float
    addresses: float
    maps: float = 0.0
    files: float = 0.0


class Threads:
    """A growing crowd of threads; `refused` says why the last one could not start."""

    def __init__(self):
        self.end, self.crowd, self.refused = threading.Event(), [], ""

    @property
    def count(self):
        return len(self.crowd)

    def add(self, count, until=math.inf):
        """Start `count` more, or as many as there can be until this time."""
        for _ in range(count):
            if time.perf_counter() > until:
                return
            try:
                thread = threading.Thread(target=self.end.wait, daemon=True)
                thread.start()
            except (RuntimeError, MemoryError) as problem:
                self.refused = str(problem) or "no memory"
                return
            self.crowd.append(thread)

    def leave(self):
        """Let all end, and wait until they have: who measures next shall not count them."""
        self.end.set()
        for thread in self.crowd:
            thread.join()


@contextmanager
def processes(method, count):
    """The ids of `count` waiting processes, of fewer where the system refuses; they end with the
    `with`."""
    import multiprocessing

    context, crowd = multiprocessing.get_context(method), []
    here, there = context.Pipe(duplex=False)
    hold, release = context.Pipe(duplex=False)
    with here, there, hold, release:
        with suppress(OSError, EOFError):
            for _ in range(count):
                worker = context.Process(target=wait, args=(there, hold), daemon=True)
                worker.start()
                crowd.append(worker)
        try:
            yield [here.recv() for _ in crowd if here.poll(PATIENCE)]
        finally:
            os.write(release.fileno(), b"." * len(crowd))
            for worker in crowd:
                worker.join()


def wait(there, hold):
    there.send(os.getpid())
    os.read(hold.fileno(), 1)


def status(pid="self"):
    """Resident bytes, page tables, addresses of a process, in this order; None where there is no
    /proc."""
    found = procfs.sizes("VmRSS", "VmPTE", "VmSize", pid=pid)
    return tuple(found.values()) if len(found) == 3 else None


def maps():
    """How many memory maps this process has, 0 where it is unknown."""
    with suppress(OSError), open("/proc/self/maps") as file:
        return sum(1 for _ in file)
    return 0


def files():
    """How many files this process has open, 0 where it is unknown."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/fd"))
    return 0


def weigh_thread(most=SAMPLE):
    """The `Weight` of a thread: what a sample of at most `most` adds, for each. None where it is
    unknown."""
    one_arena()
    crowd = Threads()
    crowd.add(2)  # the first bring things that are needed once
    before = status(), maps()
    crowd.add(most - 2)
    after, count = (status(), maps()), crowd.count - 2
    crowd.leave()
    if not before[0] or count < 1:
        return None
    resident, tables, addresses = (
        (late - early) / count for late, early in zip(after[0], before[0], strict=True)
    )
    return Weight(resident + tables + KERNEL, addresses, (after[1] - before[1]) / count)


def one_arena():
    """Tell glibc's malloc not to reserve 64 MiB of addresses for each of the first threads: a
    crowd shares these."""
    with suppress(ImportError, OSError, AttributeError, TypeError):
        import ctypes

        ctypes.CDLL(None).mallopt(-8, 1)  # M_ARENA_MAX


def weigh_process(method=None):
    """The `Weight` of a process, started in this way or as multiprocessing does by itself; None
    where it is unknown."""
    if not status():
        return None
    with processes(method, 1) as first:
        before = files()
        with processes(method, 1) as second:
            more = files() - before - 4  # the two pipes are not the worker's
            return weight_of(second[0], more) if first and second else None


def weight_of(pid, more_files=0):
    """The `Weight` of this process, None where it is unknown."""
    sizes, own = status(pid), procfs.private(pid)
    return (
        Weight(own + sizes[1] + KERNEL, sizes[2], 0.0, max(0, more_files))
        if sizes and own
        else None
    )
