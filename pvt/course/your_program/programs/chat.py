"""A chat in one event loop. Every half second all of it stands still."""

import asyncio
import time


def save(lines):
    """Write what was said to the archive: an old library, which knows nothing of event loops."""
    time.sleep(0.3)
    lines.clear()


async def guest(name, lines):
    """Says something twenty times a second."""
    for number in range(30):
        lines.append(f"{name}: {number}")
        await asyncio.sleep(0.05)


async def archive(lines):
    """Saves twice a second."""
    for _ in range(4):
        await asyncio.sleep(0.2)
        save(lines)


async def main():
    lines = []
    await asyncio.gather(*(guest(name, lines) for name in ("Ada", "Grace", "Alan")), archive(lines))


asyncio.run(main())
