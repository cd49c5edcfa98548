"""Every notebook: executed whole, clean in git, in the form of the house, its solutions right."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import pvt
from pvt import experiments

FOLDER = Path(__file__).parent.parent / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


@pytest.mark.filterwarnings("ignore")  # of the Jupyter stack
@pytest.mark.timeout(300)
def test_it_runs_from_top_to_bottom(notebook, monkeypatch):
    monkeypatch.setenv("PVT_AUTORUN", "1")
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    for cell in code(notebook):
        shown = [output.get("data", {}).get("text/html", "") for output in cell.outputs]
        assert not any(output.get("name") == "stderr" for output in cell.outputs), cell.source
        if cell.source.lstrip().startswith("pvt.lab(") or "\npvt.lab(" in cell.source:
            assert any('<img src="data:image/png' in html for html in shown), cell.source
        if "pvt.verdict(" in cell.source:
            assert any(value in html for html in shown for value in ("holds", "fails", "not decided")), cell.source
        for picture in re.findall("<img [^>]*>", "".join(shown)):
            assert re.search(r'alt="[^"]+[.…]"', picture), cell.source


def test_outputs_are_not_in_git(notebook):
    for cell in code(notebook):
        assert cell.execution_count is None
        assert cell.outputs == []


def test_cells_are_short(notebook):
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 12, cell.source


def test_headings_ask(notebook):
    headings = [line for text in prose(notebook) for line in re.findall(r"^##? (.*)$", text, re.MULTILINE)]
    assert len(headings) > 3
    assert all(heading.endswith("?") or heading.startswith("Exercise") for heading in headings), headings


def test_predictions_are_the_outcomes(notebook):
    for cell in code(notebook):
        for name, predict in re.findall(r'pvt\.lab\("(\w+)".*?predict=(\{.*?\})\)', cell.source, re.DOTALL):
            assert tuple(eval(predict)) == experiments.load(name).OUTCOMES


def test_no_claim_is_shown_twice(notebook):
    shown = re.findall(r"pvt\.verdict\(([^)]*)\)", "\n".join(cell.source for cell in code(notebook)))
    claims = [claim for call in shown for claim in re.findall(r'"([^"]+)"', call)]
    assert len(claims) == len(set(claims)), claims


def test_links_lead_somewhere(notebook):
    for text in prose(notebook):
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert target.startswith("http") or (FOLDER / target).exists(), target


def solutions():
    """(notebook, exercise, solution) for every exercise: the code folded under "Solution" before the next heading."""
    for path in PATHS:
        cells = nbformat.read(path, as_version=4).cells
        kind = asked = None
        for cell in cells:
            if cell.cell_type == "code" and (found := re.search(r'pvt\.(check|repair)\("(\w+)"', cell.source)):
                kind, asked = found.groups()
            for text in re.findall(r"<summary>Solution.*?```python\n(.*?)```", cell.source, re.DOTALL):
                yield pytest.param(kind, asked, text, id=f"{path.stem}-{asked}")


@pytest.mark.parametrize(("kind", "exercise", "text"), list(solutions()))
def test_the_solution_passes(kind, exercise, text):
    answer = getattr(pvt, kind)(exercise, text)
    assert answer.passed, answer.because


def test_every_exercise_is_in_a_notebook():
    text = "".join(path.read_text() for path in PATHS)
    assert all(f'pvt.check(\\"{name}\\"' in text for name in experiments.names("exercise"))


def test_chapters_have_three_exercises(notebook):
    checks = [cell for cell in code(notebook) if re.search(r"pvt\.(check|repair)\(", cell.source)]
    chapter = prose(notebook)[0].split()[1]
    assert len(checks) >= 3 or chapter in ("00", "13", "14")
