"""The page of all verdicts without a browser."""

import time

import pytest

import pvt
from pvt import recorded
from pvt.views import ledger_page
from pvt.views.ledger_page import LedgerPage

pytestmark = pytest.mark.usefixtures("nothing_left")


def wait(page):
    while page.deciding or page.start_button.disabled:
        time.sleep(0.01)


def test_rows_come_and_are_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = LedgerPage(["memory"])
    page.start(None)
    wait(page)
    assert "Done. 2 of 2 claims decided" in page.status.value
    assert "thread.shared" in page.table.value
    page.save(None)
    (kept,) = tmp_path.glob("verdicts-*.html")
    assert recorded.read(kept).lines() == page.record.lines()
    assert f'download="{kept.name}"' in page.link.value


def test_stop_leaves_the_rest_undecided():
    page = LedgerPage(["lock", "memory"])
    page.start(None)
    while not (page.deciding and page.deciding.running and page.deciding.running.rows):
        time.sleep(0.01)
    page.stop(None)
    wait(page)
    assert "Stopped. 0 of 5 claims decided" in page.status.value
    assert "stopped before it was decided." in page.table.value


def test_a_double_click_starts_it_once():
    page = LedgerPage(["lock"])
    page.start(None)
    deciding = page.deciding
    page.start(None)
    assert page.deciding is deciding
    page.stop(None)
    wait(page)


def test_whatever_goes_wrong_is_said_on_the_page(monkeypatch):
    page = LedgerPage(["lock"])
    monkeypatch.setattr(ledger_page.recorded, "begun", lambda command: 1 // 0)
    page.background.carry_out(None, page.work, page.fail)
    assert "The page failed: ZeroDivisionError" in page.status.value
    assert page.save_button.disabled


def test_a_copy_shows_the_recorded_machines(monkeypatch):
    displayed = []
    monkeypatch.setattr(ledger_page, "display", displayed.append)
    monkeypatch.setenv("PVT_AUTORUN", "1")
    pvt.verdicts()
    assert displayed[1].data.count("<dt>Recorded ") == len(recorded.references())


def test_an_unknown_claim_is_refused_before_anything_is_shown():
    with pytest.raises(ValueError, match="there is no claim or experiment 'rase'"):
        pvt.verdicts("rase")
