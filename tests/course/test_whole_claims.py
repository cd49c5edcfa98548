"""Every claim as a notebook decides it, with whole runs, on every Python: what `make test` does
with smaller ones."""

import pytest
from deciding import UNDECIDED, VALUES

from pvt import claims, course, ledger

pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("nothing_left")]


@pytest.mark.parametrize("name", [name for name in course.names() if course.load(name).CLAIMS])
def test_the_verdicts_on_whole_runs_follow_from_their_rows(name, every_python):
    deciding = ledger.Deciding(ledger.find([name]), every_python)
    entries = [entry for entry in deciding if entry]
    for (_, claim), entry in zip(ledger.find([name]), entries, strict=True):
        runs = deciding.runs.get((name, repr(sorted(claim.params.items())), claim.runs), [])
        assert entry.value in VALUES and entry.because
        if runs and all(run.ending == "finished" for run in runs):
            assert claims.decide(claim, [run.rows for run in runs]) == (entry.value, entry.because)
        else:
            assert entry.value == UNDECIDED, entry
