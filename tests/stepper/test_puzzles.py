"""Every puzzle breaks, replays, is repaired, and its half-hearted repair still breaks; on every Python found."""

import ast

import pytest
from pythons import VERSIONS, ask, some

from pvt.stepper.puzzles import KINDS, NAMES, load

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
        assert answers[name, "broken"]["seconds"] < 2, name
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


def test_there_are_twelve_kinds_and_all_folders_are_listed():
    folder = (
        __import__("pathlib")
        .Path(__import__("pvt.stepper.puzzles", fromlist=["x"]).__file__)
        .parent
    )
    folders = {
        path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("_")
    }
    assert folders == set(NAMES) and len(NAMES) >= 12
    assert all((folder / name / f"{kind}.py").is_file() for name in NAMES for kind in KINDS)


def test_an_unknown_puzzle_is_refused_with_the_list():
    with pytest.raises(ValueError, match=r"'nonsense'.*lost_update"):
        load("nonsense")
