"""Tiny services on real sockets: houses (processes) with services (threads) in them, and a
supervisor of houses.

A service answers "hello" with its token and the number of its process, and crashes when somebody
sends it poison. All of them tell their ports in shared memory: a service that comes again gets
another port, so nobody has to wait for an old one. The token tells our services from strangers that
have been given one of our old ports meanwhile.
"""

import os
import socket
import struct
import threading
from contextlib import suppress

from pvt.tools import crashes

CLOSED = -1  # instead of a port
# Seconds until an answer is given up; a dead service refuses at once, so this decides nothing
PATIENCE = 5.0
RESET = struct.pack(
    "hh" if os.name == "nt" else "ii", 1, 0
)  # close without TIME_WAIT: we open thousands


def service(at, ports, token, how):
    """Answer one guest after the other, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        ports[at] = door.getsockname()[1]
        while True:
            guest, _ = door.accept()
            with guest, suppress(ConnectionError):  # a guest may leave as it likes
                request = guest.recv(64)
                if request == b"poison " + token:
                    crashes.WAYS[how]()
                guest.sendall(b"%s %d" % (token, os.getpid()))
                guest.recv(1)  # until the guest goes: who closes first keeps the port busy


def house(members, ports, token, how):
    """A process with a thread for each of these services."""
    crashes.quiet()
    threads = [threading.Thread(target=member, args=(at, ports, token, how)) for at in members]
    for thread in threads:
        thread.start()


def member(at, ports, token, how):
    """A service, or word that this system does not give it a socket."""
    try:
        service(at, ports, token, how)
    except OSError:
        ports[at] = CLOSED


def ask(port, token, text=b"hello"):
    """The process that answered, or None if it refused, broke off, or is somebody else's."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            line.sendall(text)
            name, process = line.recv(64).split()
            return int(process) if name == token else None
    except (OSError, ValueError):
        return None


def keep(houses, ports, token, how, every, post):
    """Start the houses. If `every` is not None, look after them each `every` seconds, and replace a
    house that is ill.

    Ends, with all houses, when `post` says something.
    """
    crashes.quiet()
    running = [(members, opened(members, ports, token, how)) for members in houses]
    while not post.poll(every):
        for number, (members, process) in enumerate(running):
            if not healthy(members, process, ports, token):
                process.kill()
                process.join()
                running[number] = members, opened(members, ports, token, how)
    for _, process in running:
        process.kill()
        process.join()


def opened(members, ports, token, how):
    """Start a house: its services have no port until they are ready."""
    from multiprocessing import Process

    for at in members:
        ports[at] = 0
    process = Process(target=house, args=(members, ports, token, how), daemon=True)
    process.start()
    return process


def healthy(members, process, ports, token):
    """Whether the process is there and each of its services answers, or is not ready yet."""
    return process.is_alive() and all(ports[at] < 1 or ask(ports[at], token) for at in members)
