"""The panel of a watched program in a real JupyterLab: predict, watch, zoom, what if."""

import re

import nbformat
import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]
CHAPTER = re.compile("07_birth")


@pytest.fixture
def panel(open_notebook, run_all, notebooks):
    """Chapter 14 with one panel only: the pool of two."""
    path = notebooks / "14_your_program.ipynb"
    chapter = nbformat.read(path, as_version=4)
    chapter.cells = [one for one in chapter.cells if re.search("pvt.begin|weather", one.source)]
    nbformat.write(chapter, path.with_stem("weather"))
    page = open_notebook("weather")
    page.set_viewport_size({"width": 1280, "height": 720})
    run_all(page)
    return page.locator(".widget-vbox", has_text="weather.py: who runs").first


def test_predict_watch_and_try_what_if(panel, shoot):
    from playwright.sync_api import expect

    watch, status = panel.get_by_role("button", name="Watch"), panel.get_by_role("status")
    panel.scroll_into_view_if_needed()
    watch.click()
    expect(status).to_contain_text("Choose an answer first")

    panel.get_by_label("hardly any").check()
    watch.click()
    expect(status).to_contain_text("as it is: finished after", timeout=40_000)
    expect(panel).to_contain_text("It came out: hardly any")
    expect(panel).to_contain_text("The pool of 2 had")
    expect(panel.get_by_role("link", name="chapter 07")).to_have_attribute("href", CHAPTER)
    picture = panel.get_by_role("img", name=re.compile("lanes over"))
    expect(picture).to_be_visible()
    shoot(panel, "watch-as-it-is")

    whole = picture.get_attribute("aria-label")
    handle = panel.locator(".noUi-handle").last
    handle.focus()
    for _ in range(5):
        handle.press("ArrowLeft")
    expect(picture).not_to_have_attribute("aria-label", whole)

    panel.page.evaluate(
        "() => window.jupyterapp.commands.execute('apputils:change-theme',"
        " {theme: 'JupyterLab Dark'})"
    )
    panel.get_by_role("button", name="What if: ProcessPoolExecutor").click()
    expect(status).to_contain_text("ProcessPoolExecutor: finished after", timeout=60_000)
    rows = panel.locator("table", has_text="cores busy").last.locator("tr")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("ProcessPoolExecutor")
    expect(rows.last).to_contain_text("The pool of 2 had")
    panel.locator("table").last.scroll_into_view_if_needed()
    shoot(panel, "watch-what-if-dark")

    another = panel.get_by_role("button", name=re.compile(r"What if: Python 3\.\d+"))
    if another.count():  # another Python is found here
        name = another.first.text_content().removeprefix("What if: ")
        another.first.click()
        expect(status).to_contain_text(f"{name}: finished after", timeout=60_000)
        expect(rows).to_have_count(4)
        expect(rows.last).to_contain_text(name)
        expect(rows.last).to_contain_text("The pool of 2 had")
        panel.locator("table").last.scroll_into_view_if_needed()
        shoot(panel.page, "watch-what-if-python")

    watch.click()
    stop = panel.get_by_role("button", name="Stop")
    expect(stop).to_be_enabled()
    expect(status).to_contain_text("Watching weather.py, as it is")
    stop.click()
    expect(status).to_contain_text("as it is: stopped after")
    expect(panel).to_contain_text("It was ended by you; this is what was seen until then.")


def test_the_panel_fits_one_screen(panel):
    """1,280 × 720, with a run: nothing to scroll for, neither down nor sideways."""
    from playwright.sync_api import expect

    panel.get_by_label("hardly any").check()
    panel.get_by_role("button", name="Watch").click()
    expect(panel.get_by_role("status")).to_contain_text("finished after", timeout=40_000)
    panel.page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    inside = panel.page.locator(".jp-WindowedPanel-outer").first.bounding_box()
    assert panel.bounding_box()["height"] <= inside["height"]
    settled = f"box => ({SCROLLS})(box).length === 0"  # the page gives the panel its new width
    panel.page.wait_for_function(settled, arg=panel.element_handle(), timeout=10_000)


SCROLLS = """box => [...box.querySelectorAll('*')].filter(one => one.scrollWidth > one.clientWidth + 1
    && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)).map(one => one.className)"""
