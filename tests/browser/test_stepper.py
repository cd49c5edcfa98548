"""The scheduler's seat as a learner has it: the counter is broken by clicks, and again by keys
alone."""

import os
import re
import signal

import nbformat
import pytest

from tests.browser.conftest import READY
from tests.browser.test_record import kernels, save

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]
ERROR = '[data-mime-type="application/vnd.jupyter.error"]'
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
}
SOON = 10_000
THREADS = """
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"""
OWN = f"""import threading

items = [1]

def work():
    if items:
        items.pop()
{THREADS}"""
COUNTS = f"""import threading

n = 0

def work():
    global n
    n += 1
{THREADS}print(n)
"""


@pytest.fixture
def seat(open_notebook, run_all, notebooks):
    """A function that opens a notebook with these cells, and gives the page and the view in it."""

    def opened(*codes):
        path = notebooks / "stepper.ipynb"
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code) for code in codes], metadata=KERNEL
        )
        nbformat.write(notebook, path)
        page = open_notebook("stepper")
        run_all(page)
        assert page.locator(ERROR).count() == 0
        view = page.locator(".pvt-step")
        view.wait_for()
        return page, view

    return opened


def test_the_counter_breaks_by_clicks(seat, shoot):
    from playwright.sync_api import expect

    _, view = seat('import pvt\n\npvt.step("lost_update")')
    status, schedule = view.get_by_role("status"), view.get_by_label("Schedule: thread numbers")
    expect(status).to_contain_text("Nothing has run yet", timeout=SOON)
    shoot(view, "stepper-start")
    for count, thread in enumerate((0, 1, 1, 0), 1):
        view.get_by_role("button", name=f"Step thread {thread}").click()
        expect(schedule).to_have_value(re.compile(rf"\[(\d(, )?){{{count}}}\]"), timeout=SOON)
    expect(view).to_contain_text("broken: safe() says False. You have found a bad schedule.")
    expect(view.locator(".values")).to_contain_text(re.compile("visitors11"))
    shoot(view, "stepper-broken")
    view.get_by_role("button", name="Undo").click()
    expect(schedule).to_have_value("[0, 1, 1]", timeout=SOON)
    view.get_by_role("button", name="Prove it safe").click()
    expect(status).to_contain_text("2 of all 4 schedules", timeout=SOON)
    view.get_by_label("World").select_option("interpreter")
    expect(status).to_contain_text(
        "Not possible: step 2: this interpreter lets no other thread in", timeout=SOON
    )
    view.get_by_role("button", name="Find a bad schedule").click()
    expect(status).to_contain_text("No bad schedule", timeout=SOON)
    shoot(view, "stepper-safe")


def test_the_counter_breaks_by_keys_alone(seat, shoot):
    from playwright.sync_api import expect

    page, view = seat('import pvt\n\npvt.step("lost_update", grain="bytecode")')
    status, schedule = view.get_by_role("status"), view.get_by_label("Schedule: thread numbers")
    expect(status).to_contain_text("Nothing has run yet", timeout=SOON)
    for _ in range(40):  # Tab leads into the view
        page.keyboard.press("Tab")
        if view.evaluate("view => view.contains(document.activeElement)"):
            break
    page.keyboard.press("1")
    page.keyboard.type("22")  # faster than the answers come: the moves wait
    expect(schedule).to_have_value("[0, 1, 1]", timeout=SOON)
    assert view.evaluate("view => view.contains(document.activeElement)")
    page.keyboard.press("e")
    expect(view).to_contain_text("broken: safe() says False", timeout=SOON)
    shoot(view, "stepper-keys")
    page.keyboard.press("r")
    expect(schedule).to_have_value("[]", timeout=SOON)
    page.keyboard.press("f")
    expect(status).to_contain_text("This schedule ends in “broken”", timeout=SOON)
    page.keyboard.press("u")
    expect(view.locator(".verdict")).to_have_count(0, timeout=SOON)
    page.keyboard.press("p")
    expect(status).to_contain_text("2 of all 4 schedules", timeout=SOON)
    assert page.locator(".jp-MarkdownCell").count() == 0  # the notebook's own keys did nothing


