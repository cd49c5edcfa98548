"""The lab as a learner has it: a real JupyterLab, a real browser, real clicks and keys."""

import re
import time

import nbformat
import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]
ERROR = '[data-mime-type="application/vnd.jupyter.error"]'


@pytest.fixture
def race(open_notebook, run_all, notebooks):
    """Chapter 04 without its verdicts, which nbval has seen already."""
    path = notebooks / "04_race.ipynb"
    chapter = nbformat.read(path, as_version=4)
    chapter.cells = [cell for cell in chapter.cells if "pvt.verdict(" not in cell.source]
    for cell in chapter.cells:  # a run that lasts by the clock, however fast the machine is
        if cell.source.startswith('pvt.lab("lock"'):
            cell.source = 'pvt.lab("talk", budget=10)'
    nbformat.write(chapter, path.with_stem("race"))
    page = open_notebook("race")
    run_all(page)
    return page


def lab(page, question):
    """The lab with this question."""
    return page.locator(".widget-vbox", has=page.get_by_text(question, exact=True)).first


def test_predict_run_and_stop(race, shoot):
    from playwright.sync_api import expect

    page, first = race, lab(race, "What does the counter say at the end?")
    assert page.locator(ERROR).count() == 0
    run, stop = first.get_by_role("button", name="Run"), first.get_by_role("button", name="Stop")
    status, picture = first.get_by_role("status"), first.get_by_role("img")
    first.scroll_into_view_if_needed()

    run.click()
    expect(status).to_contain_text("Choose an answer first")

    handle = first.locator(".noUi-handle").first
    handle.focus()
    before = first.locator(".widget-readout").first.inner_text()
    handle.press("ArrowRight")
    expect(first.locator(".widget-readout").first).not_to_have_text(before)

    first.get_by_label("No addition is lost").check()
    old = picture.inner_html()
    run.click()
    expect(status).to_contain_text("Finished after", timeout=20_000)
    expect(picture).to_have_attribute("aria-label", re.compile("5 threads, without a lock"))
    assert picture.inner_html() != old
    expect(first).to_contain_text("It came out: 1 in 100 or more")
    shoot(page, "lab-after-run")

    second = lab(race, "What does a message cost?")
    second.scroll_into_view_if_needed()
    seconds = second.locator(".noUi-handle").last
    seconds.focus()
    seconds.press("End")  # the longest run: on one core this page comes late to its turn
    second.get_by_role("button", name="Run").click()
    expect(second.get_by_role("status")).to_contain_text("rows")
    begin = time.perf_counter()
    second.get_by_role("button", name="Stop").click()
    expect(second.get_by_role("status")).to_contain_text("Stopped after", timeout=5_000)
    assert time.perf_counter() - begin < 6
    expect(stop).to_be_disabled()
    shoot(page, "lab-after-stop")

    second.get_by_role("button", name="Run").click()
    expect(second.get_by_role("status")).to_contain_text("rows")
    other = page.locator(".jp-CodeCell", has_text="import dis").first
    other.locator(".jp-InputPrompt").click()
    page.keyboard.press("Control+Enter")
    expect(other.locator(".jp-OutputArea-output").first).to_contain_text(
        "STORE_ATTR", timeout=5_000
    )
    expect(second.get_by_role("button", name="Stop")).to_be_enabled()


@pytest.mark.parametrize("name", ["00_start_here"])
def test_every_cell_runs_without_an_error(name, open_notebook, run_all, shoot):
    page = open_notebook(name)
    run_all(page)
    assert page.locator(ERROR).count() == 0
    shoot(page, name)
