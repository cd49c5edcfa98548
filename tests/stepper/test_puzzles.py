"""Every puzzle breaks, replays, is repaired, and its half-hearted repair still breaks; on every
Python found."""

import ast
from pathlib import Path

import pytest
from pythons import VERSIONS, ask, some

from pvt.stepper import puzzles
from pvt.stepper.puzzles import NAMES, load

REPLAYS, FEW = (
    100,
    7,
)  # replays of each schedule; puzzles for the Pythons between the oldest and the newest here


@pytest.mark.timeout(200)
@pytest.mark.parametrize("version", VERSIONS)
def test_each_puzzle_breaks_replays_and_is_repaired(version):
    names = some(version, NAMES, FEW)
    rows = ask(version, "puzzles", 180, names=names, replays=REPLAYS)
    answers = {(row["name"], row["question"]): row for row in rows}
    for name in names:
        assert answers[name, "broken"]["ending"] in ("broken", "deadlock"), name
        assert answers[name, "replays"]["same"] == REPLAYS, name
        assert answers[name, "replays"]["traces"] == answers[name, "broken"]["schedule"], name
        assert answers[name, "rarer"]["ending"] in ("broken", "deadlock"), name
        assert set(answers[name, "repaired"]["counts"]) == {"safe"}, name


@pytest.mark.parametrize("name", NAMES)
def test_a_puzzle_is_told_plainly(name):
    puzzle = load(name)
    assert puzzle.title and puzzle.goal.startswith("Break it: ") and puzzle.hint
    assert len(puzzle.story.split()) <= 60
    assert len(body(puzzle.broken)) <= 30


def body(text):
    """The lines of a program without its docstring and without empty lines."""
    first = ast.parse(text).body[1].lineno
    return [line for line in text.splitlines()[first - 1 :] if line.strip()]


def test_there_are_twelve_kinds_and_all_files_are_listed():
    assert {path.stem for path in Path(puzzles.__file__).parent.glob("[a-z]*.py")} == set(NAMES)
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_a_repair_is_the_puzzle_with_a_few_lines_changed(name):
    puzzle = load(name)
    for kind in ("rarer", "repaired"):
        text = getattr(puzzle, kind)
        assert ast.get_docstring(ast.parse(text)) == getattr(puzzle, f"why_{kind}")
        assert set(body(text)) & set(body(puzzle.broken))
        assert body(text) != [line for line in body(puzzle.broken) if "GOAL" not in line]


def test_an_unknown_puzzle_is_refused_with_the_list():
    with pytest.raises(ValueError, match=r"'nonsense'.*lost_update"):
        load("nonsense")
