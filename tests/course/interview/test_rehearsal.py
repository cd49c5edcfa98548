"""The interview and the investigations: every line leans on a claim, and nothing is shown before
it is asked for."""

import itertools
import re
from pathlib import Path

import pytest

import pvt
from pvt import course, ledger
from pvt.course.interview import rehearsal, view

CLAIMS = {claim.id for _, claim in ledger.find([])}
ASKED = [pytest.param(one, id=one.asks[:30]) for one in rehearsal.asked()]
FAILURES = [pytest.param(one, id=name) for name, one in rehearsal.failures().items()]
NOTEBOOK = Path(__file__).parents[3] / "notebooks/13_interview.ipynb"


@pytest.mark.parametrize("one", ASKED)
def test_a_rubric_has_all_three_voices_and_leans_on_claims(one):
    assert one.level in rehearsal.LEVELS
    assert one.asks.endswith(("?", "."))
    assert {line.who for line in one.rubric} == set(rehearsal.SPEAKERS)
    for line in one.rubric:
        assert line.claim in CLAIMS, line.claim
        assert line.says.endswith((".", ".)"))


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_has_one_cause_one_fix_and_an_experiment_that_decides_its_claims(failure):
    for question in (failure.cause, failure.fix):
        assert len(question.wrong) == 2
        assert all(why.endswith(".") for why in (question.why, *question.wrong.values()))
    assert course.checked(failure.experiment, failure.params) is not None
    assert set(failure.claims) <= CLAIMS
    assert f'pvt.investigate(\\"{failure.name}\\")' in NOTEBOOK.read_text()


def test_the_right_choice_is_not_the_longest_each_time():
    asked = [
        question
        for failure in rehearsal.failures().values()
        for question in (failure.cause, failure.fix)
    ]
    assert sum(len(one.right) > max(map(len, one.wrong)) for one in asked) <= len(asked) / 2


def test_levels_and_draws():
    assert {one.level for one in rehearsal.chosen("senior")} == {"senior"}
    assert rehearsal.chosen(count=5, seed=3) == rehearsal.chosen(count=5, seed=3)
    assert len(rehearsal.chosen(count=5)) == 5


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"level": "expert"}, "there is no level 'expert'"),
        ({"count": 99}, "count=99 is not possible; allowed: 1 to"),
    ],
)
def test_what_there_is_not_is_named(words, expected):
    with pytest.raises(ValueError, match=expected):
        rehearsal.chosen(**words)


def test_an_unknown_failure_says_which_there_are():
    with pytest.raises(ValueError, match="there is no failure 'sail'; did you mean 'sale'"):
        pvt.investigate("sail")


def test_the_rubric_is_not_in_the_page_before_it_is_asked_for():
    shown = pvt.interview("beginner")
    assert not any(view.escape(line.says) in str(shown.state) for line in shown.drawn[0].rubric)
    shown.asked({"do": "reveal"})
    assert all(view.escape(line.says) in shown.state["rubric"] for line in shown.drawn[0].rubric)
    shown.asked({"do": "go", "by": 1})
    assert shown.state["rubric"] == ""


@pytest.mark.soak
def test_the_verdicts_of_all_lines_are_decided_on_request():
    shown = pvt.interview("intermediate")
    at = next(at for at, one in enumerate(shown.drawn) if "counter += 1" in one.asks)
    shown.asked({"do": "go", "by": at})
    shown.asked({"do": "reveal"})
    deciding = ledger.Deciding(ledger.find(shown.claims()[:1]))
    shown.work(deciding)
    assert "decided in" in shown.state["rubric"]


def test_a_load_average_does_not_jump_within_five_seconds():
    """Linux updates it every five seconds, and damps it: a story in which it follows at once is
    made up."""
    for failure in rehearsal.failures().values():
        seen = re.findall(r"\d+:\d+:(\d+) .*load average ([\d.]+)", failure.symptoms)
        assert "load " not in failure.symptoms.replace("load average ", "")
        for (early, before), (late, after) in itertools.pairwise(seen):
            assert int(late) - int(early) >= 5 or before == after, failure.name


def test_the_size_of_a_pool_is_cores_times_one_plus_waiting_by_computing():
    (line,) = (
        line
        for one in rehearsal.asked()
        for line in one.rubric
        if line.claim == "pool.size-formula"
    )
    assert "cores × (1 + waiting time ÷ computing time)" in line.says
