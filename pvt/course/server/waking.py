"""Who is woken for the next connection depends on how the processes wait; a queue of one's own dies
with its process.

Blocking accept() queues the processes first in, first out. Processes that wait in epoll are asked
in a fixed order, always from the same end, so that an idle one is taken again and again. With
SO_REUSEPORT each process has a listening socket and a queue of its own; what waits there when the
process dies is reset, unless net.ipv4.tcp_migrate_req is set
(https://docs.kernel.org/networking/ip-sysctl.html).
"""

import os
import select
import signal
import socket
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import Literal

from pvt.claims import Claim

QUESTION = "Which process is woken for the next connection?"
OUTCOMES = (
    "They take turns, however they wait",
    "They take turns in accept() only",
    "They never take turns",
)
NEEDS, SECONDS = ("fork", "/proc"), 1.5
PROCESSES, PAUSE, PATIENCE = 4, 0.002, 2.0  # seconds between two connections; seconds for an answer
ACCEPT, EPOLL, DIES = "accept()", "epoll", "SO_REUSEPORT, one dies"
FAIR, UNFAIR = 0.25, 0.5  # shares of an equal part: so far from it is still fair, so far is not
LOST = -1  # instead of the number of a process: nobody answered


def in_accept(listener):
    while True:
        yield listener.accept()[0]


