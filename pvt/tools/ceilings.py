"""What limits the number of threads and processes here: every ceiling that the system tells. Read,
never reached.

Some are shared, with the user, the container or the whole machine, and partly used up. Others are
this process's own. The one with the least room left rules, so no single number is "the limit of
Linux".
"""

import os
import sys
from contextlib import suppress
from typing import NamedTuple

from pvt import host

RESERVED = 300  # ids below it the kernel gives out once only, at the start
# The share of what is free that we take
MANNERS = 0.1  # of shared ceilings
BOLD = 0.5  # of those, if asked to
OWN = 0.9  # of our own


class Ceiling(NamedTuple):
    """At most `most` threads or processes (None for no limit), of which `used` are there (None
    where it is unknown)."""

    name: str
    of: str  # who shares it: "process", "user", "container" or "machine"
    most: int | None
    used: int | None
    binds: bool
    how: str  # where the number comes from, a part of a sentence
    exact: bool = True  # read, or worked out from what a sample of workers takes

    @property
    def left(self):
        """How many more it allows, as far as that is known."""
        return unused(self.most, self.used)


def unused(most, used):
    """What is left of `most`; all of it where nobody knows what is used."""
    return most if used is None else max(0, most - used)


def shared(root="/"):
    """The ceilings that we share with others; `root` is for tests."""
    if sys.platform == "darwin":
        yield from mac()
    tasks = (host.text(root, "proc/loadavg") or "").split()
    used = int(tasks[3].split("/")[1]) if len(tasks) > 3 else None
    for name, how in (
        ("pid_max", "ids of threads and processes"),
        ("threads-max", "threads that the kernel manages"),
    ):
        if value := host.text(root, f"proc/sys/kernel/{name}"):
            most = int(value) - RESERVED if name == "pid_max" else int(value)
            yield Ceiling(f"kernel.{name}", "machine", most, used, True, f"{int(value):,} {how}")
    if sys.platform == "linux":
        yield group(root)
    if "limit_processes" in host.limits():
        yield user(root)


def mac():
    """What macOS sets; its own names."""
    import subprocess

    for name, of in (
        ("kern.num_taskthreads", "process"),
        ("kern.num_threads", "machine"),
        ("kern.maxproc", "machine"),
    ):
        with suppress(OSError, ValueError, subprocess.SubprocessError):
            value = subprocess.run(
                ["sysctl", "-n", name], capture_output=True, text=True, timeout=1
            ).stdout
            yield Ceiling(name, of, int(value), None, True, f"{int(value):,} by the kernel's table")


def group(root="/"):
    """The tightest pids.max of the control groups that hold this process; those above a
    container cannot be seen."""
    limits, used = (host.cgroup_values(f"pids.{name}", root) for name in ("max", "current"))
    known = used if len(used) == len(limits) else [None] * len(limits)
    levels = [
        (int(most), int(now) if now else None)
        for most, now in zip(limits, known, strict=True)
        if most != "max"
    ]
    most, now = min(levels, key=lambda level: level[0] - (level[1] or 0), default=(None, None))
    return Ceiling(
        "pids.max", "container", most, now, True, "threads and processes in this control group"
    )


def user(root="/"):
    """What a user may have. It counts all threads of the user, and does not bind root."""
    most = host.limits()["limit_processes"]
    used = tasks_of_user(root) if most else None
    return Ceiling(
        "RLIMIT_NPROC", "user", most, used, not exempt(root), "threads and processes of this user"
    )


def exempt(root="/"):
    """Whether RLIMIT_NPROC lets this process pass: the machine's root (not that of a user
    namespace), or its rights."""
    text = host.text(root, "proc/self/status")
    if not text:
        return hasattr(os, "geteuid") and os.geteuid() == 0
    status = dict(line.split(":", 1) for line in text.splitlines())
    mine = int(status["Uid"].split()[0])
    ranges = [
        tuple(map(int, line.split()))
        for line in (host.text(root, "proc/self/uid_map") or "").splitlines()
    ]
    outside = next(
        (there + mine - here for here, there, count in ranges if here <= mine < here + count), None
    )
    rights = int(status["CapEff"], 16) & (1 << 21 | 1 << 24)  # CAP_SYS_ADMIN, CAP_SYS_RESOURCE
    return outside == 0 or bool(rights and ranges == [(0, 0, 2**32 - 1)])


