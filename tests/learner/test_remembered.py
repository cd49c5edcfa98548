"""The record from a terminal."""

import json
import os

import counted
import pytest

from pvt.__main__ import main
from pvt.learner import journal


@pytest.fixture
def kept(record):
    journal.note("exercise", "race", solved=True, because="Right.", text="def add(): ...")
    with open(record, "ab") as file:
        file.write(b'{"dream": "of a newer version"}\n')
    return record


def test_it_is_shown_as_text(kept, capsys):
    assert main(["record"]) == 0
    text = capsys.readouterr().out
    assert "1 check of an exercise" in text and str(kept) in text
    assert f"04 ➜ begun: {counted.of('04', exercises=1)}" in text


def test_its_lines_are_given_as_they_are(kept, capsys):
    assert main(["record", "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["exercise"], second) == ("race", {"dream": "of a newer version"})


def test_it_is_written_as_a_page(kept, tmp_path):
    assert main(["record", "--html", str(tmp_path / "me.html")]) == 0
    assert "<h1>What I have done</h1>" in (tmp_path / "me.html").read_text("utf-8")


def test_it_is_forgotten(kept, capsys):
    assert main(["record", "--forget"]) == 0
    assert "forgotten: 2 lines" in capsys.readouterr().out
    assert not kept.exists()
    assert main(["record", "--forget"]) == 0
    assert "nothing to forget" in capsys.readouterr().out


def test_a_page_that_cannot_be_written_is_a_sentence(kept, tmp_path, capsys):
    assert main(["record", "--html", str(tmp_path / "none" / "me.html")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_off_has_no_lines(capsys):
    assert main(["record", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_a_class_that_is_no_folder_is_a_sentence(capsys, tmp_path):
    assert main(["class", str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_page_that_finds_the_disk_full_is_a_sentence(kept, tmp_path, capsys):
    for words in (["record"], ["class", str(tmp_path / "none")]):
        (tmp_path / "none").mkdir(exist_ok=True)
        assert main([*words, "--html", "/dev/full"]) == 2
        assert "/dev/full cannot be written: No space left on device" in capsys.readouterr().err


def test_a_page_is_written_over_a_page_and_over_nothing_else(kept, tmp_path, capsys):
    before = kept.read_bytes()
    assert main(["record", "--html", str(kept)]) == 2
    assert "is there and is no page (HTML): name another file" in capsys.readouterr().err
    assert kept.read_bytes() == before
    for _ in range(2):
        assert main(["record", "--html", str(tmp_path / "me.html")]) == 0


def test_a_path_that_is_too_long_is_a_sentence(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PVT_RECORD", str(tmp_path / ("x" * 300)))
    for word in ("--json", "--forget"):
        assert main(["record", word]) == 2
        assert "cannot be read" in capsys.readouterr().err
