"""What Linux tells of processes and threads: /proc, see proc(5), and prctl(2).

Sizes are in bytes, times in seconds of one core. Where there is no /proc, or the process has gone,
the answer is None or empty, never an exception.
"""

import os
import sys
from contextlib import suppress

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36


def prctl(option, value):
    """Set an attribute of the calling process (or thread: PR_SET_PDEATHSIG); nothing where there
    is no prctl."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(option, int(value), 0, 0, 0)


def text(path):
    """The text of a small file, or None."""
    with suppress(OSError), open(path) as file:
        return file.read()


def status(pid="self", task=None):
    """The lines of a process's status file, or of one of its threads': name -> text."""
    folder = f"/proc/{pid}/task/{task}" if task else f"/proc/{pid}"
    lines = (text(f"{folder}/status") or "").splitlines()
    return dict(line.split(":", 1) for line in lines)


def sizes(*names, pid="self"):
    """Sizes in a status file such as VmRSS (resident), VmSize (addresses) or VmPTE (page
    tables): name -> bytes."""
    found = status(pid)
    return {name: int(found[name].split()[0]) << 10 for name in names if name in found}


def memory(pid="self"):
    """What smaps_rollup says of a process's memory: Rss, Pss, Private_Clean, Private_Dirty … ->
    bytes."""
    lines = (text(f"/proc/{pid}/smaps_rollup") or "").splitlines()
    words = [line.split() for line in lines]
    return {one[0].rstrip(":"): int(one[1]) << 10 for one in words if one[-1] == "kB"}


def private(pid="self"):
    """The bytes of memory that no other process shares, or None."""
    found = memory(pid)
    return (
        sum(size for name, size in found.items() if name.startswith("Private_")) if found else None
    )


def anonymous(pid="self"):
    """The bytes of a process in memory that are no file's, those it shares with others too, or
    None. It takes microseconds; `private` takes longer for each page.
    """
    pages = (text(f"/proc/{pid}/statm") or "").split()
    return (int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE") if pages else None


def addresses():
    """The bytes of addresses that this process has, or None."""
    pages = text("/proc/self/statm")
    return int(pages.split()[0]) * os.sysconf("SC_PAGE_SIZE") if pages else None


def threads(pid="self"):
    """The ids of a process's threads, as the kernel numbers them."""
    with suppress(OSError):
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    return []


def children(pid="self"):
    """The ids of a process's children, whichever of its threads started them."""
    listed = (text(f"/proc/{pid}/task/{thread}/children") or "" for thread in threads(pid))
    return [int(child) for line in listed for child in line.split()]


def tree(pid):
    """The ids of a process and of all below it, parents first."""
    found = [pid]
    for one in found:
        found += children(one)
    return found


def switches(pid="self", task=None):
    """Context switches of a thread so far, [voluntary, involuntary]; zeros if unknown. Without
    `task` the first's."""
    found = [int(value) for name, value in status(pid, task).items() if "ctxt_switches" in name]
    return found or [0, 0]


def stat(pid="self"):
    """What stands in /proc/PID/stat behind the name of the program; an empty list if unknown."""
    return (text(f"/proc/{pid}/stat") or "").rpartition(")")[2].split()


def processor(pid="self", waited=False):
    """Seconds of a core that a process has used; `waited`: also those of children it waited for.
    0 if unknown."""
    ticks = sum(map(int, stat(pid)[11 : 15 if waited else 13]))
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


def core(pid="self"):
    """The number of the core on which a process ran last, or None."""
    words = stat(pid)
    return int(words[36]) if len(words) > 36 else None
