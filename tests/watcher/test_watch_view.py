"""What the learner sees: the panel asks first, the picture can be cut, its sentence says what it
shows.
"""

import dataclasses
import time

import pytest
from matplotlib import colors

import pvt
from pvt.problem import Problem
from pvt.watcher import lanes, picture, view
from pvt.watcher.asking import Program, courses, watch_text
from pvt.watcher.diagnosis import finding
from pvt.watcher.figures import Figures
from pvt.watcher.lanes import STATES
from pvt.watcher.seen import Seen

SLEEPS = "import time\ntime.sleep(0.3)\nprint('slept')"
POOL = """from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    pool.submit(print, 1)
"""


@pytest.fixture(scope="module")
def sleeper():
    return watch_text(SLEEPS, ask=False)


def until_done(panel):
    until = time.monotonic() + 30
    while panel.background.task or panel.watched is None:
        assert time.monotonic() < until, panel.status.value
        time.sleep(0.02)


def test_each_state_has_a_look_of_its_own():
    assert set(picture.LOOK) == set(STATES)
    assert len(set(picture.LOOK.values())) == len(picture.LOOK)
    grounds = [colors.to_rgb(ground) for ground, _ in picture.LOOK.values()]
    marks = [hatch for _, hatch in picture.LOOK.values()]
    trouble = [
        mark
        for state, mark in zip(picture.LOOK, marks, strict=True)
        if state in ("gil", "lock", "ready")
    ]
    assert all(trouble)
    assert len(set(trouble)) == 3
    assert len(grounds) == len(STATES)


def test_the_sentence_names_lanes_and_diagnosis(sleeper):
    drawn = sleeper.draw()
    assert "MainThread: asleep" in drawn.sentence
    assert sleeper.diagnosis[0].text in drawn.sentence
    assert f'aria-label="{drawn.sentence[:20]}' in drawn.image()
    assert "var(--pvt-ink" in drawn.svg  # it follows the theme


def test_of_a_run_that_did_not_begin_there_is_an_empty_picture(sleeper):
    bins, found = lanes.lanes(Seen([]))
    nothing = dataclasses.replace(
        sleeper, seconds=0.0, bins=bins, lanes=found, figures=Figures(0.0, 2, 0.0), diagnosis=[]
    )
    assert "0 lanes over 0.00 s" in nothing._repr_html_()


def test_a_finding_leads_to_its_chapter(sleeper):
    found = [finding("io-fine", 1.0, "Two threads only wait.")]
    html = dataclasses.replace(sleeper, diagnosis=found)._repr_html_()
    assert '(<a href="06_gil.ipynb">chapter 06</a>, gil.io-threads)' in html


def test_a_stretch_can_be_drawn(sleeper):
    assert "from 0.10 to 0.20 s" in sleeper.draw(0.1, 0.2).sentence
    with pytest.raises(Problem, match="is no stretch; allowed"):
        sleeper.draw(0.3, 0.1)


def test_the_table_has_a_row_for_each_worker(sleeper):
    html = sleeper._repr_html_()
    assert html.count("<tr>") == 1 + len(sleeper.lanes)
    assert "asleep, %" in html
    assert "slept" in html


def test_without_a_prediction_nothing_runs():
    panel = view.Panel(Program("cell.py", text=SLEEPS))
    panel.watch_button.click()
    assert "Choose an answer first" in panel.status.value
    assert panel.background.task is None


@pytest.mark.usefixtures("nothing_left")
def test_the_prediction_is_judged_and_the_stretch_redraws():
    panel = view.Panel(Program("cell.py", text=SLEEPS))
    panel.prediction.value = "about 1"
    panel.watch_button.click()
    until_done(panel)
    assert "It came out: hardly any" in panel.judged.value
    assert "you said: about 1" in panel.judged.value
    whole = panel.result.value
    panel.stretch.value = (0.1, 0.2)
    assert panel.result.value != whole
    assert "from 0.10 to 0.20 s" in panel.result.value


@pytest.mark.usefixtures("nothing_left")
def test_stop_ends_the_program_and_shows_what_was_seen():
    panel = view.Panel(Program("cell.py", text="import time\ntime.sleep(60)"))
    panel.prediction.value = "hardly any"
    panel.watch_button.click()
    time.sleep(1.5)
    panel.stop_button.click()
    until_done(panel)
    assert panel.watched.ending == "stopped"
    assert "asleep" in panel.result.value


@pytest.mark.usefixtures("nothing_left")
def test_what_if_stands_beside_what_is():
    panel = view.Panel(Program("cell.py", text=POOL))
    panel.prediction.value = "hardly any"
    panel.watch_button.click()
    until_done(panel)
    (button,) = [
        one for one in panel.more.children if one.description == "What if: ProcessPoolExecutor"
    ]
    panel.watched = None
    button.click()
    until_done(panel)
    assert "ProcessPoolExecutor" in panel.beside.value
    assert "as it is" in panel.beside.value


@pytest.mark.parametrize(
    ("busy", "expected"), [(0.05, "hardly any"), (0.9, "about 1"), (1.9, "about 2")]
)
def test_an_answer_fits_the_cores(busy, expected):
    assert view.answer(busy) == expected


def test_the_programs_of_chapter_14_are_known_by_name():
    assert set(courses()) == {"archive", "weather", "shop", "chat", "photos", "visits"}
    with pytest.raises(Problem, match="there is no file nosuch"):
        pvt.watch("nosuch")
