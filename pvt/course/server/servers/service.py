"""A server in a process of its own for as long as a `with` lasts, and what the system says of
its whole tree."""

import json
import os
import subprocess
import sys
import threading
import time
from typing import NamedTuple

from pvt import procfs
from pvt.course.server.servers import Rules

PATIENCE = 5.0  # seconds for a server to end
LATEST = 20.0  # seconds for a server to start: on a busy machine it may take long


class Figures(NamedTuple):
    """What a server's processes use together, in bytes and seconds; None where there is no
    /proc."""

    processes: int | None
    threads: int | None
    memory: int | None
    switches: int | None
    processor: float | None


NOTHING = Figures(None, None, None, None, None)


class Service:
    """A server that is running. Raises RuntimeError if it does not start."""

    def __init__(self, name, **rules):
        self.name, self.rules = name, Rules(**rules)
        command = [
            sys.executable,
            "-P",
            "-m",
            "pvt.course.server.servers",
            name,
            json.dumps(self.rules._asdict()),
        ]
        # Linux shares the cores out among sessions first: ten thousand threads of a server then
        # leave us our part.
        apart = {
            "start_new_session": sys.platform == "linux"
        }  # elsewhere a server could outlive us then
        nothing = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, **nothing, **apart)
        self._port = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """End the server with all its processes; a second time does nothing."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    @property
    def port(self):
        """Where it listens; waits until it does, `LATEST` seconds at most."""
        if self._port is None:
            late = threading.Timer(LATEST, self.process.kill)
            late.start()
            line = self.process.stdout.readline()
            late.cancel()
            late.join()
            if not line:
                raise RuntimeError(f"the server {self.name!r} did not start")
            self._port = int(line)
        return self._port

    def figures(self, switches=True):
        """What its processes use at this moment. `switches=False` saves a look at each thread."""
        if not os.path.isdir("/proc/self/task"):
            return NOTHING
        seen = {pid: procfs.status(pid) for pid in procfs.tree(self.process.pid)}
        # The dead that wait to be collected use nothing any more.
        statuses = {
            pid: one
            for pid, one in seen.items()
            if not one.get("State", "").lstrip().startswith("Z")
        }
        switched = sum(map(switches_of, statuses)) if switches else None
        threads = sum(int(one.get("Threads", 0)) for one in statuses.values())
        return Figures(
            len(statuses),
            threads,
            sum(map(memory, statuses)),
            switched,
            sum(map(procfs.processor, statuses)),
        )

    def quiet(self, threads, patience=10.0):
        """Wait until at most `threads` are left of it: the workers of closed connections have
        gone."""
        until = time.perf_counter() + patience
        while (
            (now := self.figures(switches=False).threads)
            and now > threads
            and time.perf_counter() < until
        ):
            time.sleep(0.01)


def memory(pid):
    """Resident bytes; what is shared between processes counts in parts that add up."""
    return procfs.memory(pid).get("Pss") or procfs.sizes("VmRSS", pid=pid).get("VmRSS", 0)


def switches_of(pid):
    """Context switches of the threads that live, so far: those that have ended took their counts
    along."""
    return sum(sum(procfs.switches(pid, task)) for task in procfs.threads(pid))