def test_a_deadlock_in_the_dark(seat, shoot):
    from playwright.sync_api import expect

    page, view = seat('import pvt\n\npvt.step("philosophers")')
    page.evaluate(
        "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    )
    page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    view.get_by_role("button", name="Find a bad schedule").click()
    expect(view).to_contain_text("deadlock: no thread can go on", timeout=SOON)
    expect(view.get_by_role("button", name="Thread 0: plato")).to_have_attribute(
        "aria-disabled", "true"
    )
    shoot(view, "stepper-dark")


def test_a_stepper_whose_kernel_was_killed_says_so_and_wakes_up(seat, run_all, shoot):
    from playwright.sync_api import expect

    page, view = seat('import pvt\n\npvt.step("lost_update")')
    asleep = page.locator(".pvt-asleep")
    expect(asleep).to_be_hidden()
    for kernel in kernels():
        os.kill(kernel.pid, signal.SIGKILL)
    expect(asleep).to_be_visible(timeout=30_000)
    expect(asleep).to_contain_text("This stepper is asleep")
    expect(view).to_have_attribute("inert", "")
    shoot(page, "stepper-asleep")
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()  # JupyterLab says it, too
    page.wait_for_function(READY)
    run_all(page)
    expect(asleep).to_be_hidden()
    view.get_by_role("button", name="Step thread 0").click()
    expect(view.get_by_label("Schedule: thread numbers")).to_have_value("[0]", timeout=SOON)


def test_a_stepper_in_a_notebook_opened_anew_says_how_to_wake_it(
    seat, open_notebook, run_all, shoot
):
    from playwright.sync_api import expect

    page, _ = seat('import pvt\n\npvt.step("lost_update")')
    save(page)
    for kernel in kernels():
        os.kill(kernel.pid, signal.SIGKILL)
    page.close()
    page = open_notebook("stepper")
    expect(page.locator(".pvt-asleep")).to_be_visible(timeout=15_000)
    shoot(page, "stepper-opened-anew")
    run_all(page)
    expect(page.locator(".pvt-asleep")).to_be_hidden()
    page.get_by_role("button", name="Step thread 0").click()
    schedule = page.get_by_label("Schedule: thread numbers")
    expect(schedule).to_have_value("[0]", timeout=SOON)


def test_a_program_of_ones_own_is_searched_and_stepped(seat, shoot):
    from playwright.sync_api import expect

    page, view = seat("%load_ext pvt", f"%%pvt search\n{OWN}", f"%%pvt step\n{OWN}")
    found = page.locator(".jp-Cell-outputArea").nth(1)
    expect(found).to_contain_text("broken", timeout=SOON)
    expect(found).to_contain_text("What happens. Thread 1 read the list items in line 6.")
    expect(found).to_contain_text("① thread 1 read the list items")
    shoot(found, "own-search")
    view.get_by_role("button", name="Find a bad schedule").click()
    story = view.locator(".pvt-story")
    expect(story).to_contain_text("Before it went on, thread 2 changed", timeout=SOON)
    expect(story.get_by_role("region")).to_contain_text("② thread 2 changed the list items")
    shoot(view, "own-step")


def test_two_outputs_can_be_stepped_through(seat, shoot):
    from playwright.sync_api import expect

    _, view = seat("%load_ext pvt", f"%%pvt step\n{COUNTS}")
    view.get_by_role("button", name="Find a bad schedule").click()
    first, other = view.get_by_label("Text A"), view.get_by_label("Text B")
    expect(first).to_contain_text("≠ 2", timeout=SOON)
    expect(other).to_contain_text("≠ 1")
    expect(other).to_contain_text("wrote back what it had made of the old value")
    shoot(view, "own-outputs")
    other.get_by_role("button").click()
    expect(view.locator(".verdict")).to_contain_text(
        "safe: all threads have finished", timeout=SOON
    )
    expect(view.locator(".found")).to_be_empty()