def in_epoll(listener):
    waiting = select.epoll()
    waiting.register(listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
    listener.setblocking(False)
    while True:
        waiting.poll()
        with suppress(BlockingIOError):
            yield listener.accept()[0]


STUDY = (in_accept, in_epoll)


def run(*, connections: Literal[40, 80, 400] = 80):
    """`connections` come one after another to four processes that share a listening socket.

    Then they come all at once to four processes with a socket each, of which one dies before it has
    answered.
    """
    for way, waits in ((ACCEPT, in_accept), (EPOLL, in_epoll)):
        with listening() as listener, serving(waits, [listener] * PROCESSES):
            yield from counted(way, [answered(asked(listener)) for _ in range(connections)])
    yield from counted(DIES, one_dies(connections))


def listening(port=0, share=False):
    """A listening socket; with `share` others may listen at its port as well."""
    listener = socket.socket()
    if share:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    return listener


@contextmanager
def serving(waits, listeners, held=False):
    """A process for each of these listeners, which answers with its number; yields their pids and a
    pipe.

    A byte written to the pipe lets one process begin. They begin at once unless they are `held`.
    """
    (go, begin), pids = os.pipe(), []
    for number, listener in enumerate(listeners):
        pid = os.fork()
        if pid == 0:
            serve(number, waits, listener, listeners, go)
        pids.append(pid)
    if not held:
        os.write(begin, b"x" * len(pids))
        time.sleep(0.05)  # until all of them wait
    try:
        yield pids, begin
    finally:
        for pid in pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        os.close(go), os.close(begin)


def serve(number, waits, listener, listeners, go):
    """A process of the server; never returns."""
    for other in {*listeners} - {listener}:
        other.close()
    try:
        os.read(go, 1)
        for connection in waits(listener):
            connection.sendall(bytes([number]))
            connection.close()
    finally:
        os._exit(0)


def asked(listener):
    """A new connection to this port, a moment after the one before."""
    time.sleep(PAUSE)
    return socket.create_connection(listener.getsockname(), PATIENCE)


def answered(client):
    """The number of the process that answered, LOST if nobody did."""
    with client:
        try:
            return ord(client.recv(1))
        except (OSError, TypeError):
            return LOST


def one_dies(connections):
    """All connect while nobody accepts yet; the first process is killed, then the others begin."""
    with ExitStack() as stack:
        first = listening(share=True)
        listeners = [
            first,
            *(listening(first.getsockname()[1], share=True) for _ in range(PROCESSES - 1)),
        ]
        pids, begin = stack.enter_context(serving(in_accept, listeners, held=True))
        address = first.getsockname()
        for listener in listeners:  # each is now open in its own process only
            listener.close()
        clients = [socket.create_connection(address, PATIENCE) for _ in range(connections)]
        os.kill(pids[0], signal.SIGKILL)
        os.waitpid(pids[0], 0)
        os.write(begin, b"x" * PROCESSES)
        return [answered(client) for client in clients]


def counted(way, answers):
    """A row for each process, and one for what was lost (process 0)."""
    for number in range(PROCESSES):
        yield row(way, number + 1, answers.count(number), len(answers))
    yield row(way, 0, answers.count(LOST), len(answers))


def row(way, process, connections, of):
    return {"way": way, "process": process, "connections": connections, "of": of}


def parts(rows, way):
    """How many connections each process answered, in the order of their starting."""
    return [one["connections"] for one in rows if one["way"] == way and one["process"]]


def lost(rows, way):
    return sum(one["connections"] for one in rows if one["way"] == way and not one["process"])


def farthest(rows, way):
    """The largest distance of a process from its equal part, as a share of this part; None if
    nothing was answered."""
    got = parts(rows, way)
    return max(abs(one * len(got) / sum(got) - 1) for one in got) if any(got) else None


def outcome(rows):
    far = [farthest(rows, way) for way in (ACCEPT, EPOLL)]
    if None in far or FAIR < far[0] < UNFAIR or FAIR < far[1] < UNFAIR:
        return None
    turns = [one <= FAIR for one in far]
    return {(True, True): OUTCOMES[0], (True, False): OUTCOMES[1], (False, False): OUTCOMES[2]}.get(
        tuple(turns)
    )


def spoken(rows, way):
    gone = f", {lost(rows, way)} lost" if lost(rows, way) else ""
    return f"{way}: {' + '.join(map(str, parts(rows, way)))}{gone}"


def ways(rows):
    return list(dict.fromkeys(one["way"] for one in rows))


def sentence(rows):
    parts = [spoken(rows, way).replace(" + ", ", ") for way in ways(rows)]
    return f"Connections of each process – {'; '.join(parts)}."


def draw(ax, rows):
    """A stacked bar for each way; what was lost lies hatched at its end."""
    for at, way in enumerate(ways(rows)):
        left = 0
        for place, got in enumerate(parts(rows, way)):
            ax.barh(
                at,
                got,
                0.7,
                left=left,
                color="process",
                edgecolor="white",
                hatch=("", "//", "..", "xx")[place],
            )
            if got:
                box = {"facecolor": "white", "linewidth": 0, "pad": 1}
                ax.annotate(
                    str(got), (left + got / 2, at), ha="center", va="center", fontsize=9, bbox=box
                )
            left += got
        if gone := lost(rows, way):
            ax.barh(at, gone, 0.7, left=left, color="trouble", edgecolor="white")
            ax.annotate(f"{gone} lost", (left + gone / 2, at), ha="center", va="center", fontsize=9)
    ax.set(yticks=range(len(ways(rows))), xlabel="connections", xlim=(0, rows[0]["of"]))
    ax.set_yticklabels(ways(rows))
    ax.invert_yaxis()


def turns(way):
    """A check: do processes that wait in this way get equal parts?"""

    def check(rows):
        far = farthest(rows, way)
        if far is None:
            return None, "nobody answered."
        got = " + ".join(map(str, parts(rows, way)))
        because = (
            f"the processes answered {got} connections; the farthest was {far:.0%} from its"
            " equal part."
        )
        return (None if FAIR < far < UNFAIR else far <= FAIR), because

    return check


def survive(rows):
    """A check: is every waiting connection answered although one process died?"""
    if not parts(rows, DIES):
        return None, "no process could be ended."
    gone, of = lost(rows, DIES), rows[0]["of"]
    return (
        gone == 0,
        f"{gone} of {of} connections that waited were lost with the process in whose queue they"
        " were.",
    )


IN_ACCEPT = (
    "Processes that block in accept() take turns: each gets an equal part of the connections."
)
IN_EPOLL = "Processes that wait in epoll take turns: each gets an equal part of the connections."
DEAD = (
    "With SO_REUSEPORT, connections that wait for a process that dies are answered by the others."
)
CLAIMS = [
    Claim("server.turns-accept", IN_ACCEPT, {}, turns(ACCEPT)),
    Claim("server.turns-epoll", IN_EPOLL, {}, turns(EPOLL)),
    Claim("server.reuseport-dies", DEAD, {}, survive),
]
