"""The panel of a challenge in a real JupyterLab: the starting stage, Run, the card, Stop."""

import nbformat
import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def page(open_notebook, run_all, notebooks):
    """The last cells of chapter 16: a server with none of the learner's own yet."""
    chapter = nbformat.read(notebooks / "16_asyncio.ipynb", as_version=4)
    chapter.cells = [one for one in chapter.cells if "pvt.challenge(" in one.source]
    chapter.cells[0].source = "import pvt\n" + chapter.cells[0].source
    nbformat.write(chapter, notebooks / "stage.ipynb")
    page = open_notebook("stage")
    page.set_viewport_size({"width": 1280, "height": 720})
    run_all(page)
    return page


def test_the_starting_stage_is_shown_tried_and_stopped(page, notebooks, shoot):
    from playwright.sync_api import expect

    file = notebooks / "my_server_asyncio.py"
    panel = page.locator(".widget-vbox", has_text="What can your server withstand?").first
    run, stop = (panel.get_by_role("button", name=name) for name in ("Run", "Stop"))
    status, card = panel.get_by_role("status"), panel.locator("table")
    expect(stop).to_be_disabled()
    panel.get_by_text("The starting stage of chapter 16").click()
    expect(panel).to_contain_text("tasks.create_task(converse(reader, writer, places))")
    assert not file.exists()

    run.focus()
    run.press("Enter")
    expect(stop).to_be_enabled()
    expect(run).to_be_disabled()
    row = card.locator("tr", has_text="ladder")
    expect(row).to_contain_text("✘", timeout=40_000)
    expect(panel).to_contain_text("keep its workers busy")
    stop.focus()
    stop.press("Enter")
    expect(status).to_contain_text("Stopped after")
    expect(status).to_contain_text("my_server_asyncio.py was not there")
    expect(panel).to_contain_text("Not all was tried: it was stopped")
    assert "TaskGroup" in file.read_text()
    shoot(page, "challenge")

    expect(run).to_be_enabled()
    file.write_text("def serve(port):\n    raise SystemExit('closed today')\n")
    run.click()
    expect(panel).to_contain_text("It does not serve", timeout=40_000)
    expect(panel).to_contain_text("closed today")
