"""A pool of threads in one process. Serve in two processes, and start a new one whenever one has
died."""

import multiprocessing
import socket
from concurrent.futures import ThreadPoolExecutor

from pvt import answer


def converse(connection):
    with connection:
        data = b""
        while b"\r\n\r\n" not in data and (more := connection.recv(4096)):
            data += more
        connection.sendall(answer(data))


def work(listener):
    with ThreadPoolExecutor(32) as pool:
        while True:
            connection, _ = listener.accept()
            pool.submit(converse, connection)


def serve(port):
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    worker = multiprocessing.Process(target=work, args=(listener,))
    worker.start()
    worker.join()
