"""The diagrams: told to those who cannot see them, in the theme's colours, each in a notebook."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import pvt
from pvt import diagrams, figure

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", diagrams.names())
def test_a_diagram_is_told_and_follows_the_theme(name):
    text = diagrams.names()[name].read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert root.findtext(f"{SVG}title").endswith("?")
    sentences = root.findtext(f"{SVG}desc").split(". ")
    assert len(sentences) >= 3 and all(len(sentence.split()) <= 25 for sentence in sentences)
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', text)) - {"none"}
    assert colours <= {f"var(--pvt-{name},{colour})" for name, colour in figure.LIGHT.items()}
    assert all(float(size) >= 12 for size in re.findall(r'font-size="([\d.]+)"', text))
    shown = pvt.diagram(name)
    assert 'role="img" aria-label="' + root.findtext(f"{SVG}title") in shown._repr_html_()
    assert root.findtext(f"{SVG}desc") in repr(shown)


@pytest.mark.parametrize("name", diagrams.names())
def test_each_diagram_stands_in_one_notebook(name):
    texts = [path.read_text("utf-8") for path in NOTEBOOKS.glob("*.ipynb")]
    assert sum(f'pvt.diagram(\\"{name}\\")' in text for text in texts) == 1


def test_an_unknown_diagram_says_which_there_are():
    with pytest.raises(ValueError, match="did you mean 'flats'"):
        pvt.diagram("flat")
