"""A new connection for each request costs more than the request: how much, depends on who serves
it."""

import socket
import time
from contextlib import ExitStack
from typing import Annotated

from pvt.claims import Claim
from pvt.course.server.servers import possible, spoken
from pvt.course.server.servers.asking import LENGTHS, request
from pvt.course.server.servers.service import Service
from pvt.timing import interleaved, ratios, spread

QUESTION = "What does a new connection for each request cost?"
OUTCOMES = ("Less than the request itself", "1 to 3 times the request", "More than 3 times")
SECONDS, ROUNDS, LATEST = 2.0, 6, 3.0
SERVERS = ("event_loop", "thread_each", "process_each")
LAST = request("/", keep=False)
NEXT = request("/")


def kept(port, times):
    connection = connected(port)
    for _ in range(times):
        asked(connection, NEXT)
    connection.close()


def fresh(port, times):
    for _ in range(times):
        connection = connected(port)
        asked(connection, LAST)
        connection.close()


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def asked(connection, message):
    connection.sendall(message)
    if len(connection.recv(4_096)) not in LENGTHS:
        raise RuntimeError("this is not the answer that was expected")


STUDY = (kept, fresh)


def run(*, requests: Annotated[int, range(10, 501, 10)] = 60):
    """`requests` in each round, one after another: on one connection, and each on a new one."""
    names = [name for name in SERVERS if name in possible()]
    with ExitStack() as stack:
        services = {name: stack.enter_context(Service(name)) for name in names}
        kinds = [(name, work) for name in names for work in (kept, fresh)]
        for number, (name, work) in interleaved(kinds, ROUNDS, LATEST):
            port = services[name].port
            begin = time.perf_counter()
            work(port, requests)
            seconds = (time.perf_counter() - begin) / requests
            yield {"round": number, "server": name, "connection": work.__name__, "seconds": seconds}


def times(rows, server, kind):
    """Seconds per request, round by round; the first warms up."""
    return [
        row["seconds"]
        for row in rows
        if row["server"] == server and row["connection"] == kind and row["round"]
    ]


def factor(rows, server):
    return ratios(times(rows, server, "fresh"), times(rows, server, "kept"))


def factors(rows):
    return {server: found for server in SERVERS if (found := factor(rows, server))}


def outcome(rows):
    found = factor(rows, "event_loop")
    if not found:
        return None
    return OUTCOMES[0] if found.middle < 2 else OUTCOMES[1] if found.middle < 4 else OUTCOMES[2]


def sentence(rows):
    parts = [f"{spoken(server)} {found.middle:.1f}" for server, found in factors(rows).items()]
    times = ", ".join([f"{parts[0]} times as long", *parts[1:]]) if parts else "not measured yet"
    return f"A request on a new connection takes, compared with a kept one: {times}."


def draw(ax, rows):
    """Time per request, kept and fresh, for each server."""
    for at, server in enumerate(SERVERS):
        for side, kind, hatch in ((-0.2, "kept", None), (0.2, "fresh", "//")):
            if found := spread(times(rows, server, kind)):
                colour = {
                    "event_loop": "other",
                    "thread_each": "thread",
                    "process_each": "process",
                }[server]
                ax.bar(
                    at + side,
                    found.middle * 1e3,
                    0.36,
                    color=colour,
                    hatch=hatch,
                    edgecolor="white",
                )
                note = f"{kind}\n{found.middle * 1e3:.2f}"
                ax.annotate(
                    note, (at + side, found.middle * 1e3), ha="center", va="bottom", fontsize=9
                )
    ax.margins(y=0.25)
    ax.set(xticks=range(3), xlim=(-0.6, 2.6), ylabel="ms per request")
    ax.set_xticklabels([spoken(server) for server in SERVERS])


def saves(rows):
    found = factors(rows)
    if not found:
        return None, "not one round was finished."
    because = "; ".join(
        f"{spoken(server)}: a new connection for each request takes {ratio.middle:.1f} times as"
        " long"
        f" ({ratio.least:.1f} to {ratio.most:.1f})"
        for server, ratio in found.items()
    )
    if min(ratio.count for ratio in found.values()) < 3:
        return None, "too few rounds were finished: " + because + "."
    if all(ratio.lower > 1.1 for ratio in found.values()):
        return True, because + "."
    return (False if any(ratio.most < 0.9 for ratio in found.values()) else None), because + "."


REUSE = "Reusing a connection for many requests saves work."
CLAIMS = [Claim("server.keep-alive", REUSE, {}, saves)]
