"""Ordinary programs with the trouble that threads make, written as anybody writes them.

A program's docstring says how it ends: "outputs" is a program whose printed text depends on who
comes first."""

import re
from pathlib import Path

import oracle
import pytest
from comparing import asked
from pythons import HERE, python

PROGRAMS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parent / "trouble").glob("*.py")
}


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_the_trouble_is_found(name):
    source = PROGRAMS[name]
    wanted = re.search(r"^Ends: (.+)\.$", source, re.MULTILINE)[1]
    expected = oracle.search(source, 2, most=600)
    question = {"source": source, "preemptions": expected.bound}
    (answer,) = asked(python(HERE), "searched.py", [question], [], 100)
    assert answer["endings"] == sorted(map(list, expected.endings)), answer["because"]
    bad = {ending for ending, _ in answer["endings"] if ending != "safe"}
    if wanted in ("safe", "outputs"):
        assert not bad and answer["complete"]
        assert (len(answer["endings"]) > 1) == (wanted == "outputs")
    else:
        assert bad <= set(wanted.split("|")) and bad
