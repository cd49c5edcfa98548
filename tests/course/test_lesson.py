"""Nothing that the lesson claims is lost: each of its claims is decided by an experiment and
shown in one notebook."""

import re
from pathlib import Path

import nbformat
import pytest

from pvt import ledger

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# The lesson's claims, chapter by chapter.
LESSON = """
process.pid process.address-space process.not-shared process.protected process.security process.heavy
process.fork-copies process.four-segments
thread.shared thread.tid thread.own-stack thread.light thread.memory
talk.threads-direct talk.processes-ipc talk.cost talk.processes-can-share
race.unlocked-loses race.plus-equals race.hard-to-reproduce lock.exact lock.cost orders.lost orders.processes-safe
sync.processes-none sync.remedies
deadlock.two-orders deadlock.one-order
gil.cpu-threads gil.cpu-processes gil.io-threads gil.turns gil.one-core gil.one-core-processes
gil.concurrency-is-not-parallelism gil.releases gui.responsive
birth.thread-faster birth.processes-cheap pool.bounded pool.reuse pool.size
switch.process-1-10us switch.thread-ns switch.thread-5x switch.saves-memory switch.cores
crash.thread-kills-all crash.exception-kills-all crash.process-alone crash.pool crash.restart crash.corrupt
crash.microservices
limits.threads-32000 limits.exhaustion limits.10000-threads limits.fork-bomb limits.10000-processes
choose.rules choose.threads-everything choose.too-many
server.thread-each server.process-each server.event-loop server.event-loop-crash server.hybrid server.keep-alive
server.balance server.pooled
"""
# Those that were split here: every part must be there.
SPLIT = {
    "pool.size": ["pool.size-computing", "pool.size-waiting", "pool.size-formula"],
    "choose.rules": ["choose.computes", "choose.waits", "choose.shares", "choose.isolates"],
}
DECIDED = {claim.id for _, claim in ledger.find([])}


def shown():
    """claim -> the notebooks whose cells decide it."""
    where = {}
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            for call in re.findall(
                r"pvt\.verdict\((.*?)\)", cell.source if cell.cell_type == "code" else ""
            ):
                for claim in re.findall(r'"([^"]+)"', call):
                    where.setdefault(claim, []).append(path.stem)
    return where


SHOWN = shown()


@pytest.mark.parametrize(
    "claim", [part for claim in LESSON.split() for part in SPLIT.get(claim, [claim])]
)
def test_a_claim_of_the_lesson_is_decided_and_shown(claim):
    assert claim in DECIDED
    assert claim in SHOWN


@pytest.mark.parametrize("claim", sorted(DECIDED))
def test_every_claim_has_its_place_in_one_chapter(claim):
    places = [
        name for name in SHOWN.get(claim, []) if not name.startswith("00")
    ]  # 00 shows what a verdict is
    assert len(places) == 1, places


def test_no_notebook_asks_for_a_claim_that_is_not_there():
    assert set(SHOWN) <= DECIDED
