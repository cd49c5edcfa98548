"""More requests at once than a pool and its queue can take: those beyond are refused at once,
those in it wait."""

from typing import Literal

from pvt.claims import Claim
from pvt.course.server.servers import room, thread_each, thread_pool
from pvt.course.server.servers.asking import request
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service
from pvt.timing import text

QUESTION = "What happens to requests that are too many?"
OUTCOMES = ("The server dies", "All are answered, some late", "Some are refused at once")
SECONDS, WAIT = 2.5, 20  # usual seconds; ms that each request waits, as for a database
LIMIT = 4.0  # seconds without an answer until we give up
STUDY = (thread_pool.serve, thread_pool.refuse, thread_each.serve)


def run(
    *,
    clients: Literal[20, 60, 200, 1_000] = 200,
    threads: Literal[1, 4, 16, 64] = 4,
    queue: Literal[1, 10, 40, 100] = 40,
):
    """`clients` come at the same moment; the pool has `threads`, and a `queue` for further ones."""
    count, why = room()
    for name, places in (("thread_pool", queue), ("thread_pool", 10_000), ("thread_each", None)):
        with Service(name, threads=threads, queue=places or 1) as service:
            yield wave(service, min(clients, count), places, why if count < clients else "")


def wave(service, clients, queue, why):
    """All knock at once, each with one request. Afterwards: does the server still answer?"""
    message = request(f"/?wait={WAIT}", keep=False)
    with Crowd(service.port) as crowd:
        crowd.open(clients, LIMIT, message, together=clients)
        most = service.figures(switches=False).threads
        times = sorted(client.latencies[0] for client in crowd.clients)
        with Crowd(service.port) as later:
            alive = later.open(1, LIMIT) == 1 or (None if service.process.poll() is None else False)
        return {
            "server": service.name,
            "threads": service.rules.threads if queue else None,
            "queue": queue,
            "offered": clients,
            "answered": len(times),
            "refused": crowd.refused,
            "failed": crowd.failed,
            "unanswered": len(crowd.waiting),
            "first": times[0] if times else None,
            "last": times[-1] if times else None,
            "threads_after": most,
            "alive": alive,
            "why": why,
        }


def name(row):
    if row["queue"] is None:
        return "a thread each"
    places = "no bound" if row["queue"] > row["offered"] else f"{row['queue']} places"
    return f"pool of {row['threads']},\nqueue: {places}"


def outcome(rows):
    row = rows[0]
    return OUTCOMES[0] if row["alive"] is False else OUTCOMES[2] if row["refused"] else OUTCOMES[1]


def sentence(rows):
    parts = [
        f"{short_name(row)}: {row['answered']}"
        + (f" in {text(row['last'])}" if row["last"] else "")
        for row in rows
    ]
    return f"Answered, of {rows[0]['offered']} requests – {'; '.join(parts)}."


def short_name(row):
    if row["queue"] is None:
        return "a thread each"
    return "no bound" if row["queue"] > row["offered"] else f"queue of {row['queue']}"


def draw(ax, rows):
    """Answered, refused and lost of each wave, with the time of the last answer."""
    for at, row in enumerate(rows):
        ax.bar(at, row["answered"], 0.6, color="thread", label="answered" if not at else None)
        kept = {"bottom": row["answered"], "color": "none"}
        ax.bar(
            at,
            row["refused"],
            0.6,
            edgecolor="ink",
            hatch="..",
            label=None if at else "refused (503)",
            **kept,
        )
        lost = row["failed"] + row["unanswered"]
        bottom = row["answered"] + row["refused"]
        ax.bar(
            at,
            lost,
            0.6,
            bottom=bottom,
            color="none",
            edgecolor="trouble",
            hatch="//",
            label=None if at else "lost",
        )
        last = f"last answer\nafter {text(row['last'])}" if row["last"] else "no answer"
        ax.annotate(last, (at, row["offered"]), ha="center", va="bottom", fontsize=10)
    ax.set(
        xticks=range(len(rows)),
        xlim=(-0.6, 2.6),
        ylim=(0, rows[0]["offered"] * 1.3),
        ylabel="requests",
    )
    ax.set_xticklabels([name(row) for row in rows])


def endures(rows):
    """Every request was answered or refused politely, and the server serves on."""
    pools = [row for row in rows if row["queue"] is not None]
    because = "; ".join(
        f"with {row['queue']:,} places in the queue, {row['answered']} of {row['offered']}"
        " requests were answered"
        f" (the last after {text(row['last'] or 0)}), {row['refused']} refused,"
        f" {row['failed'] + row['unanswered']} lost"
        for row in pools
    )
    if any(row["alive"] is False for row in pools):
        return False, because + "; then a server was dead."
    if any(row["unanswered"] or not row["alive"] for row in pools):
        return None, because + ". Some had no answer when we gave up."
    because += "; afterwards it served on."
    refused, late = pools[0]["refused"], (pools[1]["last"] or 0) > (pools[1]["first"] or 0) * 2
    if not refused or not late:
        return None, because + " That was no overload."
    return not any(row["failed"] for row in pools), because


POOLED = "A bounded pool with a queue delays or refuses what is too much; it does not die."
CLAIMS = [Claim("server.pooled", POOLED, {}, endures)]
