"""Why the system refuses a process, a thread, an open file or memory: the limit, what is in use,
the next step."""

import errno
import os

from pvt import host
from pvt.tools import ceilings

BEGIN = "could not start"
# What every experiment takes, beside its workers: a guardian, its own process, a thread that reads
# its rows
NEED = 3
# A ceiling with no more room than this is the one that was met: some have ended since, and others
# come and go
FEW = 8
WORKER, FILE, MEMORY = "another process or thread", "another open file", "more memory"
THINGS = {errno.EAGAIN: WORKER, errno.EMFILE: FILE, errno.ENFILE: FILE, errno.ENOMEM: MEMORY}
RAISE = {
    "RLIMIT_NPROC": "ulimit -u",
    "RLIMIT_NOFILE": "ulimit -n",
    "RLIMIT_AS": "ulimit -v",
    "pids.max": "for the container",
}


def ending(problem):
    """How a run ended that the system did not let start. Raises the problem again if it is of
    another kind."""
    thing = refused(problem)
    if not thing:
        raise problem
    detail = getattr(problem, "strerror", None) or str(problem)
    name, why = limit(thing)
    free = "close files" if thing == FILE else "shut down other kernels and programs"
    step = f"{free}, or raise it ({RAISE[name]})" if name in RAISE else free
    return f"{BEGIN}: the system refuses {thing}{f' ({detail})' if detail else ''}; {why}; {step}"


def refused(problem):
    """What was refused, None if this is no refusal."""
    if isinstance(problem, MemoryError):
        return MEMORY
    if isinstance(problem, RuntimeError):
        return WORKER if "can't start new thread" in str(problem) else None
    return THINGS.get(problem.errno)


def limit(thing):
    """(name, what it allows in words) of the limit that was met, as far as one can be read."""
    limits = host.limits()
    if thing == WORKER:
        known = [one for one in ceilings.shared() if one.binds and None not in (one.most, one.used)]
        tight = min(known, key=lambda one: one.most - one.used, default=None)
        if tight and tight.most - tight.used <= FEW:
            use = f"{tight.used:,} in use, and an experiment takes {NEED} and its workers"
            return tight.name, f"{tight.name} allows {tight.most:,}, with {use}"
    if thing == FILE and (most := limits.get("limit_open_files")):
        return "RLIMIT_NOFILE", f"RLIMIT_NOFILE allows a process {most:,}"
    if most := limits.get("limit_address_space"):  # a thread's stack needs addresses as well
        return "RLIMIT_AS", f"RLIMIT_AS allows a process {most >> 20:,} MiB of addresses"
    return "", "which limit that is cannot be read here"


def numbered(number):
    """The same for an error number that came from the far side."""
    return ending(OSError(number, os.strerror(number)))
