"""The other side: a crowd of clients, held open by one thread, that asks and checks every answer.

Plain sockets and one selector: it must cost less than the server, or it would measure itself.
"""

import selectors
import socket
import time
from contextlib import suppress

from pvt.course.server.servers.asking import Answers, Client, request, take

CROWDED, NAP = 32, 2e-4  # from this many requests in flight on, look every 0.2 ms
TOGETHER = 64  # connections that are being opened at once: less than any system's queue of new ones
HELLO = request()
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Crowd:
    """Clients of the server at this port. A context: at its end all connections are closed.

    `clients` have had an answer; `waiting` are connected and have not; `refused` and `failed` are
    counts.
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

    def open(self, count, patience=1.0, message=HELLO, together=TOGETHER):
        """Open connections until `count` clients have had an answer; gently, `together` at a time.

        When nothing has moved for `patience` seconds, those that still wait are left to wait, and
        the rest of the count is opened without asking for an answer.
        """
        moved = time.perf_counter()
        left = count - len(self.clients)
        while left or self.waiting:
            stuck = time.perf_counter() - moved > patience
            while left and (stuck or len(self.waiting) < together):
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
        if client not in self.waiting:  # the server has closed after its answer
            return self.drop(client)
        try:
            if mask & WRITE:
                self.selector.modify(client.socket, READ, client)
                client.sent = time.perf_counter()
                client.socket.send(client.message)
                return
            done = take(client)
        except OSError:
            done = "failed"
        if not done:
            return
        self.waiting.discard(client)
        if done == "answered":
            client.latencies.append(time.perf_counter() - client.sent)
            return self.clients.append(client)
        self.refused += done == "refused"
        self.failed += done == "failed"
        self.drop(client)

    def ask(self, seconds=0.0, limit=5.0, message=HELLO):
        """Every client asks, and again as long as `seconds` have not passed; wait for the last
        answer, up to `limit`.

        With `message` None each client sends its own `message`.
        """
        asking, counts = set(), dict.fromkeys(("answered", "refused", "failed"), 0)
        begin, used = time.perf_counter(), time.process_time()
        for client in self.clients:
            client.message, client.latencies = message or client.message, []
            self.send(client, asking, counts)
        while asking and time.perf_counter() - begin < limit:
            for key, _ in self.answers(len(asking), limit):
                self.hear(key.data, asking, counts, begin + seconds)
        passed = max(1e-9, time.perf_counter() - begin)
        latencies = [one for client in self.clients for one in client.latencies]
        share = (time.process_time() - used) / passed
        self.clients = [client for client in self.clients if client.socket.fileno() >= 0]
        return Answers(passed, **counts, unanswered=len(asking), latencies=latencies, share=share)

    def answers(self, waiting, limit):
        """What has come, looked at after a nap that lets answers gather, where there are many.

        A generator that is woken by every single answer slows the server down: the waker pays for
        waking a core, 20 to 60 µs on a virtual machine. Without the nap an event loop was three
        times slower in every second run.
        """
        if waiting > CROWDED:
            time.sleep(NAP)
        return self.selector.select(limit / 10)

    def hear(self, client, asking, counts, until):
        """One step of a client that has asked; when it has its answer and there is time, it asks
        again."""
        if client not in asking:  # the server has closed a connection that did not ask
            return self.drop(client)
        try:
            done = take(client)
        except OSError:
            done = "failed"
        if not done:
            return
        now = time.perf_counter()
        counts[done] += 1
        asking.discard(client)
        if done != "answered":
            return self.drop(client)
        client.latencies.append(now - client.sent)
        if now < until:
            self.send(client, asking, counts)

    def drop(self, client):
        """A client that is lost is no longer one of us."""
        self.selector.unregister(client.socket)
        client.socket.close()

    def send(self, client, asking, counts):
        client.sent = time.perf_counter()
        try:
            client.socket.send(client.message)
            asking.add(client)
        except OSError:
            counts["failed"] += 1
            self.drop(client)