def tasks_of_user(root="/"):
    """How many threads this user has, as far as we may look; None where there is no /proc."""
    folder, mine, found = os.path.join(root, "proc"), str(os.getuid()), 0
    if not os.path.exists(os.path.join(folder, "self/status")):
        return None
    for name in filter(str.isdigit, os.listdir(folder)):
        status = dict(
            line.split(":", 1) for line in (host.text(folder, f"{name}/status") or "").splitlines()
        )
        if status and status["Uid"].split()[0] == mine:
            found += int(status.get("Threads", 1))
    return found


def own(weight, worker="thread", root="/"):
    """The ceilings of this process and of memory, for workers of this `crowd.Weight`."""
    if not weight:
        yield Ceiling(
            "memory",
            "machine",
            None,
            None,
            True,
            f"what a {worker} takes cannot be read here",
            False,
        )
        return
    size = f"at {weight.memory / 1024:,.0f} KiB for a {worker} that only waits"
    memory = host.memory(root)
    yield Ceiling(
        "memory", "machine", memory and int(memory / weight.memory), None, True, size, False
    )
    if worker == "process":
        yield open_files(weight)
        return
    limit = host.limits().get("limit_address_space")
    maps = host.text(root, "proc/sys/vm/max_map_count")
    from pvt.tools import crowd

    if maps and weight.maps > 0.1:
        most = int((int(maps) - crowd.maps()) / weight.maps)
        how = f"{int(maps):,} memory maps, of which a thread takes {weight.maps:.1f}"
        yield Ceiling("vm.max_map_count", "process", most, None, True, how, False)
    most = limit and max(0, int((limit - crowd.status()[2]) / weight.addresses))
    how = f"at {weight.addresses / 2**20:,.1f} MiB of addresses, its stack, for a thread"
    yield Ceiling("RLIMIT_AS", "process", most, None, True, how, False)
    if host.text(root, "proc/sys/vm/overcommit_memory") == "2":
        yield Ceiling(
            "vm.overcommit",
            "machine",
            int(promised(root) / weight.addresses),
            None,
            True,
            how,
            False,
        )


def open_files(weight):
    """multiprocessing keeps some files open for each process that it has started."""
    from pvt.tools import crowd

    limit = host.limits().get("limit_open_files")
    most = int((limit - crowd.files()) / weight.files) if limit and weight.files else None
    how = f"at {weight.files:g} open files in the parent for a process"
    return Ceiling("RLIMIT_NOFILE", "process", most, None, True, how, False)


def promised(root="/"):
    """The bytes that a kernel which counts promises may still promise."""
    lines = dict(
        line.split(":", 1) for line in (host.text(root, "proc/meminfo") or "").splitlines()
    )
    return sum(
        sign * int(lines[key].split()[0]) << 10
        for key, sign in (("CommitLimit", 1), ("Committed_AS", -1))
    )


def lowest(ceilings):
    """The ceiling that rules, the one with the least room left; None if there is none."""
    binding = [one for one in ceilings if one.binds and one.most is not None]
    return min(binding, key=lambda one: one.left, default=None)


def granted(asked, ceilings, bold=False):
    """(how many of `asked` workers we may start, why not all of them): others live here too. At
    least one."""
    allowed, why = asked, ""
    for one in ceilings:
        if one.binds and one.most is not None:
            share = OWN if one.of == "process" else BOLD if bold else MANNERS
            if (mine := max(1, int(one.left * share))) < allowed:
                known = "ends at" if one.used is None else "has room for"
                left = f"{known} {one.left:,}"
                allowed, why = mine, f"{one.name} {left}, of which we take {share:.0%} at most"
    return allowed, why
