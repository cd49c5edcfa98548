"""The teacher's page: a row for each chapter, with the minutes that its notebook names."""

import re

import pytest

from tests import prose

PAGE = (prose.NOTEBOOKS[0].parent / "book" / "teacher.md").read_text("utf-8")
ROWS = {row.split()[1]: row for row in re.findall(r"^\| \d\d \w.*$", PAGE, re.MULTILINE)}


@pytest.mark.parametrize("path", prose.NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_a_chapter_has_a_row_with_its_minutes(path):
    row = ROWS[path.stem[:2]]
    core, everything = prose.times(path)
    cells = [cell.strip() for cell in row.strip("| ").split(" | ")]
    assert len(cells) == 5 and all(cells)
    assert cells[1] == f"{core} / {everything}"


@pytest.mark.parametrize("path", prose.NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_the_plan_of_ten_sessions_has_every_chapter(path):
    plan = next(line for line in PAGE.splitlines() if line.startswith("| 10 |"))
    assert path.stem[:2] in re.findall(r"\d\d", plan.partition("|")[2].partition("|")[2])


@pytest.mark.parametrize("path", prose.NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_the_labs_that_a_row_names_are_in_the_notebook(path):
    named = re.findall(r"\*(\w+)\*", ROWS[path.stem[:2]])
    text = path.read_text("utf-8")
    missing = [lab for lab in named if not re.search(rf"pvt\.\w+\(\\\\?\"{lab}\\\\?\"", text)]
    assert missing == []
