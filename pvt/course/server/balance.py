"""Processes that share a listening socket get unequal parts of the connections; SO_REUSEPORT draws
lots for each.

With one socket for all, the processes wait in epoll, and the kernel does not ask them in turn (see
waking.py). With SO_REUSEPORT each process has a queue of its own, and the system picks one for each
connection, by a hash of its addresses and ports.
"""

import socket
import sys
import time
from collections import Counter
from statistics import median
from typing import Literal

from pvt.claims import Claim
from pvt.course.server.servers import prefork_loops, room
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service

QUESTION = "Which process gets the connections?"
OUTCOMES = ("Each gets about the same", "Unequal with one shared socket", "Unequal with both")
NEEDS = ("fork",)
SECONDS, ROUNDS, PATIENCE = 4.0, 5, 2.0
WAYS = ("one socket for all", "SO_REUSEPORT")
FAIR = 0.25  # a process with a quarter more or less than its part still has about its part
LUCK = (
    2.5,
    5.0,
)  # what lots would give stays below the first and never reaches the second (see `luck`)
STUDY = (prefork_loops.serve,)


def run(*, processes: Literal[2, 4, 8] = 4, connections: Literal[40, 400, 2_000] = 400):
    """`connections` come to a prefork server with `processes`; new ones in each round."""
    count, _ = room()
    for way in WAYS if hasattr(socket, "SO_REUSEPORT") and sys.platform == "linux" else WAYS[:1]:
        with Service("prefork_loops", processes=processes, reuse_port=way == WAYS[1]) as service:
            settle(service, processes)
            for number in range(1, ROUNDS + 1):
                for at, got in enumerate(parts(service, min(count, connections), processes), 1):
                    yield {
                        "way": way,
                        "round": number,
                        "process": at,
                        "connections": got,
                        "of": connections,
                    }


def settle(service, processes):
    """Wait until every process has begun to listen, where that can be seen: until they use no
    more processor time."""
    with Crowd(service.port) as crowd:
        crowd.open(processes, PATIENCE)
    before = -1.0
    for _ in range(20):
        if (now := service.figures(switches=False).processor) == before:
            return
        before = now
        time.sleep(0.05)


def parts(service, connections, processes):
    """How many connections each process got, most first."""
    with Crowd(service.port) as crowd:
        crowd.open(connections, PATIENCE)
        got = sorted(Counter(client.process for client in crowd.clients).values(), reverse=True)
    return got + [0] * (processes - len(got))


def rounds(rows, way):
    """The parts of each round, as lists."""
    mine = [row for row in rows if row["way"] == way]
    numbers = sorted({row["round"] for row in mine})
    return [[row["connections"] for row in mine if row["round"] == number] for number in numbers]


def uneven(rows, way):
    """The largest distance of a process from its equal part, as a share of this part; None if
    nothing came."""
    far = [
        abs(got * len(one) / sum(one) - 1) for one in rounds(rows, way) if sum(one) for got in one
    ]
    return max(far, default=None)


def outcome(rows):
    far = [uneven(rows, way) for way in WAYS]
    if None in far:
        return None
    return OUTCOMES[0] if max(far) < FAIR else OUTCOMES[2] if min(far) >= FAIR else OUTCOMES[1]


def spoken(rows, way):
    return ", ".join(" + ".join(map(str, one)) for one in rounds(rows, way))


def sentence(rows):
    parts = [f"{way} {busiest(rows, way):.0%}" for way in WAYS if rounds(rows, way)]
    return f"Share of the connections that the busiest process got: {'; '.join(parts)}."


def busiest(rows, way):
    """The share of the process that got most, the middle of the rounds."""
    return median(max(one) / max(1, sum(one)) for one in rounds(rows, way))


def draw(ax, rows):
    """One stacked bar a round; a dashed line where the first process's equal part would end."""
    labels, total = [], max(1, max(sum(one) for way in WAYS for one in rounds(rows, way) or [[0]]))
    for way in WAYS:
        for number, one in enumerate(rounds(rows, way), 1):
            at, left = len(labels), 0
            for place, got in enumerate(one):
                hatch = ("", "//", "..", "xx")[place % 4]
                ax.barh(at, got, 0.75, left=left, color="process", edgecolor="white", hatch=hatch)
                if got > total / 25:
                    box = {"facecolor": "white", "linewidth": 0, "pad": 1}
                    ax.annotate(
                        str(got),
                        (left + got / 2, at),
                        ha="center",
                        va="center",
                        fontsize=9,
                        bbox=box,
                    )
                left += got
            labels.append(f"{way}, {number}")
    count = max(row["process"] for row in rows)
    for part in range(1, count):
        ax.axvline(total * part / count, color="ink", linestyle="--", linewidth=1)
    ax.set(yticks=range(len(labels)), xlabel="connections; dashed: equal parts", xlim=(0, total))
    ax.set_yticklabels(labels)
    ax.invert_yaxis()


def luck(rows, way):
    """How far from equal the parts are, beside what drawing lots gives: 1 on average (chi-square
    by freedom)."""
    ones = [one for one in rounds(rows, way) if sum(one)]
    far = sum(
        (got - sum(one) / len(one)) ** 2 / (sum(one) / len(one)) for one in ones for got in one
    )
    return far / max(1, sum(len(one) - 1 for one in ones))


def spread_over(rows):
    """Whether every process has something to do, however the connections come."""
    least = min(
        got * len(one) / sum(one)
        for way in WAYS
        for one in rounds(rows, way)
        if sum(one)
        for got in one
    )
    shares = "; ".join(f"{way}: {spoken(rows, way)}" for way in WAYS if rounds(rows, way))
    return (
        least > 0.05,
        f"the least that a process got was {least:.0%} of its equal part ({shares}).",
    )


def by_lot(way):
    """A check: are the parts as equal as if lots had been drawn?"""

    def check(rows):
        if not rounds(rows, way):
            return None, f"{way} does not spread connections on this system."
        far, most = luck(rows, way), uneven(rows, way)
        because = (
            f"the processes got {spoken(rows, way)} connections. By pure chance the spread would be"
            f" about 1; here it was {far:,.1f}. The farthest was {most:.0%} from its equal part."
        )
        return (True if far < LUCK[0] else False if far > LUCK[1] else None), because

    return check


SOME = "The connections of a prefork server are spread over all its processes."
SHARED = "Processes that share one listening socket get equal parts, but for the luck of the draw."
DRAWN = "With SO_REUSEPORT each process gets an equal part, but for the luck of the draw."
MANY = {"connections": 2_000}
CLAIMS = [
    Claim("server.balance", SOME, MANY, spread_over),
    Claim("server.balance-shared", SHARED, MANY, by_lot(WAYS[0])),
    Claim("server.balance-reuseport", DRAWN, MANY, by_lot(WAYS[1])),
]
