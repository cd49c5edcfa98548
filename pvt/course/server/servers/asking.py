"""A client's side of the protocol: its request, how it takes an answer, and what came of asking
many times."""

import re
from statistics import fmean, quantiles
from typing import NamedTuple

from pvt.course.server.servers.protocol import answer_with

LENGTHS = {len(answer_with(200, "", keep)) for keep in (True, False)}
GOOD, SORRY = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 503 "


class Answers(NamedTuple):
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
        """The latency that `percent` of the answers do not exceed; None if there are none."""
        if len(self.latencies) < 2:
            return self.mean
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


class Client:
    """One connection. `sent`: when its request left; `answer`: what came last, whole."""

    __slots__ = ("answer", "got", "latencies", "message", "sent", "socket")

    def __init__(self, socket, message):
        self.socket, self.message = socket, message
        self.got, self.sent, self.answer, self.latencies = b"", None, b"", []

    @property
    def process(self):
        """Who answered last, by process id."""
        return int(re.search(rb"process (\d+)", self.answer)[1])


def request(path="/", keep=True):
    stays = "keep-alive" if keep else "close"
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {stays}\r\n\r\n".encode()


def take(client):
    """Read what has come: "answered", "refused" or "failed"; None while the answer is not whole."""
    try:
        data = client.socket.recv(4_096)
    except BlockingIOError:
        return None
    if client.got:
        data = client.got + data
    if len(data) in LENGTHS and data.startswith(GOOD) and data.endswith(b" \n"):
        client.got, client.answer = b"", data
        return "answered"
    if data.startswith(SORRY):
        return "refused"
    if data == client.got or len(data) > max(
        LENGTHS
    ):  # it has closed; or this is no answer of ours
        return "failed"
    client.got = data
    return None
