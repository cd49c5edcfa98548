"""A function for a connection. Let a thread of its own call it: threading.Thread(target=…,
args=(…,))."""

import socket

from pvt import answer


def converse(connection):
    with connection:
        connection.sendall(answer(connection.recv(4096)))


def serve(port):
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        connection, _ = listener.accept()
        converse(connection)
