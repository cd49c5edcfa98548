"""A task calls something that blocks the event loop: 4 times 0.2 s."""

import asyncio
import time


async def polite():
    for _ in range(40):
        await asyncio.sleep(0.025)


async def rude():
    for _ in range(4):
        time.sleep(0.2)
        await asyncio.sleep(0.05)


async def main():
    await asyncio.gather(polite(), polite(), rude())


asyncio.run(main())
