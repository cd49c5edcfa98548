"""The search and the oracle over every order of tasks find the same endings of random small asyncio
programs."""

import async_generator
import async_oracle
import pytest
from comparing import compared_tasks, differing
from pythons import VERSIONS, python, some

PROGRAMS, FEW = 50, 25
TWICE = """
import asyncio
made = []
async def use():
    if not made:
        await asyncio.sleep(0)
        made.append(1)
async def main():
    await asyncio.gather(use(), use())
    print(len(made))
asyncio.run(main())
"""
ORDER = """
import asyncio
async def say(text): print(text)
async def main(): await asyncio.gather(say("a"), say("b"))
asyncio.run(main())
"""
LATE = """
import asyncio
async def main():
    event = asyncio.Event()
    async def wait():
        await event.wait()
    async def pulse():
        event.set()
        event.clear()
    await asyncio.gather(wait(), pulse())
asyncio.run(main())
"""
TIMES = """
import asyncio
async def main():
    await asyncio.gather(asyncio.sleep(2), asyncio.sleep(1))
    print("rested")
asyncio.run(main())
"""
KNOWN = {
    TWICE: {("safe", "1\n"), ("safe", "2\n")},
    ORDER: {("safe", "a\nb\n"), ("safe", "b\na\n")},
    LATE: {("safe", ""), ("deadlock", "")},
    TIMES: {("safe", "rested\n")},
}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_search_finds_what_the_oracle_finds(version):
    first = 2_000_000 + 10_000 * VERSIONS.index(version)
    rows = compared_tasks(python(version), some(version, range(first, first + PROGRAMS), FEW))
    assert not list(differing(rows))
    assert len(rows) > FEW / 2
    assert any(len(expected["endings"]) > 1 for _, _, expected, _ in rows)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
@pytest.mark.parametrize("source", KNOWN, ids=["twice", "order", "late", "times"])
def test_the_oracle_finds_what_is_known(source):
    found = async_oracle.search(source)
    assert found.whole and set(found.endings) == KNOWN[source]


def test_a_seed_is_one_program():
    texts = [async_generator.program(seed) for seed in range(200)]
    assert texts == [async_generator.program(seed) for seed in range(200)]
    for text in texts:
        compile(text, "<program>", "exec")
