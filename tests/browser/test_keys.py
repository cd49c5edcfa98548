"""Everything by keyboard alone: Tab, arrows, Space and Enter, and the notebook's own keys stay
out of it."""

import re

import nbformat
import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
}
ANSWERS = '{"No addition is lost": "", "Less than 1 in 100": "", "1 in 100 or more": ""}'
HERE = "box => box.contains(document.activeElement)"


@pytest.fixture
def cell(open_notebook, run_all, server, tmp_path_factory, request):
    """A function that runs a notebook of one cell and gives its page. Each test has its own: a
    save may come late."""

    def opened(code):
        name = request.node.name
        path = tmp_path_factory.getbasetemp() / "jupyter0" / "notebooks" / f"{name}.ipynb"
        nbformat.write(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)], metadata=KERNEL), path
        )
        page = open_notebook(name)
        run_all(page)
        return page

    return opened


def tab_to(page, target):
    """Press Tab until the target has the focus."""
    for _ in range(60):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {target}")


def test_a_lab(cell):
    from playwright.sync_api import expect

    page = cell(f'import pvt\n\npvt.lab("race", predict={ANSWERS})')
    box = page.locator(".widget-vbox").first
    group = box.get_by_role("radiogroup", name="Predict first: what will happen?")
    tab_to(page, group.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="1 in 100 or more")).to_be_checked()
    workers = box.get_by_role("slider", name="workers")
    tab_to(page, workers)
    page.keyboard.press("ArrowRight")
    expect(workers).to_have_attribute("aria-valuetext", re.compile("^5"))
    tab_to(page, box.get_by_role("combobox", name="switch, µs"))
    page.keyboard.press("d")  # twice, this deletes a cell
    page.keyboard.press("d")
    tab_to(page, box.get_by_role("button", name="Run"))
    page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("Finished after", timeout=20_000)
    expect(
        box.get_by_role("button", name="Run")
    ).to_be_focused()  # Run gave the focus to Stop, and Stop gave it back
    tab_to(page, box.locator("summary", has_text="Rows"))
    page.keyboard.press("Enter")
    expect(box.locator("table").first).to_be_visible()
    assert page.locator(".jp-Cell").count() == 1


def test_the_seat_leaves_ctrl_s_to_jupyterlab(cell):
    page = cell('import pvt\n\npvt.step("lost_update")')
    view = page.locator(".pvt-step")
    tab_to(page, view)
    page.evaluate(
        "() => { window.heard = []; jupyterapp.commands.commandExecuted.connect((_, it) =>"
        " heard.push(it.id)); }"
    )
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => heard.length")
    assert page.evaluate("heard") == ["docmanager:save"]


def test_a_quiz(cell, shoot):
    from playwright.sync_api import expect

    page = cell('import pvt\n\npvt.quiz("02", seed=1)')
    quiz = page.get_by_role("region", name="Quiz")
    expect(quiz.get_by_role("heading")).to_have_text("Question 1 of 7")
    while quiz.get_by_role("textbox").count():  # on to a question with choices
        tab_to(page, quiz.get_by_role("button", name="Next ›"))
        page.keyboard.press("Enter")
    asked = quiz.get_by_role("group")
    assert asked.locator("legend").inner_text().endswith("?")
    tab_to(page, asked.get_by_role("radio").first)
    page.keyboard.press("Enter")  # nothing is chosen yet
    expect(quiz).to_contain_text("Choose an answer first.")
    page.keyboard.press("Space")
    while quiz.get_by_role("button", name="Answer").get_attribute("aria-disabled") == "false":
        page.keyboard.press("Enter")
        expect(quiz).to_contain_text(re.compile("✔ Yes|➜ Look again"))
        page.keyboard.press("ArrowDown")
    expect(quiz).to_contain_text("✔ Yes")
    expect(quiz).to_contain_text("The claim:")
    tab_to(page, quiz.get_by_role("button", name="What does this machine say?"))
    page.keyboard.press("Enter")
    expect(quiz).to_contain_text("decided in", timeout=20_000)
    shoot(quiz, "quiz")
    tab_to(page, quiz.get_by_role("button", name="Next ›"))
    number = quiz.get_by_role("heading").inner_text()
    page.keyboard.press("Enter")
    expect(quiz.get_by_role("heading")).not_to_have_text(number)
    assert page.evaluate("() => document.activeElement.tagName") == "INPUT"
    assert page.locator(".jp-Cell").count() == 1


def test_the_page_of_verdicts(cell, shoot):
    from playwright.sync_api import expect

    page = cell('import pvt\n\npvt.verdicts("lock", "memory")')
    box = page.locator(".widget-vbox").first
    tab_to(page, box.get_by_role("button", name="Decide all"))
    page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("Trying lock", timeout=20_000)
    expect(box.get_by_role("button", name="Stop")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text(
        "Stopped. 0 of 5 claims decided", timeout=20_000
    )
    tab_to(page, box.get_by_role("button", name="Save as HTML"))
    page.keyboard.press("Enter")
    expect(box.get_by_role("link")).to_contain_text("Download verdicts-")
    shoot(box, "verdicts")
