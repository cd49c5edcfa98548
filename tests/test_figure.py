"""Pictures: readable, never by colour alone, with a sentence for those who do not see them."""

import pytest

import pvt
from pvt import figure
from pvt.experiments import race


def luminance(colour):
    """The relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", figure.PALETTE)
def test_every_colour_stands_out_from_white(name):
    contrast = 1.05 / (luminance(figure.PALETTE[name]) + 0.05)
    assert contrast >= (3 if name == "other" else 4.5)  # WCAG AA: 4.5 for text, 3 for marks


def test_a_picture_carries_its_sentence_as_alternative_text():
    picture = pvt.run("race", workers=1, additions=1000).draw()
    assert f'alt="{picture.sentence}"' in picture._repr_html_()
    assert repr(picture) == picture.sentence


def test_no_rows_are_no_error():
    assert figure.picture(race, [], {}).sentence == "There are no rows to draw."
