"""How runs become a verdict."""

from pvt.claims import Claim, decide


def claim(kind, *answers):
    """A claim whose check gives these answers, one a run."""
    given = iter(answers)
    return Claim("a.b", "It is so.", {}, lambda rows: next(given), kind=kind)


ROWS = [{"x": 1}]


def test_one_sighting_is_enough_for_can():
    assert decide(claim("can", (False, "no"), (True, "seen")), [ROWS, ROWS]) == ("holds", "seen")


def test_can_never_fails():
    assert decide(claim("can", (False, "not seen")), [ROWS]) == ("not decided", "not seen")


def test_one_counter_example_fails_always():
    assert decide(claim("always", (True, "yes"), (False, "no")), [ROWS, ROWS]) == ("fails", "no")


def test_always_needs_every_run():
    assert decide(claim("always", (True, "yes"), (None, "noisy")), [ROWS, ROWS]) == (
        "not decided",
        "noisy",
    )
    assert decide(claim("always", (True, "yes"), (True, "again")), [ROWS, ROWS]) == (
        "holds",
        "again",
    )


def test_no_rows_decide_nothing():
    assert decide(claim("always"), [[]]).value == "not decided"
    assert decide(claim("can"), []).value == "not decided"
