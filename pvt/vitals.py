"""What an experiment's processes are doing, sampled from outside with psutil at the price of at
most 1 % of a core – but at least twice a second: a limit of memory that is looked at more rarely
is none.

Context switches are the operating system's own counts. Those of a thread go with it when it ends,
so the sum holds what was seen at the samples: short-lived workers between two samples are missed.
"""

import os
import time
from contextlib import suppress

import psutil

from pvt import processes, procfs

SHARE = 0.01  # of one core, for sampling
SOONEST, LATEST = 0.03, 0.5  # seconds between samples, at least and at most
MOST_TASKS = 200  # threads whose switches are read one by one


class Vitals:
    """Samples a tree of processes; `now` is the last sample and `peak` the greatest of each
    figure, both dicts."""

    def __init__(self, pid):
        self.pid, self.due = pid, 0.0
        self.used, self.switched, self.resident, self.at = {}, {}, {}, None
        self.now, self.peak = {}, {}

    def sample(self):
        """Look, if it is time to; True if a sample was taken."""
        begin, cost = time.perf_counter(), time.thread_time()
        if begin < self.due:
            return False
        self.note(below(self.pid), begin)
        self.due = begin + min(LATEST, max(SOONEST, (time.thread_time() - cost) / SHARE))
        return True

    def note(self, mine, at):
        """Work out the figures: CPU in cores, memory in bytes."""
        before, threads, self.resident = sum(self.used.values()), 0, {}
        for process in mine:
            try:
                with process.oneshot():
                    times = process.cpu_times()
                    threads += process.num_threads()
                    self.resident[process.pid] = process.memory_info().rss
                self.used[process.pid] = times.user + times.system
                self.switched.update(switches(process))
            except (psutil.Error, OSError):  # gone, or no file to be had
                continue
        memory = sum(self.resident.values())
        self.now = {"processes": len(mine), "threads": threads, "memory": memory}
        if self.at is not None and at > self.at:
            self.now["cores"] = (sum(self.used.values()) - before) / (at - self.at)
        self.now["switches"] = sum(self.switched.values()) if self.switched else None
        self.at = at
        for name, value in self.now.items():
            self.peak[name] = (
                max(self.peak.get(name) or 0, value or 0)
                if value is not None
                else self.peak.get(name)
            )

    def exceeds(self, most):
        """Whether the processes of the last sample take more than so many bytes of memory. What
        several share, such as a fork and its parent, counts once where the system tells: that
        takes long to find out, so only where their sum is too much."""
        if self.now["memory"] <= most:
            return False
        return sum(part(*each) for each in self.resident.items()) > most


def part(pid, resident):
    """The bytes of memory of a process now, of which those that n processes share count 1/n where
    the system tells; 0 if it has ended, and what it had at the last look if nobody may look."""
    found = procfs.memory(pid)
    if "Pss" in found:
        return found["Pss"]
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.AccessDenied:
        return resident
    except psutil.Error:
        return 0


def below(pid):
    """The experiment's processes, without the guardian. psutil would look at every process of
    the machine."""
    if not os.path.exists(f"/proc/{pid}/task/{pid}/children"):
        tree = processes.tree(pid)
        return tree[:-1] if hasattr(os, "fork") else tree
    found = []
    for child in procfs.tree(pid)[1:]:
        with suppress(psutil.NoSuchProcess, OSError):
            found.append(psutil.Process(child))
    return found


def switches(process):
    """Context switches of each thread so far: (process id, thread id) -> count; of the whole
    process without /proc."""
    tasks = procfs.threads(process.pid)
    if not tasks:
        counts = process.num_ctx_switches()
        return {(process.pid, 0): counts.voluntary + counts.involuntary}
    return {
        (process.pid, task): sum(procfs.switches(process.pid, task)) for task in tasks[:MOST_TASKS]
    }


def text(figures):
    """The figures as one line of text."""
    cores, switched = figures.get("cores"), figures.get("switches")
    parts = [
        f"processes {figures.get('processes', 0)}",
        f"threads {figures.get('threads', 0)}",
        f"CPU {'–' if cores is None else format(100 * cores, '.0f')} %",
        f"memory {figures.get('memory', 0) / 2**20:.0f} MiB",
        f"context switches {'–' if switched is None else format(switched, ',')}",
    ]
    return " · ".join(parts)
