"""The small part of HTTP/1.1 that all servers here speak: bytes in, requests out; requests in,
bytes out.

`GET /?wait=50&work=2` waits 50 ms, as for a database, and then uses the processor for 2 ms.
"""

import os
import time
from typing import NamedTuple
from urllib.parse import parse_qsl

MOST = 8_192  # bytes of a request; larger ones are refused
LONGEST = 30_000.0  # ms that a request may ask to wait or work
BODY = 24  # bytes of the answer's body, always
PHRASES = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    501: "Not Implemented",
    503: "Service Unavailable",
}


class Refused(Exception):
    """A request that will not be served, with its status; the connection is closed after the
    answer."""

    def __init__(self, status):
        super().__init__(PHRASES[status])
        self.answer = answer_with(status, PHRASES[status], keep=False)


class Request(NamedTuple):
    """What is asked: a path, seconds to wait and to work, and whether the connection stays open."""

    path: str
    wait: float
    work: float
    keep: bool


class Inbox:
    """The bytes of one connection. They come in pieces, or several requests at once."""

    __slots__ = ("begun", "data", "heard")

    def __init__(self):
        self.data, self.begun, self.heard = b"", None, time.monotonic()

    def feed(self, data):
        self.data += data
        self.heard = time.monotonic()

    def next(self):
        """The next whole request, or None until more bytes have come. Raises Refused."""
        head, end, rest = self.data.partition(b"\r\n\r\n")
        if not end:
            return self.unfinished(431)
        if len(head) > MOST:
            raise Refused(431)
        request, length = understood(head)
        if len(rest) < length:
            return self.unfinished(413)
        self.data, self.begun = rest[length:], None
        return request

    def unfinished(self, status):
        if len(self.data) > MOST:
            raise Refused(status)
        if self.data and self.begun is None:
            self.begun = self.heard

    def late(self, now, rules):
        """Whether the client has been silent for too long, or sends its request too slowly."""
        return now - self.heard > rules.silent or (
            self.begun is not None and now - self.begun > rules.slow
        )


def understood(head):
    """The request with this head, and the length of its body. Raises Refused."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, target = first.partition(" ")
    target, _, version = target.rpartition(" ")
    if version not in ("HTTP/1.1", "HTTP/1.0") or not target.startswith("/"):
        raise Refused(400)
    if method != "GET":
        raise Refused(405)
    fields = dict(field(line) for line in lines)
    if "transfer-encoding" in fields:
        raise Refused(501)
    connection = fields.get("connection", "").lower()
    keep = "keep-alive" in connection if version == "HTTP/1.0" else "close" not in connection
    return asked(target, keep), whole(fields.get("content-length", "0"))


def field(line):
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip():
        raise Refused(400)
    return name.lower(), value.strip()


def asked(target, keep):
    """The request for a target. Raises Refused."""
    path, _, query = target.partition("?")
    options = dict(parse_qsl(query)) if query else {}
    return Request(path, milliseconds(options.get("wait")), milliseconds(options.get("work")), keep)


def milliseconds(text):
    """Seconds, from ms as text. Raises Refused."""
    try:
        value = float(text or 0)
    except ValueError:
        raise Refused(400) from None
    if not 0 <= value <= LONGEST:
        raise Refused(400)
    return value / 1e3


def whole(text):
    """A length as text. Raises Refused."""
    if not (text.isascii() and text.isdigit()):
        raise Refused(400)
    if len(text) > 9 or int(text) > MOST:
        raise Refused(413)
    return int(text)


def answer(request, rules):
    """Do what the request asks, but for the waiting, and return the bytes of the answer."""
    if rules.trials and request.path in TRIALS:
        TRIALS[request.path]()
    if request.path not in ("/", "/health"):
        return answer_with(404, "Not Found", request.keep)
    if request.work:
        compute(request.work)
    return answer_with(200, f"from process {os.getpid()}", request.keep)


def answer_with(status, text, keep):
    """The bytes of an answer; its body is padded to BODY bytes, so that a client knows what to
    expect."""
    stays = "keep-alive" if keep else "close"
    head = (
        f"HTTP/1.1 {status} {PHRASES[status]}\r\nContent-Length: {BODY}\r\nConnection:"
        f" {stays}\r\n\r\n"
    )
    return f"{head}{text[: BODY - 1]:{BODY - 1}}\n".encode()


def compute(seconds):
    """Use the processor for so long: the thread's own time, so that waiting for a turn does not
    count."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(50))


def fail():
    raise RuntimeError("a handler with a mistake in it")


def die():
    """A real crash, as a mistake in C code makes it."""
    import ctypes

    ctypes.string_at(0)


TRIALS = {"/raise": fail, "/segfault": die}
