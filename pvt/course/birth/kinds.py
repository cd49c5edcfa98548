"""The kinds of worker that Python can start: functions that start empty ones, one after the other,
and end each.

A Thread or a Process without a target does nothing, so nothing has to be imported or sent to it.
`available()` names those that there are here; `own(kind)` is the memory that one takes for itself
while it waits.
"""

import os
import shutil
import socket
import subprocess
import threading
from functools import partial

from pvt import host, procfs
from pvt.tools import crowd
from pvt.tools.interpreters import create

CROWD = {
    "asyncio task": 2_000,
    "thread": 100,
    "interpreter": 3,
}  # how many are weighed together, in this process


def nothing():
    """All that a called function does here."""


def calls(times):
    for _ in range(times):
        nothing()


def tasks(times):
    import asyncio

    async def empty():
        pass

    async def one_by_one():
        for _ in range(times):
            await asyncio.create_task(empty())

    asyncio.run(one_by_one())


def threads(times):
    for _ in range(times):
        worker = threading.Thread()
        worker.start()
        worker.join()


def forks(times):
    for _ in range(times):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)


def programs(times):
    for _ in range(times):
        subprocess.call(["true"])


def processes(method, times):
    import multiprocessing

    kind = multiprocessing.get_context(method).Process
    for _ in range(times):
        worker = kind()
        worker.start()
        worker.join()


def interpreters(times):
    for _ in range(times):
        one = create()
        one.exec("pass")
        one.close()


STUDY = (nothing, calls, tasks, threads, forks, programs, processes, interpreters)


def available():
    """Name -> (function, how many of them make one measurement), roughly from cheap to
    expensive."""
    ways = {"call": (calls, 10_000), "asyncio task": (tasks, 1_000), "thread": (threads, 20)}
    if hasattr(os, "fork"):
        ways |= {"fork": (forks, 5), "Process by fork": (partial(processes, "fork"), 3)}
    if shutil.which("true"):
        ways["program"] = programs, 5
    if host.interpreters():
        ways["interpreter"] = interpreters, 1
    if hasattr(os, "fork"):
        ways["Process by forkserver"] = partial(processes, "forkserver"), 1
    return ways | {"Process by spawn": (partial(processes, "spawn"), 1)}


def is_process(kind):
    return kind in ("fork", "program") or kind.startswith("Process")


def own(kind):
    """Bytes that one waiting worker of this kind takes for itself, or None where that is
    unknown."""
    if kind == "call" or not os.path.exists("/proc/self/smaps_rollup"):
        return None
    if kind in CROWD:
        return added(CROWDS[kind], CROWD[kind]) / CROWD[kind]
    if kind == "fork":
        return of_a_fork()
    return of_a_program() if kind == "program" else of_a_process(kind.rpartition(" ")[2])


def added(waiting, count):
    """How many bytes this process has more in memory while `count` workers wait."""
    sizes = [procfs.memory()["Rss"]]
    waiting(count, lambda: sizes.append(procfs.memory()["Rss"]))
    return max(0, sizes[1] - sizes[0])


def waiting_tasks(count, look):
    import asyncio

    async def all_wait():
        end = asyncio.Event()
        waiting = [asyncio.create_task(end.wait()) for _ in range(count)]
        await asyncio.sleep(0)
        look()
        end.set()
        await asyncio.gather(*waiting)

    asyncio.run(all_wait())


def waiting_threads(count, look):
    waiting = crowd.Threads()
    waiting.add(count)
    look()
    waiting.leave()


def waiting_interpreters(count, look):
    waiting = [create() for _ in range(count)]
    look()
    for one in waiting:
        one.close()


CROWDS = {
    "asyncio task": waiting_tasks,
    "thread": waiting_threads,
    "interpreter": waiting_interpreters,
}


def of_a_fork():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        child = os.fork()
        if child == 0:
            theirs.send(b"+")
            theirs.recv(1)
            os._exit(0)
        ours.recv(1)
        size = procfs.private(child)
        ours.send(b"+")
        os.waitpid(child, 0)
    return size


def of_a_process(method):
    with crowd.processes(method, 1) as found:
        return procfs.private(found[0]) if found else None


def of_a_program():
    """`true` does not wait; `cat` does, and is about as small."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        worker.stdin.write(b"here\n")
        worker.stdin.flush()
        worker.stdout.readline()
        return procfs.private(worker.pid)
