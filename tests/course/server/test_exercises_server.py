"""The exercises of chapter 12: typical wrong answers, and the answer to each."""

import pytest
from answers import refused, solves

pytestmark = pytest.mark.usefixtures("nothing_left")
TAKE, LAW = "def take(buffer, data):\n    ", "def on_the_way(log):\n    "
DOOR = """
import queue
def doorman(listener, waiting, sorry):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        try:
            waiting.put_nowait(connection)
        except queue.Full:
            connection.sendall(sorry)
            connection.close()
"""
CUT = "*a, r = (buffer + data).split(b'\\r\\n\\r\\n')\n    "
KEPT = DOOR.replace(
    "connection.close()", "waiting.kept = [*getattr(waiting, 'kept', []), connection]"
)
SPAN = """span = max(e for _, e in log) - min(b for b, _ in log)
    mean = sum(e - b for b, e in log) / len(log)
    """
RIGHT = {
    "server_requests": TAKE
    + "*a, r = (buffer + data).split(b'\\r\\n\\r\\n')\n    return [x + b'\\r\\n\\r\\n' for x in"
    " a], r",
    "server_little": LAW + SPAN + "return len(log) / span, mean, len(log) / span * mean",
    "server_refuse": DOOR,
}
WRONG = [
    ("server_requests", TAKE + "return [data], b''", "Half a request is none"),
    ("server_requests", TAKE + "return [], buffer + data", "0 of 1 requests were found"),
    ("server_requests", TAKE + "return buffer + data", "bytes came back"),
    ("server_requests", TAKE + CUT + "return a, r", "the requests differ"),
    ("server_little", LAW + "return 1", "the result is of type int"),
    ("server_little", LAW + SPAN + "r = len(log) / max(log)[1]\n    return r, mean, r *"
                                   " mean", "to the last end"),
    ("server_little", LAW + SPAN + "return len(log) / span, span,"
                                   " 1.0", "a request takes end -"
                                                                        " begin"),
    ("server_little", LAW + SPAN + "return len(log) / span, mean, len(log)", "Little's law is"),
    ("server_refuse", DOOR.replace("put_nowait", "put"), "put waits for a place"),
    ("server_refuse", DOOR.replace("           "
                                   " connection.sendall(sorry)\n", ""), "without a"
                                                                                   " word"),
    ("server_refuse", KEPT, "Close the connection"),
    ("server_refuse", DOOR.replace("except queue.Full", "except KeyError"), "raised Full"),
    ("server_refuse", DOOR.replace("waiting.put_nowait(connection)", "raise"
                                                                     " queue.Full"), "There"
                                                                                          " was"
                                                                                          " room"),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name):
    solves(name, RIGHT[name])


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    refused(name, text, expected)
