"""One loop takes all. It waits and computes in answer(…), a slow client keeps its place, and one
failure ends it."""

import asyncio
import socket

from pvt import answer

PLACES = 100


async def converse(reader, writer, places):
    async with places:
        request = await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(request))
        await writer.drain()
        writer.close()


async def loop(listener):
    places = asyncio.Semaphore(PLACES)
    async with asyncio.TaskGroup() as tasks:
        while True:
            connection, _ = await asyncio.get_running_loop().sock_accept(listener)
            reader, writer = await asyncio.open_connection(sock=connection)
            tasks.create_task(converse(reader, writer, places))


def serve(port):
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    listener.setblocking(False)
    asyncio.run(loop(listener))
