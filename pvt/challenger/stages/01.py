"""One connection at a time. What happens to everybody else meanwhile?"""

import socket

from pvt import answer


def serve(port):
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(answer(connection.recv(4096)))
