"""A doorman with a bounded queue: `doorman(listener, waiting, sorry)`.

`listener` is a listening socket, `waiting` a `queue.Queue` with few places. Accept connections
until `listener.accept()` raises OSError, then return. Put each connection into `waiting`; when the
queue is full, send it the bytes `sorry` and close it. Never wait for a place. The check makes eight
real connections, three places.
"""

import queue
import socket
import threading

from pvt.tools.learner import learners_function

ARGUMENTS = ("listener", "waiting", "sorry")
PLACES, CLIENTS = 3, 8
SORRY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Listener(socket.socket):
    """A door that is closed after so many clients: accept raises OSError then, and ends who comes
    again and again."""

    accepted = after = 0

    def accept(self):
        if self.accepted < CLIENTS:
            self.accepted += 1
            return super().accept()
        self.after += 1
        if self.after > 3:
            raise SystemExit
        raise OSError("the listener is closed")


def run(*, source, name):
    doorman = learners_function(source, name)
    listener, waiting = Listener(), queue.Queue(PLACES)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    raised = []

    def work():
        try:
            doorman(listener, waiting, SORRY)
        except Exception as problem:
            raised.append(type(problem).__name__)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    clients = [socket.create_connection(listener.getsockname(), timeout=1) for _ in range(CLIENTS)]
    endings = [heard(client) for client in clients[PLACES:]]
    first = [heard(client, 0.05) for client in clients[:PLACES]]
    thread.join(0.5)
    yield {
        "returned": not thread.is_alive(),
        "after": listener.after,
        "queued": waiting.qsize(),
        "polite": endings.count("sorry"),
        "closed": endings.count("closed"),
        "held": endings.count("silence"),
        "unclosed": endings.count("unclosed"),
        "first_refused": len(first) - first.count("silence"),
        "raised": raised[0] if raised else "",
    }


def heard(client, patience=0.5):
    """What a client hears: sorry and the end, sorry without an end, the end alone, or nothing."""
    client.settimeout(patience)
    data = b""
    try:
        while part := client.recv(4_096):
            data += part
    except TimeoutError:
        return "unclosed" if data else "silence"
    except OSError:
        return "closed"
    return "sorry" if data == SORRY else "closed"


def judge(rows):
    row = rows[-1]
    if row["raised"] == "OSError" and row["after"]:
        return (
            False,
            "accept raised OSError at the end, and so did the doorman. Catch it, and return.",
        )
    if row["raised"]:
        return (
            False,
            (
                f"the doorman raised {row['raised']} and left the door. put_nowait raises"
                " queue.Full: catch it."
            ),
        )
    if row["first_refused"]:
        return (
            False,
            (
                f"{row['first_refused']} of the first {PLACES} were sent away or closed. There was"
                " room: queue them."
            ),
        )
    if row["queued"] < PLACES:
        return (
            False,
            (
                f"{row['queued']} connections are in the queue, {PLACES} had a place. Put them into"
                " waiting."
            ),
        )
    if row["held"]:
        return (
            False,
            (
                f"{row['held']} clients heard nothing: put waits for a place when the queue is"
                " full, and with it waits the whole door. Use put_nowait."
            ),
        )
    if row["unclosed"]:
        return (
            False,
            (
                f"{row['unclosed']} clients got their answer and no end. Close the connection after"
                " it."
            ),
        )
    if row["closed"]:
        return (
            False,
            (
                f"{row['closed']} clients were sent away without a word. Send them sorry before you"
                " close."
            ),
        )
    if row["after"] > 1 or not row["returned"]:
        return (
            False,
            "accept raised OSError at the end, and the doorman did not return: the door is closed.",
        )
    return (
        True,
        f"{row['queued']} connections wait in the queue, {row['polite']} got a polite 503 at once.",
    )
