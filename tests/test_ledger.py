"""Verdicts as a learner gets them."""

import pytest

import pvt
from pvt import ledger


def test_one_claim_gives_an_entry():
    entry = pvt.verdict("race.unlocked-loses")
    assert entry.value == "holds"
    assert "✔ holds</span>" in entry._repr_html_()
    assert "Python" in entry.host


def test_an_experiment_gives_a_table_and_claims_share_its_run():
    entries = pvt.verdict("orders")
    assert {entry.id for entry in entries} >= {"orders.lost", "sync.processes-none"}
    assert len({entry.seconds for entry in entries}) == 1
    assert "<table>" in entries._repr_html_()


def test_an_unknown_claim_gets_the_nearest_name():
    with pytest.raises(ValueError, match=r"did you mean 'race\.unlocked-loses'"):
        pvt.verdict("race.unlocked-lose")


def test_what_is_missing_leaves_it_undecided(monkeypatch):
    monkeypatch.setattr(ledger.host, "lacking", lambda needs: "two cores")
    entry = pvt.verdict("lock.exact")
    assert entry.value == "not decided"
    assert entry.because == "this needs two cores, which is not here."


def test_an_unfinished_run_decides_nothing():
    run = ledger.runner.run("lock", seconds=0.05)
    _, claim = ledger.find(["lock.exact"])[0]
    entry = ledger.entry(claim, [run], None)
    assert (entry.value, entry.because) == (
        "not decided",
        "the experiment did not finish: time limit.",
    )


def test_an_interrupt_leaves_the_rest_undecided(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger.runner, "Running", interrupted)
    entries = pvt.verdict("orders")
    assert {entry.because for entry in entries} == {"stopped before it was decided."}


def test_a_stop_from_another_thread_leaves_the_rest_undecided():
    deciding = ledger.Deciding(ledger.find(["lock", "memory"]))
    entries = []
    for entry in deciding:
        if entry is None and deciding.running.rows:
            deciding.stop()
        entries += [entry] if entry else []
    assert [entry.value for entry in entries] == ["not decided"] * len(deciding.pairs)
    assert entries[0].because == "the experiment did not finish: stopped."
    assert entries[-1].because == "stopped before it was decided."


def test_a_run_that_could_not_start_is_said_as_such():
    run = ledger.runner.Run(
        "lock", {}, {}, [], "could not start: the system refuses more memory", 0.0
    )
    (_, claim), *_ = ledger.find(["lock"])
    because = ledger.entry(claim, [run], None).because
    assert because == "the experiment could not start: the system refuses more memory."
