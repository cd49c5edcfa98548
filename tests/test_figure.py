"""Pictures: readable, never by colour alone, with a sentence for those who do not see them."""

import re

import pytest
from contrast import contrast

import pvt
from pvt import figure
from pvt.claims import Rows
from pvt.course.race import race


@pytest.mark.parametrize("name", figure.PALETTE)
def test_every_colour_stands_out_from_white(name):
    assert contrast(figure.PALETTE[name], "#ffffff") >= (
        3 if name == "other" else 4.5
    )  # WCAG AA: 4.5 for text, 3 for marks


@pytest.mark.parametrize("name", figure.PALETTE)
def test_every_colour_stands_out_from_dark_paper(name):
    assert contrast(figure.DARK[name], figure.DARK["paper"]) >= 4.5


def test_a_picture_follows_the_theme():
    picture = pvt.run("race", workers=1, additions=1000).draw()
    shown = picture._repr_html_()
    assert 'html[data-theme="dark"] .pvt-picture' in shown
    assert "fill: var(--pvt-paper,#ffffff)" in shown
    assert not re.search(r"(fill|stroke): #", picture.svg)
    assert "*{stroke" not in picture.svg.replace(".pvt-picture svg *{stroke", "")


def test_a_picture_that_would_be_too_long_is_shown_as_png(monkeypatch):
    monkeypatch.setattr(figure, "LONGEST_SVG", 10)
    picture = pvt.run("race", workers=1, additions=1000).draw()
    assert f'alt="{picture.sentence}"' in picture._repr_html_()
    assert "<svg" not in picture._repr_html_()


def test_a_picture_carries_its_sentence_as_alternative_text():
    picture = pvt.run("race", workers=1, additions=1000).draw()
    assert f'role="img" aria-label="{picture.sentence}"' in picture._repr_html_()
    assert repr(picture) == picture.sentence


@pytest.mark.parametrize(("others", "expected"), [(None, False), (0.1, False), (1.7, True)])
def test_a_busy_neighbour_is_named_below_the_picture(others, expected):
    row = pvt.run("race", workers=1, additions=1000).rows[0]
    shown = figure.picture(race, Rows([row], others), {})
    assert ("Others took 1.7 of the cores" in shown.sentence) is expected


def test_no_rows_are_no_error():
    assert figure.picture(race, [], {}).sentence == "There are no rows to draw."
