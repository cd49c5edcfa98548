"""Two coroutines read, await and write."""

import asyncio

total = {"n": 0}


async def add():
    n = total["n"]
    await asyncio.sleep(0)
    total["n"] = n + 1


async def main():
    await asyncio.gather(add(), add())
    assert total["n"] == 2


asyncio.run(main())
