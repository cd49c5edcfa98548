"""Seven servers for one protocol, one small file each. They differ only in who serves a connection.

`serve(listener, rules)` of each file is the whole server. The order here is the ladder of chapter
12.
"""

import os
import select
from importlib import import_module
from typing import NamedTuple

from pvt import host
from pvt.problem import Problem

NAMES = (
    "one_at_a_time",
    "process_each",
    "thread_each",
    "thread_pool",
    "event_loop",
    "prefork_threads",
    "prefork_loops",
)
SINGLE = ("one_at_a_time", "thread_each", "thread_pool", "event_loop")  # all in one process


class Rules(NamedTuple):
    """What a server may use and endure. Times in seconds; 0 processes: one for each core."""

    threads: int = 64  # in a pool; in each process
    queue: int = 10_000  # what may wait for a thread of the pool
    processes: int = 0  # of a prefork server
    cap: int = 32  # connections, so processes, of process_each at once
    silent: float = 60.0  # an open connection may say nothing
    slow: float = 5.0  # a request that has begun may take to arrive
    hung: float = 5.0  # a worker may give no sign of life
    reuse_port: bool = False  # each process listens for itself; else all share one listening socket
    trials: bool = False  # /raise and /segfault do what they say; else they are not found


def spoken(name):
    """The name of a server as a person would write it."""
    return name.replace("_", " ")


def find(name):
    """The module of a server. Raises ValueError for an unknown name and for one that cannot run
    here."""
    name = name.replace("-", "_")
    if name not in NAMES:
        raise Problem(f"there is no server {name!r}; there are: {', '.join(NAMES)}.")
    if missing := lacking(name):
        raise Problem(f"the server {name!r} needs {missing}, which is not here.")
    return import_module(f"pvt.course.server.servers.{name}")


def lacking(name):
    """What this server needs and this system has not, or None."""
    if name in SINGLE:
        return None
    if missing := host.lacking(("fork",)):
        return missing
    return "epoll" if name == "prefork_threads" and not hasattr(select, "epoll") else None


def possible():
    """The names of the servers that can run here, in order."""
    return [name for name in NAMES if not lacking(name)]


def raised_file_limit():
    """Allow this process as many open files as it may allow itself; how many that is, or None if
    that is unknown."""
    try:
        import resource
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 1 << 16 if hard == resource.RLIM_INFINITY else hard
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    except (OSError, ValueError):
        return soft
    return max(soft, wanted)


def room(servers=1):
    """How many connections one client may hold to `servers` at once, and why no more: (count,
    reason)."""
    files, numbers = raised_file_limit() or 500, ports() or 16_000
    limits = {
        "this process may open only {} files": files - 60,
        "this system numbers only {} connections": numbers,
    }
    why = min(limits, key=limits.get)
    return max(1, limits[why] // servers), why.format(f"{files if 'files' in why else numbers:,}")


def ports():
    """How many connections to one address this system can number, or None if that is unknown."""
    limits = (
        host.text("/proc/sys/net/ipv4", "ip_local_port_range")
        if os.path.isdir("/proc/sys")
        else None
    )
    if not limits:
        return None
    first, last = map(int, limits.split())
    return last - first + 1
