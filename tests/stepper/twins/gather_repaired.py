"""Two coroutines read, await and write. Repaired."""

import asyncio

total = {"n": 0}


async def add(lock):
    async with lock:
        n = total["n"]
        await asyncio.sleep(0)
        total["n"] = n + 1


async def main():
    lock = asyncio.Lock()
    await asyncio.gather(add(lock), add(lock))
    assert total["n"] == 2


asyncio.run(main())
