"""What is handed in: seen first, then written, and told from what was damaged."""

import json
import os

import pytest

import pvt
from pvt.learner import handing, journal, parcel


@pytest.fixture
def here(tmp_path, monkeypatch, record):
    monkeypatch.chdir(tmp_path)
    journal.note("exercise", "race", solved=False, because="No.", text="def add(): 1")
    journal.note("exercise", "race", solved=True, because="Yes.", text="def add(): 2")
    fields = {
        "settings": {},
        "params": {},
        "predicted": None,
        "came": None,
        "thought": "",
        "sentence": "",
    }
    journal.note("lab", "race", ending="stopped", picture="x" * 9999, **fields)
    return tmp_path


def test_it_is_seen_before_it_is_written(here):
    handed = pvt.hand_in("Ann Lee / 3")
    assert not list(here.glob("*.json"))
    text = handed._repr_html_()
    assert "What will be handed in as Ann_Lee_3.json" in text
    assert "1 × lab, 2 × exercise, 1 × text of an exercise" in text
    assert "def add(): 2" in text
    assert "It is not written yet" in repr(handed)


def test_what_is_written_can_be_opened_again(here):
    path = pvt.hand_in(17).write()
    assert str(path) == "17.json"
    found = parcel.opened(path)
    assert (found.name, found.solutions) == ("17", {"race": "def add(): 2"})
    assert [journal.kind(row) for row in found.rows] == ["exercise", "exercise", "lab"]
    assert "picture" not in found.rows[2]
    assert not list(here.glob("*.part"))


def test_the_newest_verdicts_are_part_of_it(here):
    from pvt import recorded, report

    shipped = recorded.references()[0]
    (here / "verdicts-2026-01-01.html").write_text("no verdicts")
    (here / "verdicts-2025-12-31.html").write_text(report.page({"A": shipped}, "x"), "utf-8")
    assert parcel.opened(pvt.hand_in("Ann").write()).ledger == shipped.lines()


@pytest.mark.parametrize("name", ["", "  ", "../..", "x" * 61, None, True, 1.5])
def test_a_name_that_is_none_is_refused(here, name):
    with pytest.raises(ValueError, match="cannot be one"):
        pvt.hand_in(name)


def test_no_name_leads_out_of_the_folder(here):
    assert handing.HandIn(handing.packed("../../etc/passwd")).path.name == "etc_passwd.json"


def test_writing_again_replaces_what_was_handed_in_and_nothing_else(here):
    pvt.hand_in("Ann").write()
    pvt.hand_in("Ann").write()
    (here / "Bob.json").write_text("{}")
    with pytest.raises(ValueError, match="choose another name"):
        pvt.hand_in("Bob").write()
    assert (here / "Bob.json").read_text() == "{}"


def change(path, **changed):
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": "Bob"}, "damaged: the checksum"),
        ({"format": "another"}, "foreign"),
        ({"version": 2}, "of another version"),
        ({"checksum": 7}, "damaged"),
    ],
)
def test_what_was_changed_is_found(here, changed, why):
    path = pvt.hand_in("Ann").write()
    change(path, **changed)
    with pytest.raises(ValueError, match=why):
        parcel.opened(path)


def test_what_was_cut_off_is_found(here):
    path = pvt.hand_in("Ann").write()
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match="damaged: not whole"):
        parcel.opened(path)


def test_spacing_and_order_do_not_matter(here):
    path = pvt.hand_in("Ann").write()
    inside = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(inside.items()))))
    assert parcel.opened(path).name == "Ann"


def test_the_button_writes_it(here, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    pvt.hand_in("Ann")._ipython_display_()
    button, status = shown[0].children[1].children
    button.click()
    assert "Written: Ann.json" in status.value
    assert (here / "Ann.json").exists()


def test_where_nothing_can_be_written_or_removed_it_is_a_sentence(record, tmp_path, monkeypatch):
    from pathlib import Path

    def refused(*_, **__):
        raise OSError(30, "Read-only file system")

    handed = pvt.hand_in("Ann")
    monkeypatch.setattr(Path, "write_text", refused)
    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(ValueError, match=r"Ann\.json cannot be written here: Read-only"):
        handed.write()


@pytest.mark.parametrize("way", ["folder", "pipe"])
def test_what_is_in_the_way_stays_and_nobody_waits(way, here):
    if way == "pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name")
    (here / "Ann.json").mkdir() if way == "folder" else os.mkfifo(here / "Ann.json")
    with pytest.raises(ValueError, match="is no whole hand-in of pvt: move it away"):
        pvt.hand_in("Ann").write()


def test_half_a_character_is_no_name(here):
    with pytest.raises(ValueError, match="cannot be one"):
        pvt.hand_in("a\ud800b")


def test_what_is_too_large_to_be_read_again_is_not_written(here, monkeypatch):
    monkeypatch.setattr(parcel, "MOST", 100)
    with pytest.raises(ValueError, match="would be larger"):
        pvt.hand_in("Ann").write()
    assert not list(here.glob("*.json"))
