"""Send a big list without pickling it again and again: `send_to_all(connections, message)`.

`connections` are the sending ends of four `multiprocessing.Pipe`s. At each other end a worker calls
`recv()` and must get a list equal to `message`. `connection.send(message)` pickles on each call:
find out how to do it once.
"""

import multiprocessing
import threading

from pvt.tools.learner import learners_function

ARGUMENTS = ("connections", "message")
WORKERS, ITEMS = 4, 20_000


class Counted(int):
    """A number that counts how often it is pickled."""

    pickled = 0

    def __reduce__(self):
        Counted.pickled += 1
        return int, (int(self),)


def run(*, source, name):
    send_to_all = learners_function(source, name)
    pipes = [multiprocessing.Pipe(duplex=False) for _ in range(WORKERS)]
    message, got = [Counted(1), *range(ITEMS)], {}
    workers = [
        threading.Thread(target=receive, args=(far, got, at), daemon=True)
        for at, (far, _) in enumerate(pipes)
    ]
    for worker in workers:
        worker.start()
    send_to_all([near for _, near in pipes], message)
    times, after = Counted.pickled, list(message)
    for _, near in pipes:
        near.close()
    for worker in workers:
        worker.join()
    for at in range(WORKERS):
        same = got[at] == [1, *range(ITEMS)]
        yield {
            "worker": at + 1,
            "pickled": times,
            "kind": type(got[at]).__name__,
            "same": same,
            "kept": after == message,
        }


def receive(connection, got, at):
    """A worker: what came first, or the problem."""
    try:
        got[at] = connection.recv()
    except Exception as problem:
        got[at] = problem


def judge(rows):
    for row in rows:
        who = f"worker {row['worker']}"
        if row["kind"] == "EOFError":
            return False, f"{who} got nothing. Send to each connection."
        if row["kind"] == "bytes":
            return (
                False,
                f"{who} got bytes: send pickles what you give it, pickled bytes too. send_bytes"
                " does not.",
            )
        if row["kind"] != "list":
            return (
                False,
                f"{who} got {row['kind']}. recv() unpickles what comes: send it pickled bytes.",
            )
        if not row["same"]:
            return False, f"{who} got another list. Send all of the message, unchanged."
        if row["pickled"] > 1:
            return (
                False,
                f"the list was pickled {row['pickled']} times. Pickle it before the loop, send"
                " the bytes in it.",
            )
        if not row["pickled"]:
            return (
                False,
                "copies of the list were pickled, not the list. Pickle the message itself, before the loop.",
            )
    return True, f"{len(rows)} workers got the list, which was pickled once."
