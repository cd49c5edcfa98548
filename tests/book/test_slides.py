"""The slides: where one begins follows from the form of a notebook, and its pictures are those
of the run."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).parents[2]
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def slides(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "notebooks" / "book")
    import slides

    yield slides
    del sys.modules["slides"]


def test_every_heading_begins_a_slide_and_solutions_are_notes(slides):
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        for cell in slides.mark(nbformat.read(path, as_version=4)).cells:
            place = cell.metadata["slideshow"]["slide_type"]
            assert (place == "slide") == bool(
                cell.cell_type == "markdown" and re.match("##? ", cell.source)
            )
            if "<summary>Solution</summary>" in cell.source:
                assert place == "notes"
            if cell.source.startswith("pvt.lab("):
                assert place == "subslide"


def test_a_slide_shows_the_picture_and_no_dead_widget(slides):
    picture = new_output("display_data", {"text/html": '<img alt="as measured">'})
    widget = new_output("display_data", {VIEW: {"model_id": "1"}, "text/plain": "VBox()"})
    cells = [
        new_markdown_cell("# 99 · Why?"),
        new_code_cell('pvt.begin("99")'),
        new_code_cell('pvt.lab("race")', outputs=[widget, picture]),
        new_markdown_cell("<details><summary>Solution</summary>\n\nsecret\n</details>"),
        new_markdown_cell("## On? [next](98_next.ipynb#part)"),
    ]
    cells[2].metadata["jupyter"] = {"source_hidden": True}
    notebook = slides.pictured(slides.mark(new_notebook(cells=cells)))
    page = slides.page(notebook, "99")
    assert "as measured" in page and VIEW not in page and "VBox" not in page
    assert "pvt.begin" not in page and "pvt.lab" not in page
    assert re.search(r'<aside class="notes">.*secret.*</aside>', page, re.DOTALL)
    assert 'href="98_next.html"' in page
    body = page[page.index('<div class="slides">') :]
    assert body.count("<section") == 2 + 3  # two headings; and below the first of them the lab
