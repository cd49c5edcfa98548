"""Whoever holds a lock is killed, or paused: a lock here is stuck for ever; one with a lease
becomes free, twice if need be.

A lease ends unless its holder renews it, so a dead holder keeps nobody waiting for long. But a
holder that was only paused does not know that its lease has ended. It writes late, while another
one holds the lock. A number that grows with each holder lets the storage refuse what is late.
"""

import os
import signal
import tempfile
import time
from contextlib import suppress
from typing import Literal

from pvt.claims import Claim
from pvt.tools import cluster

QUESTION = "The holder of a lock is killed. Who gets it?"
OUTCOMES = (
    "Nobody, on machines too",
    "The next machine, after a while",
    "The next one, everywhere",
)
NEEDS = ("dask.distributed", "fork")
SECONDS = 5.0
WAIT = 0.8  # seconds that the next one waits here for a lock without a lease, until we give up
LATE, PATIENCE = 15.0, 20.0
CASES = (
    ("thread", "ended", False),
    ("process", "killed", False),
    ("machine", "killed", False),
    ("machine", "paused", False),
    ("machine", "paused", True),
)


def hold(folder, lock):
    """The first holder takes a number and the lock, says so, and writes after a pause. It never
    gets that far alone."""
    lock.acquire()
    number = next_number(folder)
    say(folder, "held")
    cluster.until(lambda: os.path.exists(os.path.join(folder, "go on")), LATE)
    return number


def next_one(folder, lock, seconds):
    """Somebody else wants the lock, and gives up after a while: how long it waited, and the
    number, or None."""
    begin = time.perf_counter()
    if not lock.acquire(timeout=seconds):
        return time.perf_counter() - begin, None
    return time.perf_counter() - begin, next_number(folder)


def next_number(folder):
    """Each holder gets a number that is one higher than the last: only a holder may call this."""
    path = os.path.join(folder, "number")
    number = int(text(path) or 0) + 1
    say(folder, "number", str(number))
    return number


def write(folder, number, what, checks):
    """The storage. One that checks refuses the number of a holder that another has followed."""
    if checks and number < int(text(os.path.join(folder, "written by")) or 0):
        return False
    say(folder, "written by", str(number))
    say(folder, "written", what)
    return True


def on_machine(folder, name):
    """The first holder, on a machine: hold the lock, be paused or killed, and write if ever it
    comes to that."""
    number = hold(folder, lock_named(name))
    say(
        folder,
        "late",
        str(write(folder, number, "the late one", os.path.exists(f"{folder}/checks"))),
    )


def after_it(folder, name):
    """The next holder, on another machine; it writes, too."""
    waited, number = next_one(folder, lock_named(name), LATE)
    if number:
        write(folder, number, "the new one", os.path.exists(f"{folder}/checks"))
    return waited, number


def lock_named(name):
    import distributed

    return distributed.Lock(name)


STUDY = (hold, next_one, write, on_machine, after_it)


def say(folder, name, what=""):
    """Write a note, all of it or nothing."""
    path = os.path.join(folder, name)
    with open(f"{path}.{os.getpid()}", "w") as file:
        file.write(what)
    os.replace(f"{path}.{os.getpid()}", path)


def text(path):
    """What a note says, or None."""
    with suppress(OSError), open(path) as file:
        return file.read()


def run(*, lease_ms: Literal[500, 1000, 2000] = 500):
    """A lease ends after some milliseconds, if nobody renews it."""
    seconds = lease_ms / 1000
    check = {"scheduler__locks__lease_timeout": f"{lease_ms}ms"}
    check["scheduler__locks__lease_validation_interval"] = f"{lease_ms // 5}ms"
    with cluster.launched(4, **check) as processes:
        yield in_processes()
        yield in_threads()
        with processes.client() as there:
            first, second, third, last = there.names
            yield on_machines(there, "killed", False, first, last, seconds)
            yield on_machines(there, "paused", False, second, last, seconds)
            yield on_machines(there, "paused", True, third, last, seconds)


def in_threads():
    """A thread takes the lock and ends without giving it back."""
    import threading

    folder, lock = tempfile.mkdtemp(), threading.Lock()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    return row(CASES[0], *next_one(folder, lock, WAIT))


def in_processes():
    """A process takes the lock and is killed."""
    import multiprocessing

    folder, lock = tempfile.mkdtemp(), multiprocessing.Lock()
    holder = multiprocessing.Process(target=hold, args=(folder, lock))
    holder.start()
    cluster.until(lambda: os.path.exists(f"{folder}/held"))
    holder.kill()
    holder.join()
    return row(CASES[1], *next_one(folder, lock, WAIT))


def on_machines(there, fate, checks, first, last, seconds):
    """A machine takes the lock, and is killed or paused; another one waits for it."""
    folder, name = tempfile.mkdtemp(), f"{fate} {checks}"
    if checks:
        say(folder, "checks")
    holder = there.client.submit(on_machine, folder, name, **there.on(first))
    cluster.until(lambda: os.path.exists(f"{folder}/held"))
    os.kill(there.processes[first].pid, signal.SIGKILL if fate == "killed" else signal.SIGSTOP)
    waited, number = there.client.submit(after_it, folder, name, **there.on(last)).result(PATIENCE)
    if fate == "paused":
        say(folder, "go on")
        os.kill(there.processes[first].pid, signal.SIGCONT)
        cluster.until(lambda: os.path.exists(f"{folder}/late"))
    del holder
    late = {"True": True, "False": False}.get(text(f"{folder}/late"))
    return row(("machine", fate, checks), waited, number, seconds, late, text(f"{folder}/written"))


