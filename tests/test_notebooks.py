"""Every notebook: clean in git, in the form of the house, its solutions right. nbval executes
it: see `cells`."""

import re
from importlib import import_module
from pathlib import Path

import nbformat
import pytest

import pvt
from pvt import course

FOLDER = Path(__file__).parent.parent / "notebooks"
TESTS = Path(__file__).parent.glob("course/*/test_exercises_*.py")
MODULES = [
    "stepper.test_mending",
    *(f"course.{path.parent.name}.{path.stem}" for path in sorted(TESTS)),
]
WRONG = [wrong for name in MODULES for wrong in import_module(f"tests.{name}").WRONG]
PATHS = sorted(FOLDER.glob("*.ipynb"))
pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def test_outputs_are_not_in_git(notebook):
    for cell in code(notebook):
        assert cell.execution_count is None
        assert cell.outputs == []


def test_cells_are_short(notebook):
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 12, cell.source


def test_headings_ask(notebook):
    headings = [
        line for text in prose(notebook) for line in re.findall(r"^##? (.*)$", text, re.MULTILINE)
    ]
    assert len(headings) > 3
    assert all(heading.endswith("?") or heading.startswith("Exercise") for heading in headings), (
        headings
    )


def test_it_begins_with_what_is_done_and_how_to_get_pvt_where_it_is_missing(notebook):
    first = code(notebook)[0].source
    number = prose(notebook)[0].split()[1]
    assert re.search(r"%pip install -q git\+https://github\.com/[\w.-]+/[\w.-]+\n", first)
    assert first.endswith(f'pvt.begin("{number}")')
    assert notebook.cells[1] is code(notebook)[0]


def test_predictions_are_the_outcomes(notebook):
    for cell in code(notebook):
        for name, predict in re.findall(
            r'pvt\.lab\("(\w+)".*?predict=(\{.*?\})\)', cell.source, re.DOTALL
        ):
            assert tuple(eval(predict)) == course.load(name).OUTCOMES


def test_no_claim_is_shown_twice(notebook):
    shown = re.findall(
        r"pvt\.verdict\(([^)]*)\)", "\n".join(cell.source for cell in code(notebook))
    )
    claims = [claim for call in shown for claim in re.findall(r'"([^"]+)"', call)]
    assert len(claims) == len(set(claims)), claims


def test_links_lead_somewhere(notebook):
    for text in prose(notebook):
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert target.startswith("http") or (FOLDER / target).exists(), target


def exercises(notebook):
    """(check or repair, name, what the learner is given, what is folded below it) for every
    exercise."""
    for cell, below in zip(notebook.cells, notebook.cells[1:], strict=False):
        if cell.cell_type == "code" and (
            found := re.search(r'^pvt\.(check|repair)\("(\w+)"', cell.source, re.MULTILINE)
        ):
            yield (
                *found.groups(),
                cell.source[: found.start()],
                below.source if below.cell_type == "markdown" else "",
            )


def answers():
    """What the learner is given, which is no answer yet, and the folded solutions, which are."""
    for path in PATHS:
        for kind, name, given, folded in exercises(nbformat.read(path, as_version=4)):
            yield pytest.param(kind, name, given, False, id=f"{path.stem}-{name}-given")
            for at, text in enumerate(re.findall(r"```python\n(.*?)```", folded, re.DOTALL)):
                yield pytest.param(
                    kind, name, text, True, id=f"{path.stem}-{name}-solution{at or ''}"
                )


@pytest.mark.parametrize(("kind", "name", "text", "passes"), list(answers()))
def test_the_solution_passes_and_the_unchanged_cell_does_not(kind, name, text, passes):
    answer = getattr(pvt, kind)(name, text)
    assert answer.passed == passes, answer.because
    assert answer.because.endswith((".", "?")), answer.because


def test_every_exercise_is_in_a_notebook():
    text = "".join(path.read_text() for path in PATHS)
    assert all(f'pvt.check(\\"{name}\\"' in text for name in course.names("exercise"))


def test_chapters_have_three_exercises(notebook):
    chapter = prose(notebook)[0].split()[1]
    assert len(list(exercises(notebook))) >= 3 or chapter in ("00", "13")


def test_an_exercise_has_its_hint_and_its_solution_folded_below(notebook):
    for _, name, _, folded in exercises(notebook):
        found = re.findall(
            r"<details><summary>(\w+)</summary>\n\n(.*?)\n</details>", folded, re.DOTALL
        )
        assert [title for title, _ in found] == ["Hint", "Solution"], name
        assert "```python" in found[1][1], name


def test_three_wrong_answers_to_an_exercise_are_refused_for_different_reasons(notebook):
    for _, name, _, _ in exercises(notebook):
        reasons = {text for asked, _, text in WRONG if asked == name}
        assert len(reasons) >= 3, (name, reasons)
