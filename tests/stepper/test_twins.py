"""Trouble as bug reports tell it, each with its repaired twin: the one is found with a story, the
other is never accused."""

from pathlib import Path

import pytest

from pvt.stepper.searching import run

TWINS = Path(__file__).parent / "twins"
NAMES = sorted(path.stem for path in TWINS.glob("*.py") if not path.stem.endswith("_repaired"))


def endings(name):
    """Ending → row of a search."""
    source = (TWINS / f"{name}.py").read_text(encoding="utf-8")
    rows = list(run(source=source))
    return {row["ending"]: row for row in rows if row["kind"] == "ending"}, rows[-1]


@pytest.mark.parametrize("name", NAMES)
def test_the_broken_twin_is_found(name):
    found, result = endings(name)
    bad = set(found) - {"safe"}
    assert bad and bad <= {"broken", "deadlock"}, result["because"]
    assert all(found[ending]["story"] for ending in bad)


@pytest.mark.parametrize("name", NAMES)
def test_the_repaired_twin_is_never_accused(name):
    found, result = endings(f"{name}_repaired")
    assert set(found) == {"safe"}, result["because"]
    assert result["complete"]