def row(case, waited, number, lease=None, late=None, written=None):
    """`number`: that of the next holder, None if there is none; `late`: whether the first one's
    late write was taken."""
    kind, fate, checks = case
    found = {"kind": kind, "fate": fate, "checks": checks, "lease": lease, "waited": waited}
    return found | {"number": number, "late": late, "written": written}


def chosen(rows, kind, fate=None, checks=False):
    """The row of this case, or None."""
    return next(
        (
            row
            for row in rows
            if row["kind"] == kind and fate in (None, row["fate"]) and row["checks"] == checks
        ),
        None,
    )


def outcome(rows):
    here, there = chosen(rows, "process"), chosen(rows, "machine", "killed")
    if not here or not there:
        return None
    if not there["number"]:
        return OUTCOMES[0]
    return OUTCOMES[2] if here["number"] else OUTCOMES[1]


def result(row):
    """What became of the lock, in words."""
    if row is None:
        return "not seen"
    words = f"the next {row['kind']} got it after {1000 * row['waited']:,.0f} ms"
    if not row["number"]:
        words = f"the next {row['kind']} had not got it after {1000 * row['waited']:,.0f} ms"
    taken = {True: "taken", False: "refused"}
    checked = f"{' by a storage that checks' * row['checks']}"
    late = (
        f", and the late write was {taken[row['late']]}{checked}" if row["late"] is not None else ""
    )
    return f"{row['kind']} {row['fate']}: {words}{late}"


def sentence(rows):
    here = [row["kind"] for row in rows if not row["number"]]
    killed = chosen(rows, "machine", "killed")
    stuck = f"Stuck after the holder's end: the lock of a {' and of a '.join(here)}" if here else ""
    free = (
        f"free on machines after {1000 * killed['waited']:,.0f} ms"
        if killed and killed["number"]
        else ""
    )
    return f"{'; '.join(filter(None, (stuck, free))) or 'No lock was seen'}."


def draw(ax, rows):
    """How long the next one waited; an arrow where it never got the lock."""
    names = []
    rows = sorted(rows, key=lambda row: CASES.index((row["kind"], row["fate"], row["checks"])))
    for level, row in enumerate(rows):
        ms, colour = 1000 * row["waited"], row["kind"]
        ax.barh(-level, ms, 0.6, color=colour, alpha=0.85 if row["number"] else 0.3)
        words = {True: " late write taken ✘", False: " late write refused ✔"}.get(row["late"], "")
        ax.text(
            ms,
            -level,
            f" {ms:,.0f}{words}" if row["number"] else " → not within the time",
            va="center",
            fontsize=9,
            color="ink",
        )
        names.append(f"{row['kind']} {row['fate']}" + ",\nthe storage checks" * row["checks"])
    if lease := max((row["lease"] or 0 for row in rows), default=0):
        ax.axvline(1000 * lease, color="ink", linestyle=":", linewidth=1)
        ax.text(1000 * lease, 0.55, "lease", ha="center", fontsize=9, color="ink")
    ax.set(xlabel="ms that the next one waited", ylim=(-4.6, 0.9))
    ax.set_yticks([-level for level in range(len(rows))], names)
    ax.margins(x=0.35)


def comes_free(rows):
    found = chosen(rows, "machine", "killed")
    if not found:
        return None, "no lock of a machine was seen."
    beside = "; ".join(result(chosen(rows, kind)) for kind in ("thread", "process"))
    because = (
        f"{result(found)}, with a lease of {1000 * found['lease']:,.0f} ms. Beside it, {beside}."
    )
    return found["number"] is not None, because


def two_at_once(rows):
    found = chosen(rows, "machine", "paused")
    if not found or found["late"] is None or not found["number"]:
        return None, "the paused holder, or the next one, was not seen to the end."
    because = f"{result(found)}; at the end the storage had what {found['written']} wrote."
    return found["late"], because


def refused(rows):
    found = chosen(rows, "machine", "paused", True)
    if not found or found["late"] is None or not found["number"]:
        return None, "the paused holder, or the next one, was not seen to the end."
    because = f"{result(found)}; at the end the storage had what {found['written']} wrote."
    return not found["late"] and found["written"] == "the new one", because


FREE = "A lock with a lease becomes free, although the machine that held it is dead."
BOTH = "With a lease, a holder that was only paused can write while another one holds the lock."
NUMBER = "A storage that checks a number growing with each holder refuses what is late."
CLAIMS = [
    Claim("machines.lease", FREE, {}, comes_free),
    Claim("machines.two-holders", BOTH, {}, two_at_once, kind="can"),
    Claim("machines.fencing", NUMBER, {}, refused),
]
