"""One heavy request holds up all others in an event loop; slow clients hold up all others in a pool
of threads.

A slow client sends half a request and then nothing. A heavy request computes; its thread has to
share the GIL, so the others get their turns in between.
"""

from typing import Literal

from pvt.claims import Claim
from pvt.course.server.servers import event_loop, possible, spoken, thread_pool
from pvt.course.server.servers.asking import request
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service
from pvt.timing import text

QUESTION = "Who waits for one heavy request, and for slow clients?"
OUTCOMES = (
    "The event loop for both",
    "The loop for the heavy one, the pool for the slow",
    "The pool for both",
)
SECONDS, LIGHT, THREADS = 4.0, 5, 8  # usual; clients that ask for little; threads in a pool
LIMIT = 1.0  # seconds after which a server closes slow clients
SERVERS = ("thread_each", "thread_pool", "event_loop", "prefork_threads", "prefork_loops")
STUDY = (thread_pool.serve, thread_pool.work, event_loop.beat)


def run(*, heavy_ms: Literal[50, 200, 500] = 200, slow: Literal[0, 8, 16, 64] = 16):
    """One request that computes for `heavy_ms`; `slow` is how many slow clients there are. Pools
    have 8 threads."""
    for name in [name for name in SERVERS if name in possible()]:
        with Service(name, threads=THREADS, processes=2, slow=LIMIT) as service:
            yield beside_heavy(service, heavy_ms)
        with Service(name, threads=THREADS, processes=2, slow=LIMIT) as service:
            yield beside_slow(service, slow)


def row(service, trial, size, latencies, unanswered):
    """The same keys for both trials. `worst` is None where no request was answered."""
    times = sorted(latencies)
    middle, worst = (times[len(times) // 2], times[-1]) if times else (None, None)
    figures = {"answered": len(times), "unanswered": unanswered, "middle": middle, "worst": worst}
    return {"server": service.name, "trial": trial, "size": size, **figures}


def beside_heavy(service, milliseconds):
    """Clients that ask for little, one after another, while one computes once."""
    with Crowd(service.port) as light, Crowd(service.port) as heavy:
        light.open(LIGHT)
        heavy.open(1)
        heavy.clients[0].socket.send(request(f"/?work={milliseconds}"))
        asked = light.ask(milliseconds / 1e3, limit=10.0)
        heavy.ask(limit=5.0)
    return row(service, "heavy", milliseconds, asked.latencies, asked.unanswered)


def beside_slow(service, count):
    """New clients that ask for little, while others have sent half a request."""
    with Crowd(service.port) as slow, Crowd(service.port) as light:
        slow.open(count, 0.1, message=b"GET / HTTP/1.1\r\nHo", together=max(1, count))
        light.open(LIGHT, LIMIT * 4, together=LIGHT)
        times = [client.latencies[0] for client in light.clients]
        return row(service, "slow", count, times, LIGHT - len(times))


def found(rows, server, trial):
    return next((one for one in rows if one["server"] == server and one["trial"] == trial), None)


def waits(one):
    """Whether the clients that ask for little were held up: by half of the heavy request, or of
    the time limit."""
    if one is None or one["worst"] is None:
        return None
    return one["worst"] > (one["size"] / 2e3 if one["trial"] == "heavy" else LIMIT / 4)


def outcome(rows):
    pool, loop = (
        [waits(found(rows, name, trial)) for trial in ("heavy", "slow")] for name in SERVERS[1:3]
    )
    return {
        ((False, False), (True, True)): OUTCOMES[0],
        ((False, True), (True, False)): OUTCOMES[1],
        ((True, True), (False, False)): OUTCOMES[2],
    }.get((tuple(pool), tuple(loop)))


def sentence(rows):
    words, worst = {"heavy": "a heavy request", "slow": "slow clients"}, {}
    for one in sorted(rows, key=lambda one: one["worst"] or 0):
        worst[one["trial"]] = f"{text(one['worst'] or 0)} ({spoken(one['server'])})"
    parts = [f"beside {words[trial]} {longest}" for trial, longest in worst.items()]
    return f"The longest that a small request took: {'; '.join(parts)}."


def draw(ax, rows):
    """For each server the longest wait of a small request, beside one heavy request and beside
    slow clients."""
    for at, name in enumerate(SERVERS):
        for side, trial, hatch in ((-0.2, "heavy", None), (0.2, "slow", "//")):
            if (one := found(rows, name, trial)) and one["worst"]:
                colour = (
                    "process" if "prefork" in name else "thread" if "thread" in name else "other"
                )
                height = one["worst"] * 1e3
                ax.bar(at + side, height, 0.38, color=colour, hatch=hatch, edgecolor="white")
                ax.annotate(
                    f"{trial}\n{text(one['worst'])}",
                    (at + side, height),
                    ha="center",
                    va="bottom",
                    fontsize=9,
                )
    ax.set(
        yscale="log", ylim=(0.1, 2e4), ylabel="longest wait, ms", xlim=(-0.6, len(SERVERS) - 0.4)
    )
    ax.set_yticks([0.1, 1, 10, 100, 1_000], ["0.1", "1", "10", "100", "1,000"])
    ax.set_xticks(range(len(SERVERS)), [spoken(name).replace(" ", "\n") for name in SERVERS])


def loop_waits(rows):
    loop, pool = found(rows, "event_loop", "heavy"), found(rows, "thread_each", "heavy")
    if loop is None or pool is None or loop["worst"] is None or pool["middle"] is None:
        return None, "not all servers were tried."
    heavy = loop["size"] / 1e3
    because = (
        f"beside one request that computes for {text(heavy)}, a small one took up to"
        f" {text(loop['worst'])} in the event"
        f" loop; with a thread each {text(pool['middle'])} (median), at most {text(pool['worst'])}."
    )
    if waits(loop) and pool["middle"] > heavy / 4:
        return None, because + " The machine is too busy to tell them apart."
    return bool(waits(loop)), because


def pool_waits(rows):
    pool, loop = found(rows, "thread_pool", "slow"), found(rows, "event_loop", "slow")
    if (
        pool is None
        or loop is None
        or pool["size"] < THREADS
        or pool["worst"] is None
        or loop["worst"] is None
    ):
        return None, "not all servers were tried with enough slow clients."
    because = (
        f"beside {pool['size']} clients that had sent half a request, others waited up to"
        f" {text(pool['worst'])} for one"
        f" of {THREADS} threads (slow clients are closed after {text(LIMIT)}), in the event loop"
        f" {text(loop['worst'])}."
    )
    if waits(pool) and waits(loop):
        return None, because + " The machine is too busy to tell them apart."
    return bool(waits(pool)), because


HEAVY = "In an event loop, everybody waits for one request that computes."
SLOW = (
    "As many slow clients as a pool has threads stop a server for all; an event loop hardly"
    " notices them."
)
CLAIMS = [Claim("server.heavy", HEAVY, {}, loop_waits), Claim("server.slow", SLOW, {}, pool_waits)]
