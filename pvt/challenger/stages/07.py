"""A thread for each connection, however many. Let a ThreadPoolExecutor of 32 threads do it
instead."""

import socket
import threading

from pvt import answer


def converse(connection):
    with connection:
        data = b""
        while b"\r\n\r\n" not in data and (more := connection.recv(4096)):
            data += more
        connection.sendall(answer(data))


def serve(port):
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=converse, args=(connection,), daemon=True).start()
