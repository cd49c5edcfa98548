"""An application for uvicorn that serves what the challenge asks for."""

import asyncio
import ctypes
import time
from urllib.parse import parse_qs


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    path, asked = scope["path"], parse_qs(scope["query_string"].decode())
    if path == "/raise":
        raise RuntimeError("a handler with a mistake in it")
    if path == "/segfault":
        ctypes.string_at(0)
    await asyncio.sleep(float(asked.get("wait", ["0"])[0]) / 1e3)
    end = time.thread_time() + float(asked.get("work", ["0"])[0]) / 1e3
    while time.thread_time() < end:
        sum(range(50))
    status = 200 if path == "/" else 404
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})
