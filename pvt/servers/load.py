"""The other side: a crowd of clients, held open by one thread, that asks and checks every answer.

Plain sockets and one selector: it must cost less than the server, or it would measure itself.
"""

import selectors
import socket
import time
from contextlib import suppress
from statistics import fmean, quantiles
from typing import NamedTuple

from pvt.servers.protocol import answer_with

TOGETHER = 64  # connections that are being opened at once: less than any system's queue of new ones
LENGTH = len(answer_with(200, "", keep=True))
GOOD, SORRY = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 503 "
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Asked(NamedTuple):
    """What came of asking: counts, seconds, and the share of a core that the asking itself took."""

    seconds: float
    answered: int
    refused: int
    failed: int
    unanswered: int
    latencies: list
    share: float

    @property
    def rate(self):
        """Answers a second."""
        return self.answered / self.seconds

    @property
    def mean(self):
        return fmean(self.latencies) if self.latencies else None

    def below(self, percent):
        """The latency that so many of 100 answers do not exceed; None if there are none."""
        if len(self.latencies) < 2:
            return self.mean
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


class Client:
    """One connection. `sent`: when its request left, None while none is on its way; `process`: who answered last."""

    __slots__ = ("got", "latencies", "message", "process", "sent", "socket")

    def __init__(self, socket, message):
        self.socket, self.message = socket, message
        self.got, self.sent, self.process, self.latencies = b"", None, None, []


def request(path="/", keep=True):
    stays = "keep-alive" if keep else "close"
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {stays}\r\n\r\n".encode()


class Crowd:
    """Clients of the server at this port. A context: at its end all connections are closed.

    `clients` have had an answer; `waiting` are connected and have not; `refused` and `failed` are counts.
    """

    def __init__(self, port):
        self.port, self.selector = port, selectors.DefaultSelector()
        self.clients, self.waiting, self.refused, self.failed = [], set(), 0, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in (*self.clients, *self.waiting):
            client.socket.close()
        self.selector.close()

    def open(self, count, patience=1.0, message=request()):
        """Open connections until `count` clients have had an answer; gently, TOGETHER at a time.

        When nothing has moved for `patience` seconds, those that still wait are left to wait, and the rest
        of the count is opened without asking for an answer.
        """
        moved = time.perf_counter()
        left = count - len(self.clients)
        while left or self.waiting:
            stuck = time.perf_counter() - moved > patience
            while left and (stuck or len(self.waiting) < TOGETHER):
                left -= 1
                self.connect(message)
            if stuck:
                break
            for key, mask in self.selector.select(patience / 4):
                moved = time.perf_counter()
                self.greet(key.data, mask)
        for client in self.waiting:
            with suppress(KeyError):
                self.selector.unregister(client.socket)
        return len(self.clients)

    def connect(self, message):
        """Knock. The answer comes as an event; a refusal too."""
        try:
            door = socket.socket()
        except OSError:
            self.failed += 1
            return
        door.setblocking(False)
        client = Client(door, message)
        self.waiting.add(client)
        door.connect_ex(("127.0.0.1", self.port))
        self.selector.register(door, WRITE, client)

    def greet(self, client, mask):
        """A step of a client on its way in: connected, so ask; answered, so it is one of us."""
        try:
            if mask & WRITE:
                self.selector.modify(client.socket, READ, client)
                client.socket.send(client.message)
                return
            done = take(client)
        except OSError:
            done = "failed"
        if done:
            self.waiting.discard(client)
            self.clients.append(client) if done == "answered" else self.lose(client, done)

    def lose(self, client, how):
        if how == "refused":
            self.refused += 1
        else:
            self.failed += 1
        self.selector.unregister(client.socket)
        client.socket.close()

    def ask(self, seconds=0.0, patience=5.0, message=request()):
        """Every client asks, and again as long as `seconds` have not passed; wait for the last answer."""
        counts, asking, begin = {"answered": 0, "refused": 0, "failed": 0}, set(), time.perf_counter()
        used = time.process_time()
        for client in self.clients:
            client.message, client.latencies = message or client.message, []
            self.send(client, asking, counts)
        until, moved, clock = begin + seconds, begin, time.perf_counter
        while asking and clock() - moved < patience:
            for key, _ in self.selector.select(patience / 4):
                client = key.data
                try:
                    done = take(client)
                except OSError:
                    done = "failed"
                if not done:
                    continue
                moved = clock()
                counts[done] += 1
                asking.discard(client)
                if done != "answered":
                    self.drop(client)
                    continue
                client.latencies.append(moved - client.sent)
                if moved < until:
                    self.send(client, asking, counts)
        passed = max(1e-9, clock() - begin)
        latencies = [one for client in self.clients for one in client.latencies]
        share = (time.process_time() - used) / passed
        return Asked(passed, **counts, unanswered=len(asking), latencies=latencies, share=share)

    def drop(self, client):
        """A client that is lost is no longer one of us."""
        self.selector.unregister(client.socket)
        client.socket.close()
        client.message = None

    def send(self, client, asking, counts):
        client.sent = time.perf_counter()
        try:
            client.socket.send(client.message)
            asking.add(client)
        except OSError:
            counts["failed"] += 1
            self.drop(client)


def take(client):
    """Read what has come: "answered", "refused" or "failed"; None while the answer is not whole."""
    try:
        data = client.socket.recv(4_096)
    except BlockingIOError:
        return None
    if client.got:
        data = client.got + data
    if len(data) == LENGTH and data.startswith(GOOD) and data.endswith(b"\n"):
        client.got = b""
        return "answered"
    if data.startswith(SORRY):
        return "refused"
    if not data or len(data) >= LENGTH or data == client.got:
        return "failed"
    client.got = data
    return None
