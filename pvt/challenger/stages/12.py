"""Two supervised processes with an event loop each. Who answers while answer(…) waits or
computes?"""

import asyncio
import multiprocessing
import socket
from multiprocessing.connection import wait

from pvt import answer


async def converse(reader, writer):
    try:
        request = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        request = b""
    try:
        writer.write(answer(request))
        await writer.drain()
    finally:
        writer.close()


async def loop(listener):
    server = await asyncio.start_server(converse, sock=listener, backlog=512)
    await server.serve_forever()


def work(listener):
    asyncio.run(loop(listener))


def serve(port):
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    workers = []
    while True:
        workers = [worker for worker in workers if worker.is_alive()]
        while len(workers) < 2:
            workers.append(multiprocessing.Process(target=work, args=(listener,), daemon=True))
            workers[-1].start()
        wait([worker.sentinel for worker in workers])
