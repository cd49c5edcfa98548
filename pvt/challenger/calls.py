"""The client's side: many connections held by one thread, each of which may say something, or
nothing.

Every request asks for the connection to be closed behind its answer, so that servers that keep
connections and servers that do not are asked the same.
"""

import errno
import re
import selectors
import socket
import struct
import time
from contextlib import suppress

from pvt import procfs

MOST = 1 << 20  # bytes of an answer that are read; what sends more floods
TOGETHER = 64  # connections that are being opened at once: less than any system's queue of new ones
CLOSED, RESET, REFUSED, GARBAGE, FLOOD = "closed", "reset", "refused", "garbage", "flood"
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


def request(path="/"):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


class Call:
    """One connection. `outcome`: the status of its answer, or CLOSED …; None while there is
    none."""

    __slots__ = ("begun", "connected", "ended", "got", "outcome", "socket")

    def __init__(self, socket):
        self.socket, self.begun, self.ended = socket, time.perf_counter(), None
        self.connected, self.got, self.outcome = False, b"", None

    @property
    def seconds(self):
        return None if self.ended is None else self.ended - self.begun


class Calls:
    """All calls to one port. A context: at its end every connection is closed."""

    def __init__(self, port):
        self.port, self.selector, self.all = port, selectors.DefaultSelector(), []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for call in self.all:
            call.socket.close()
        self.selector.close()

    def open(self, count, patience=0.5):
        """Connect so many and say nothing; those that do not get in within `patience` seconds are
        left knocking.

        Gently: the next come when the server has taken most of those before. What overflows a queue
        of connections is dropped by the system, and comes a second later: that would not be the
        server's fault.
        """
        made, moved = [], time.perf_counter()
        while len(made) < count or any(map(waiting, made)):
            if len(made) == count and time.perf_counter() - moved > patience:
                break
            queue = queued(self.port) if count > TOGETHER else 0
            room = TOGETHER - max(sum(map(waiting, made)), queue)
            if time.perf_counter() - moved > patience:
                room = count
            for _ in range(min(room, count - len(made))):
                made.append(self.connect())
                moved = time.perf_counter()
            if self.step(0.01 if room < 1 else 0.0005):
                moved = time.perf_counter()
        return made

    def connect(self):
        """Knock; that it is connected comes as an event. Raises OSError where no further connection
        can be made."""
        door = socket.socket()
        door.setblocking(False)
        call = Call(door)
        self.all.append(call)
        code = door.connect_ex(("127.0.0.1", self.port))
        if code in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
            self.selector.register(door, WRITE, call)
        else:
            self.end(call, REFUSED)
        return call

    def step(self, seconds):
        """Look once at what has happened, for at most so many seconds; how many calls have
        moved."""
        events = self.selector.select(seconds)
        for key, mask in events:
            call = key.data
            if mask & WRITE and not call.connected:
                self.welcome(call)
            elif mask & READ:
                self.hear(call)
        return len(events)

    def welcome(self, call):
        """Connected, or refused. On one machine a call to a dead server can meet itself; nobody is
        there then."""
        if call.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return self.end(call, REFUSED)
        with suppress(OSError):
            if call.socket.getsockname() == call.socket.getpeername():
                return self.end(call, REFUSED)
        call.connected = True
        self.selector.modify(call.socket, READ, call)

    def say(self, call, data, last=False):
        """Send some bytes; `last`: and say that nothing more will come."""
        if call.outcome is not None:
            return
        call.begun = time.perf_counter()
        try:
            while data:
                data = data[call.socket.send(data) :]
            if last:
                call.socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            return  # it does not read what we send: that is its affair
        except OSError:
            self.end(call, call.outcome or RESET)

    def hear(self, call):
        try:
            data = call.socket.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            return self.end(call, status(call.got) or RESET)
        call.got += data
        if not data:
            self.end(call, status(call.got) or (GARBAGE if call.got else CLOSED))
        elif len(call.got) > MOST:
            self.end(call, FLOOD)
        elif whole(call.got):
            self.end(call, status(call.got))
        elif len(call.got) > 16 and not status(call.got):
            self.end(call, GARBAGE)

    def end(self, call, outcome):
        """Note how a call ended, and close it."""
        call.outcome, call.ended = outcome, time.perf_counter()
        with suppress(KeyError, ValueError):
            self.selector.unregister(call.socket)
        call.socket.close()

    def leave(self, call, reset=False):
        """Go away without waiting for an answer; with `reset` rudely."""
        if call.outcome is None:
            if reset:
                now = struct.pack("ii", 1, 0)
                call.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
            self.end(call, CLOSED)


def queued(port):
    """How many connections wait to be accepted at a port, as far as the system says."""
    mark = f":{port:04X} 00000000:0000 0A "
    for line in (procfs.text("/proc/net/tcp") or "").splitlines():
        if mark in line:
            return int(line.split()[4].partition(":")[2], 16)
    return 0


def waiting(call):
    """Whether a call is still at the door."""
    return not call.connected and call.outcome is None


def status(data):
    """The status at the beginning of an answer, or None."""
    found = re.match(rb"HTTP/1\.[01] (\d{3})\b", data)
    return int(found[1]) if found else None


def whole(data):
    """Whether an answer is there to its end, as far as its head says where that is."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:[ \t]*(\d+)[ \t]*\r?$", head + b"\r\n")
    return bool(end and status(data) and length and len(body) >= int(length[1]))
