"""The public record: each program ends as it should within its bound, and its repair has nothing
bad.

What needs the most threads is only looked through; that its repair is safe is then not claimed.
"""

import re
from pathlib import Path

import pytest
from comparing import asked
from pythons import VERSIONS, python, some
from record import FOLDERS, entries

SECONDS = 20.0
MANY = ("_10", "_20", "_50", "_100", "fsbench", "sctbench/wronglock")
"""Names that end so have nine threads or more: not searched to the end of the bound."""
BOUND, FEW = 2, 12
ENTRIES = entries()
HUNDRED = [one for one in ENTRIES if one.name.endswith("_100")]


def is_small(entry):
    """Whether the repair is to be searched completely."""
    return not entry.name.endswith(MANY)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("version", VERSIONS)
def test_each_program_ends_as_the_record_says(version):
    chosen = some(version, [one for one in ENTRIES if one not in HUNDRED], FEW)
    questions = [
        {"source": one.broken, "preemptions": one.preemptions, "seconds": SECONDS, "first": True}
        for one in chosen
    ]
    for one, answer in zip(
        chosen, asked(python(version), "searched.py", questions, [], 380), strict=True
    ):
        bad = {ending: needed for ending, needed in answer["needed"].items() if ending != "safe"}
        assert bad == {one.ending: one.preemptions}, (one.name, answer["because"])


@pytest.mark.timeout(400)
@pytest.mark.parametrize("version", VERSIONS)
def test_each_repair_is_clean(version):
    chosen = some(version, [one for one in ENTRIES if is_small(one)], FEW)
    questions = [
        {"source": one.repaired, "preemptions": BOUND, "seconds": SECONDS} for one in chosen
    ]
    for one, answer in zip(
        chosen, asked(python(version), "searched.py", questions, [], 380), strict=True
    ):
        assert set(answer["needed"]) == {"safe"}, (one.name, answer["reasons"])
        assert answer["complete"], (one.name, answer["because"])


@pytest.mark.parametrize(
    "entry", [one for one in ENTRIES if not is_small(one)], ids=lambda one: one.name
)
def test_a_repair_with_many_threads_is_looked_through(entry):
    question = {"source": entry.repaired, "preemptions": 1, "seconds": 2.0}
    (answer,) = asked(python(VERSIONS[0]), "searched.py", [question], [], 100)
    assert set(answer["needed"]) <= {"safe"}, answer["reasons"]
    assert "looked at" in answer["because"] or answer["complete"]


@pytest.mark.soak
@pytest.mark.parametrize("entry", HUNDRED, ids=lambda one: one.name)
def test_a_hundred_threads_are_looked_through_for_a_bad_schedule(entry):
    question = {"source": entry.broken, "preemptions": 1, "seconds": 100.0, "first": True}
    (answer,) = asked(python(VERSIONS[0]), "searched.py", [question], [], 110)
    assert entry.ending in answer["needed"], answer["because"]


def test_the_record_is_whole():
    names = [one.name for one in ENTRIES]
    assert sum(name.startswith("sctbench/") for name in names) == 28
    assert sum(name.startswith("goker/") for name in names) >= 40
    for folder in FOLDERS:
        for path in Path(folder).glob("*_repaired.py"):
            assert path.with_name(path.name.replace("_repaired", "")).is_file()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: one.name)
def test_twins_differ_in_little(entry):
    lines = [re.sub(r"^ +", "", line) for line in entry.broken.splitlines()]
    other = [re.sub(r"^ +", "", line) for line in entry.repaired.splitlines()]
    new = [line for line in other if line not in lines]
    assert len(new) <= 20, new
