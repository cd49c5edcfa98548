"""A process for each core; in each, a doorman that watches all connections and a pool of threads
that answers.

An idle connection costs no thread: the doorman (epoll) hands over only those that have something to
say. This is what the lesson's answer amounts to, with its "connection manager" taken at its word.
"""

import os
import queue
import select
import threading
import time
from contextlib import suppress

from pvt.course.server.servers.protocol import Inbox, Refused, answer
from pvt.course.server.servers.supervisor import supervise

BEAT, ONCE, BATCH = 0.2, select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT, 64


def serve(listener, rules):
    supervise(listener, rules, watch)


def watch(listener, rules, heart):
    """The doorman: accept, hand over, close the silent and the slow, and give a sign of life."""
    door, ready, clients = select.epoll(), queue.SimpleQueue(), {}
    listener.setblocking(False)
    door.register(listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
    for _ in range(rules.threads):
        threading.Thread(target=work, args=(door, ready, clients, rules), daemon=True).start()
    due = 0.0
    while True:
        for number, _ in door.poll(BEAT):
            if number == listener.fileno():
                welcome(listener, door, clients)
            else:
                hand_over(clients.get(number), ready, rules)
        if (now := time.monotonic()) > due:
            due = now + BEAT
            end_the_late(clients, now, rules)
            os.write(heart, b".")


def welcome(listener, door, clients):
    """Take those who wait at the door, not all of them at once."""
    with suppress(OSError):  # nobody is left, or no file: the next round tries again
        for _ in range(BATCH):
            client = Client(listener.accept()[0])
            clients[client.number] = client
            door.register(client.number, ONCE)


def hand_over(client, ready, rules):
    if client is None:
        return
    client.busy = True
    client.refused = ready.qsize() >= rules.queue
    ready.put(client)


def end_the_late(clients, now, rules):
    """End both directions; the pool then finds the connection at its end and closes it."""
    for client in list(clients.values()):
        if not client.busy and client.inbox.late(now, rules):
            with suppress(OSError):
                client.socket.shutdown(2)


class Client:
    """A connection, what has come of its next request, and whether a thread is busy with it."""

    __slots__ = ("busy", "inbox", "number", "refused", "socket")

    def __init__(self, socket):
        socket.settimeout(5)  # for a client that does not read its answer
        self.socket = socket
        self.number = socket.fileno()
        self.inbox = Inbox()
        self.busy = False
        self.refused = False


def work(door, ready, clients, rules):
    """A thread of the pool: whoever has something to say gets an answer and goes back to the
    doorman."""
    while True:
        client = ready.get()
        stays = False
        with suppress(
            Exception
        ):  # the client is gone, or the handler has a mistake: that costs its connection
            stays = exchange(client, rules)
        client.busy = False
        if stays:
            with suppress(OSError):
                door.modify(client.number, ONCE)
        else:
            clients.pop(client.number, None)
            client.socket.close()


def exchange(client, rules):
    """Answer all that this client has asked; whether it stays."""
    data = client.socket.recv(1 << 16)
    client.inbox.feed(data)
    try:
        if client.refused and data:
            raise Refused(503)
        while request := client.inbox.next():
            time.sleep(request.wait) if request.wait else None
            client.socket.sendall(answer(request, rules))
            if not request.keep:
                return False
    except Refused as refused:
        client.socket.sendall(refused.answer)
        return False
    return bool(data)
