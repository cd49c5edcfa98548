"""Every experiment, by its smallest values: rows, picture, sentence and outcome as the house
wants them."""

import json
import re

import pytest
from contrast import contrast
from matplotlib.colors import to_hex
from matplotlib.text import Text

import pvt
from pvt import course
from pvt.figure import drawn
from pvt.result import Run

NAMES = course.names()
WHITE = ("#ffffff", "#fefefe")  # the second stays white on dark paper
NOTES = r" (?:Fewer|Larger|No figures|This kernel|At address|This machine) "  # begin a note


@pytest.fixture(scope="module", params=NAMES)
def small(request):
    """A run with the smallest value of every number, and what it needs said where it cannot run."""
    domains = course.domains(course.load(request.param).run)
    numbers = {
        key: min(allowed) for key, (allowed, default) in domains.items() if type(default) is int
    }
    run = pvt.run(request.param, **numbers)
    if run.ending.startswith("needs "):
        pytest.skip(f"{request.param} {run.ending}")
    return run


def test_it_finishes(small):
    assert small.ending == "finished", small.noise
    assert small.noise == ""
    assert small.rows


def test_rows_are_flat_and_alike(small):
    for row in small.rows:
        assert list(row) == list(small.rows[0])
        assert all(isinstance(value, str | int | float | bool | None) for value in row.values())
    assert json.loads(json.dumps(small.rows)) == small.rows


def test_it_can_be_drawn_from_the_first_row_on(small):
    module = course.load(small.experiment)
    for count in {1, len(small.rows) // 2, len(small.rows)} - {0}:
        rows = small.rows[:count]
        part = Run(small.experiment, {}, small.host, rows, "finished", 1.0)
        picture = part.draw()
        assert picture.png.startswith(b"\x89PNG")
        assert picture.sentence.endswith((".", "…"))
    sentence = module.sentence(small.rows)
    assert "\n" not in sentence
    assert len(re.split(NOTES, sentence)[0].split()) <= 25, sentence


def test_its_words_stand_out_from_what_they_stand_on(small):
    """WCAG AA: 4.5 to white; what is white itself stands on a colour of the palette, which has
    4.5 to white."""
    figure = drawn(course.load(small.experiment), small.rows, small.host)
    for text in figure.findobj(Text):
        colour = to_hex(text.get_color())
        words = f"{text.get_text()!r} in {colour}"
        assert not text.get_text() or colour in WHITE or contrast(colour, "#ffffff") >= 4.5, words
        assert not text.get_text() or text.get_fontsize() >= 8, words


def test_its_outcome_is_one_that_can_be_predicted(small):
    module = course.load(small.experiment)
    assert module.outcome(small.rows) in (*module.OUTCOMES, None)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name):
    module = course.load(name)
    assert module.QUESTION.endswith("?")
    assert module.SECONDS <= 5
    assert all(callable(function) for function in module.STUDY)
    assert pvt.source(name)
    for claim in module.CLAIMS:
        assert course.checked(name, claim.params) is not None
        assert claim.says.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_domain_with_its_default(name):
    for allowed, default in course.domains(course.load(name).run).values():
        assert course.permitted(default, allowed)
