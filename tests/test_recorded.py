"""Records: written, read back the same, shipped, and free of what should not leave a machine."""

import platform
import re

import pytest

from pvt import ledger, recorded, report
from pvt.ledger import Entry
from pvt.recorded import Record

FACTS = {
    "python": "3.14.0",
    "gil": True,
    "cores": 2,
    "system": "linux",
    "start_method": "fork",
    "processor": "Some </b>",
}
CLAIMS = {claim.id for _, claim in ledger.find([])}


def made(*entries):
    return Record(FACTS, "2026-11-23 21:00+00:00", "python -m pvt verdicts", list(entries))


def one(value="holds", claim="a.b", because="0 of 3 </script> & <b>."):
    return Entry(claim, "It is <so>.", value, because, 0.5, "Python 3.14.0, GIL, 2 cores, linux")


@pytest.mark.parametrize("name", ["x.jsonl", "x.html"])
def test_a_record_is_read_as_it_was_written(name, tmp_path):
    record = made(one(), one("fails", "c.d"))
    text = (
        record.lines()
        if name == "x.jsonl"
        else report.page({"A": record, "B": made(one("fails"))}, "Title")
    )
    (tmp_path / name).write_text(text, "utf-8")
    assert recorded.read(tmp_path / name) == record


@pytest.mark.parametrize("text", ["", "{}", "<html>", '{"facts": {}}', "[1]"])
def test_other_files_are_refused_in_one_line(text, tmp_path):
    (tmp_path / "x").write_text(text)
    with pytest.raises(ValueError, match="holds no verdicts"):
        recorded.read(tmp_path / "x")


def test_an_unknown_verdict_is_refused(tmp_path):
    (tmp_path / "x").write_text(made(one()).lines().replace("holds", "maybe"))
    with pytest.raises(ValueError, match="holds no verdicts"):
        recorded.read(tmp_path / "x")


def test_a_record_names_no_paths_and_no_hosts():
    text = recorded.begun("python -m pvt verdicts").lines()
    assert platform.node() not in text
    assert "executable" not in text


def test_a_record_of_another_python_has_its_facts(python):
    facts = recorded.begun("", python).facts
    assert facts["python"].startswith(python or "3.")
    assert facts["processor"]


@pytest.mark.parametrize("record", recorded.references(), ids=lambda record: record.title)
def test_what_is_shipped_says_where_it_comes_from(record):
    assert re.fullmatch(r"python -m pvt verdicts( --python 3\.\d+t?)? --json", record.command)
    assert len(record.date) >= 16
    assert {"python", "system", "cores", "processor", "memory"} <= set(record.facts)
    assert len(record.entries) >= 40
    assert not re.search(r"/(home|root|Users)/", record.lines())


def test_the_lesson_is_quoted_only_on_claims():
    assert set(recorded.lesson()) <= CLAIMS
    assert all(text.endswith(".") for text in recorded.lesson().values())


def test_a_python_that_was_not_yet_released_is_marked():
    early = made()._replace(facts=FACTS | {"python": "3.14.0a0", "gil": False})
    assert early.title.startswith("Python 3.14.0a0, no GIL, 2 cores, linux (a pre-release)")
    assert "pre-release" not in made().title
