"""Cut messages out of a stream: `receive(stream, size)` returns the next `size` bytes, neither more
nor less.

`stream` is a connected socket. `stream.recv(n)` gives at most n bytes, and often fewer: what has
come so far. It gives b"" when the sender has closed. If that happens before `size` bytes are there,
raise EOFError.
"""

import os
import socket
import threading
import time
from contextlib import suppress

from pvt.tools.learner import learners_function

ARGUMENTS = ("stream", "size")
CASES = {
    "in one piece": ((5, 3), (8,), False),
    "in pieces": ((100_000, 1, 4096), (1, 1000, 50_000, 1, 53_095), False),
    "byte by byte": ((7, 6), (1,) * 13, False),
    "closed too early": ((10,), (4,), True),
}


def run(*, source, name):
    receive = learners_function(source, name)
    for case, (sizes, pieces, short) in CASES.items():
        for number, row in enumerate(conversation(receive, sizes, pieces, short)):
            yield {"case": case, "message": number + 1, "short": short, **row}


def conversation(receive, sizes, pieces, short):
    """What the function makes of each message while a thread sends the stream in these pieces."""
    near, far = socket.socketpair()
    content = os.urandom(sum(pieces))
    sender = threading.Thread(target=send, args=(near, content, pieces), daemon=True)
    sender.start()
    at = 0
    with far:
        for size in sizes:
            got, raised = None, None
            try:
                got = receive(far, size)
            except EOFError:
                raised = True
            except OSError as problem:
                if not short:
                    raise
                got = problem
            kind = type(got).__name__
            count = len(got) if isinstance(got, bytes | bytearray | memoryview) else None
            right = count is not None and bytes(got) == content[at : at + size]
            yield {"size": size, "kind": kind, "got": count, "right": right, "raised": bool(raised)}
            at += size
            if raised:
                return


def send(near, content, pieces):
    """Send the content piece by piece, with a pause after each, so that they arrive apart; then
    close."""
    with near, suppress(OSError):  # the receiver may have left
        for size in pieces:
            near.sendall(content[:size])
            content = content[size:]
            time.sleep(0.02)


def judge(rows):
    for row in rows:
        sent = f"{row['case']}, message {row['message']}"
        if row["short"]:
            if not row["raised"]:
                back = f"{row['got']} bytes" if row["got"] is not None else row["kind"]
                return (
                    False,
                    f"{sent}: the sender closed after 4 of 10 bytes, and {back} came back. Raise"
                    " EOFError.",
                )
        elif row["raised"]:
            text = (
                f"{sent}: you raised EOFError, though the sender had not closed. recv(0) gives"
                " b'' as well, and"
            )
            return (
                False,
                text + " who asks for too much takes bytes of the next message: ask for what is"
                " missing.",
            )
        elif row["got"] is None:
            return False, f"{sent}: {row['kind']} came back. Return the bytes."
        elif row["got"] < row["size"]:
            text = f"{sent}: {row['got']:,} of {row['size']:,} bytes came back."
            return (
                False,
                text
                + " recv gives what is there, not what you ask for: go on until all are there.",
            )
        elif row["got"] > row["size"]:
            text = f"{sent}: {row['got']:,} bytes came back, {row['size']:,} were wanted."
            return (
                False,
                text + " The rest belongs to the next message: ask only for what is missing.",
            )
        elif not row["right"]:
            return (
                False,
                f"{sent}: the length is right, the bytes are not. Join the pieces in the order"
                " they came.",
            )
    return True, "every message came whole, however it was cut, and a broken one was noticed."
