"""A handler that raises costs one connection; one that crashes costs its whole process, which a
supervisor replaces."""

import sys
import time
from typing import Literal

from pvt.claims import Claim
from pvt.course.server.servers import event_loop, possible, prefork_loops, room, spoken
from pvt.course.server.servers.asking import request
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service
from pvt.host import cores
from pvt.timing import text

QUESTION = "How many connections survive a crash?"
OUTCOMES = ("All but the one that crashed", "Those of other processes", "None")
SECONDS, PATIENCE, GIVE_UP = 4.0, 2.0, 1.5
TRIALS = ("raise", "segfault")
SERVERS = ("thread_each", "event_loop", "prefork_threads", "prefork_loops")
STUDY = (event_loop.serve, prefork_loops.serve)


def run(*, connections: Literal[50, 200, 1_000, 4_000] = 200, processes: Literal[0, 2, 4, 8] = 0):
    """Each server holds `connections`; prefork servers in `processes` (0: one for each core, at
    least 2)."""
    count, why = room()
    rules = {
        "processes": processes or max(2, cores()),
        "reuse_port": sys.platform == "linux",
        "trials": True,
    }
    for name in [name for name in SERVERS if name in possible()]:
        with Service(name, **rules) as service:
            for trial in TRIALS:
                yield one_trial(
                    service, trial, min(count, connections), why if count < connections else ""
                )


def one_trial(service, trial, count, why):
    """Hold connections, let one more make its handler fail, ask all the others, and wait for the
    service."""
    with Crowd(service.port) as crowd, Crowd(service.port) as culprit:
        held = crowd.open(count, PATIENCE)
        before = crowd.ask(limit=PATIENCE)
        culprit.open(1, PATIENCE)
        culprit.ask(limit=1.0, message=request(f"/{trial}"))
        back = restored(service)
        after = crowd.ask(limit=PATIENCE)
    return {
        "server": service.name,
        "trial": trial,
        "wanted": count,
        "held": held,
        "answered": before.answered,
        "lost": after.failed,
        "survived": after.answered,
        "unanswered": after.unanswered,
        "restored": back,
        "processes": service.rules.processes if "prefork" in service.name else 1,
        "why": why,
    }


def restored(service):
    """Seconds until each of 16 new connections is answered again, or None if that does not
    happen."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < GIVE_UP and service.process.poll() is None:
        with Crowd(service.port) as crowd:
            if crowd.open(16, 0.5) == 16:
                return time.perf_counter() - begin
        time.sleep(0.01)
    return None


def found(rows, server, trial="segfault"):
    return next((row for row in rows if row["server"] == server and row["trial"] == trial), None)


def outcome(rows):
    row = found(rows, "event_loop")
    if not row:
        return None
    return OUTCOMES[2] if not row["survived"] else OUTCOMES[0] if not row["lost"] else OUTCOMES[1]


def sentence(rows):
    parts = []
    for trial in dict.fromkeys(row["trial"] for row in rows):
        mine = [row for row in rows if row["trial"] == trial]
        kept = {row["survived"] for row in mine}
        each = ", ".join(f"{spoken(row['server'])} {row['survived']}" for row in mine)
        parts.append(f"{trial}: " + (f"{kept.pop()} in all servers" if len(kept) == 1 else each))
    return f"Survivors of {rows[0]['held']} connections – {'; '.join(parts)}."


def draw(ax, rows):
    """For each server and trial a bar of survivors, and hatched what was lost."""
    labels = []
    for at, row in enumerate(rows):
        colour = (
            "process"
            if "prefork" in row["server"]
            else "thread"
            if "thread" in row["server"]
            else "other"
        )
        ax.barh(at, row["survived"], 0.7, color=colour)
        ax.barh(
            at,
            row["lost"],
            0.7,
            left=row["survived"],
            color="none",
            edgecolor="trouble",
            hatch="//",
        )
        back = (
            "service gone"
            if row["restored"] is None
            else f"served again after {text(row['restored'])}"
        )
        note = f"{row['survived']} survive, {row['lost']} lost; {back}"
        ax.annotate(note, (0.01, at), xycoords=("axes fraction", "data"), va="center", fontsize=9,
                    bbox={"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 1})  # fmt: skip
        labels.append(f"{spoken(row['server'])}: {row['trial']}")
    ax.set(
        yticks=range(len(rows)),
        xlabel="connections",
        xlim=(0, max(row["held"] for row in rows) * 1.02),
    )
    ax.set_yticklabels(labels)
    ax.invert_yaxis()


def crash_takes_all(rows):
    row, mild = found(rows, "event_loop"), found(rows, "event_loop", "raise")
    if not row or not row["held"] or row["answered"] < row["held"]:
        return None, "not all connections were held before the crash."
    because = (
        f"a real crash (segfault) took {row['lost']} of {row['held']} connections, and nothing"
        " served any more;"
        f" a handler that raised took {mild['lost']} of {mild['held']} others with it."
    )
    if row["restored"] is not None:
        because = because.replace("and nothing served any more", "yet the service went on")
    return (None if row["unanswered"] else row["survived"] == 0), because


def isolated(rows):
    """Survivors, a restart, and every connection answered before: for both mixtures."""
    mixed = [row for name in ("prefork_threads", "prefork_loops") if (row := found(rows, name))]
    if not mixed:
        return None, "this needs fork, which is not here."
    parts = [
        f"{spoken(row['server'])} answered {row['answered']} of {row['wanted']} connections in"
        f" {row['processes']}"
        f" processes; after a segfault {row['survived']} lived on and new ones were served"
        f" {'never again' if row['restored'] is None else 'after ' + text(row['restored'])}"
        for row in mixed
    ]
    because = "; ".join(parts) + "."
    if any(row["unanswered"] or row["answered"] < row["wanted"] for row in mixed):
        return None, because + " Not all came in time."
    if any(row["restored"] is None for row in mixed):
        return None, because + " The restart took longer than we waited."
    return all(row["survived"] > 0 for row in mixed), because


TAKES = "When an event loop crashes, all its connections are lost."
MIXED = (
    "One process for each core, with threads or a loop inside, isolates crashes and still"
    " holds every connection."
)
CLAIMS = [
    Claim("server.event-loop-crash", TAKES, {}, crash_takes_all),
    Claim("server.hybrid", MIXED, {}, isolated),
]
