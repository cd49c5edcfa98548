"""The search against brute force: the same endings, with the same shared values, for random small
programs."""

import json

import pytest
import states_oracle
from pythons import VERSIONS, ask, some

PROGRAMS = 60


def expected(threads):
    """What the oracle finds, in the words of the search."""
    found = set()
    for ending, *values in states_oracle.endings(threads):
        texts = {}
        if values:
            x, y, a, b, items = values
            owners = {"a": a, "b": b}
            locks = {
                n: "free" if owner is None else f"held by thread {owner}"
                for n, owner in owners.items()
            }
            texts = {"x": repr(x), "y": repr(y), **locks, "items": repr(list(items))}
        found.add((ending, json.dumps(texts, sort_keys=True)))
    return sorted(map(list, found))


@pytest.mark.timeout(200)
@pytest.mark.parametrize("version", VERSIONS)
def test_search_and_brute_force_find_the_same_endings(version):
    programs = some(version, telling(VERSIONS.index(version)), 20)
    sources = [states_oracle.source(threads) for threads in programs]
    answers = ask(version, "states", 180, sources=sources)
    for threads, source, answer in zip(programs, sources, answers, strict=True):
        assert answer["found"] == expected(threads), source
    assert {ending for answer in answers for ending, _ in answer["found"]} == {
        "safe",
        "broken",
        "deadlock",
    }


def telling(seed):
    """Random programs, of those with a single ending only every fourth."""
    found = [threads for threads in states_oracle.programs(seed, PROGRAMS * 4)]
    several = [threads for threads in found if len(states_oracle.endings(threads)) > 1]
    single = [threads for threads in found if threads not in several]
    assert len(several) > PROGRAMS / 2
    return several[:PROGRAMS] + single[: PROGRAMS // 4]
