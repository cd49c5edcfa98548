"""Cards and views can be read in both themes; what a browser must confirm is in
browser/test_keys.py."""

import re
from pathlib import Path

import pytest
from contrast import contrast

from pvt import card

# The pages behind a card, from JupyterLab's themes: --jp-layout-color0 and 1, light and dark.
PAGES = ["#ffffff", "#111111", "#212121"]
SHEETS = sorted(Path(card.__file__).parent.glob("**/*.css"))
VIEWS = [
    sheet for sheet in SHEETS if "data-jp-theme-light" in sheet.read_text()
]  # with colours of their own


@pytest.mark.parametrize("kind", card.COLOURS)
def test_a_card_is_read_in_both_themes(kind):
    assert contrast(card.COLOURS[kind], "#ffffff") >= 4.5  # its words are white
    assert all(contrast(card.COLOURS[kind], page) >= 3 for page in PAGES)


def test_a_card_says_in_words_what_its_colour_says():
    assert "✔ holds" in card.chip("good", "✔ holds")
    assert "&lt;" in card.chip("good", "<")


def own(css, theme):
    """The colours that a view sets for a theme, by name; a fall-back counts for the light one."""
    block = re.search(
        {"light": r"^\.[\w-]+ \{(.*?)\}", "dark": r'"false"\][^{]*\{(.*?)\}'}[theme],
        css,
        re.S | re.M,
    )[1]
    short = {
        name: f"#{code[1] * 2}{code[2] * 2}{code[3] * 2}" if len(code) == 4 else code
        for name, code in re.findall(r"--([\w-]+): (?:var\([\w-]+, )?(#\w{3,6})", block)
    }
    return short


@pytest.mark.parametrize("view", VIEWS, ids=lambda path: path.parent.name)
@pytest.mark.parametrize(("theme", "page"), [("light", "#ffffff"), ("dark", "#212121")])
def test_the_colours_of_a_view_stand_out(view, theme, page):
    colours = own(view.read_text(), theme)
    assert colours
    for name, colour in colours.items():
        if name in ("ink", "soft", "bad", "good", "thread"):
            assert contrast(colour, page) >= 4.5, name
    if "now" in colours:
        assert contrast(colours["now"], colours["now-ink"]) >= 4.5
