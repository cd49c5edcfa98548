"""Parts of asyncio as programs use them: what is wrong is found, and its right twin is safe."""

import pytest
from pythons import VERSIONS, some
from test_loop import ask
from test_tasks import replays, summary

WARNED = """
import asyncio
{before}
async def job():
    await asyncio.sleep(0.1)
async def main():
    warn = asyncio.get_running_loop().call_later(0.2, {warn})
    first, second = asyncio.create_task(job()), asyncio.create_task(job())
    first.add_done_callback(lambda task: warn.cancel())
    await first
    await second
    {after}
asyncio.run(main())
"""
WAITED = """
import asyncio
async def job():
    await asyncio.sleep(0.1)
async def main():
    tasks = [asyncio.create_task(job()) for _ in range(2)]
    done, pending = await asyncio.wait(tasks, timeout=1)
    {check}
    await asyncio.gather(*pending)
asyncio.run(main())
"""

# name → (program, its endings, words that tell why it is bad)
PROGRAMS = {
    "a callback cancels the timer that is about to expire": (
        WARNED.format(before="", warn="lambda: None", after=""),
        {"safe"},
        "",
    ),
    "a timer that is cancelled may have expired before": (
        WARNED.format(before="late = []", warn="late.append, 1", after="assert not late"),
        {"safe", "broken"},
        "the assert in line 12 failed",
    ),
    "a wait with a time-out whose tasks end": (WAITED.format(check=""), {"safe"}, ""),
    "a wait with a time-out that may be over": (
        WAITED.format(check="assert not pending, 'late'"),
        {"safe", "broken"},
        "failed: late",
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_programs_end_as_they_can(version):
    programs = some(version, list(PROGRAMS.items()), 6)
    found = ask(version, "searched", sources=[source for _, (source, *_) in programs], seconds=60)
    for (name, (_, endings, words)), rows in zip(programs, found, strict=True):
        got, _, complete, bad = summary(rows)
        assert got == endings, (name, rows)
        assert words in bad, (name, bad)
        assert complete and replays(rows), (name, rows)
