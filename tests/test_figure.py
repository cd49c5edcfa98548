"""Pictures: readable, never by colour alone, with a sentence for those who do not see them."""

import pytest
from contrast import contrast

import pvt
from pvt import figure
from pvt.course.race import race


@pytest.mark.parametrize("name", figure.PALETTE)
def test_every_colour_stands_out_from_white(name):
    assert contrast(figure.PALETTE[name], "#ffffff") >= (
        3 if name == "other" else 4.5
    )  # WCAG AA: 4.5 for text, 3 for marks


def test_a_picture_carries_its_sentence_as_alternative_text():
    picture = pvt.run("race", workers=1, additions=1000).draw()
    assert f'alt="{picture.sentence}"' in picture._repr_html_()
    assert repr(picture) == picture.sentence


@pytest.mark.parametrize(("others", "expected"), [(None, False), (0.1, False), (1.7, True)])
def test_a_busy_neighbour_is_named_below_the_picture(others, expected):
    row = pvt.run("race", workers=1, additions=1000).rows[0]
    shown = figure.picture(race, [row | {"others": others}], {})
    assert ("Others took 1.7 of the cores" in shown.sentence) is expected


def test_no_rows_are_no_error():
    assert figure.picture(race, [], {}).sentence == "There are no rows to draw."
