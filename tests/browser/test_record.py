"""The course remembers: a real kernel is killed, a real notebook is opened again."""

import json
import os
import signal
import time

import counted
import nbformat
import psutil
import pytest

pytestmark = [pytest.mark.timeout(400), pytest.mark.filterwarnings("ignore")]
ERROR = '[data-mime-type="application/vnd.jupyter.error"]'
RACE = "What does the counter say at the end?"
SOLUTION = """def attack(account, times):
    for _ in range(times):
        account.write(account.read() + 1)

pvt.check("race_break", attack)"""


def lab(page, question):
    return page.locator(".widget-vbox", has=page.get_by_text(question, exact=True)).first


def kernels():
    """The kernels that the server of these tests has started."""
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if "ipykernel_launcher" in " ".join(process.cmdline())
    ]


def save(page):
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def solve(page):
    """Type the solution of an exercise into its cell, and run it."""
    page.evaluate(
        """(text) => {
            const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
            const at = content.widgets.findIndex(c => c.model.sharedModel.source.includes('pvt.check("race_break"'));
            content.widgets[at].model.sharedModel.setSource(text);
            content.activeCellIndex = at;
            window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        SOLUTION,
    )


@pytest.fixture
def without_verdicts(notebooks):
    """The notebook of the race without its verdicts, which take most of its time."""
    path = notebooks / "04_race.ipynb"
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "pvt.verdict(" not in cell.source]
    nbformat.write(notebook, path)
    yield
    path.write_text(before, encoding="utf-8")


@pytest.fixture
def rows(server_record):
    """A function that reads the record of the browser's learner."""
    return lambda kind: [row for row in map(json.loads, open(server_record)) if kind in row]


def test_what_was_done_is_there_after_the_kernel_was_killed(
    open_notebook, run_all, rows, server_record, shoot, without_verdicts
):
    from playwright.sync_api import expect

    server_record.unlink(missing_ok=True)  # what other tests of this session have done

    page = open_notebook("04_race")
    run_all(page)
    assert page.locator(ERROR).count() == 0
    begin = page.locator(".pvt-begin")
    expect(begin).to_contain_text("Nothing is done here yet. Begin with the lab")

    first = lab(page, RACE)  # predict and run
    first.scroll_into_view_if_needed()
    expect(page.locator(".pvt-asleep").first).to_be_hidden()
    first.get_by_label("No addition is lost").check()
    first.get_by_role("button", name="Run").click()
    expect(first).to_contain_text("It came out: 1 in 100 or more", timeout=30_000)
    quiz = page.locator(".pvt-quiz")  # answer
    quiz.scroll_into_view_if_needed()
    choice = quiz.locator("input").first
    if choice.get_attribute("type") == "text":
        choice.fill("6")
    else:
        choice.check()
    quiz.get_by_role("button", name="Answer").click()
    expect(quiz.locator("[role=status]").first).not_to_be_empty()
    solve(page)
    expect(page.get_by_text("✔ Solved").first).to_be_visible(timeout=30_000)
    save(page)

    for kernel in kernels():
        os.kill(kernel.pid, signal.SIGKILL)
    expect(page.locator(".pvt-asleep").first).to_be_visible(timeout=30_000)
    expect(page.locator(".pvt-asleep").first).to_contain_text("This lab is asleep")
    expect(first).to_have_attribute("inert", "")
    expect(quiz).to_have_attribute("inert", "")
    shoot(page, "record-asleep")
    page.close()

    (fields,) = rows("lab")
    assert (fields["lab"], fields["predicted"], fields["came"]) == (
        "race",
        "No addition is lost",
        "1 in 100 or more",
    )
    assert len(rows("question")) == 1
    assert [row["solved"] for row in rows("exercise") if row["exercise"] == "race_break"] == [
        False,
        True,
    ]

    page = open_notebook("04_race")
    sleeping = page.locator(".pvt-asleep").first
    sleeping.scroll_into_view_if_needed()
    expect(sleeping).to_be_visible(timeout=15_000)
    expect(page.get_by_text("model not found").first).to_be_hidden()
    shoot(page, "record-opened-anew")
    run_all(page)
    expect(page.locator(".pvt-begin")).to_contain_text(
        f"Done here: {counted.of('04', labs=1).partition(', ')[0]}"
    )
    expect(page.locator(".pvt-begin")).to_contain_text("Go on with the lab")
    again = lab(page, RACE)
    again.scroll_into_view_if_needed()
    expect(page.locator(".pvt-asleep").first).to_be_hidden()
    expect(again).to_contain_text("From then:")
    expect(again).to_contain_text(
        "Then you predicted: No addition is lost. It came out: 1 in 100 or more."
    )
    expect(again.locator("img")).to_have_attribute("alt", fields["sentence"])
    shoot(page, "record-from-then")
    again.get_by_label("1 in 100 or more").check()
    again.get_by_role("button", name="Run").click()
    expect(again).to_contain_text("as you said", timeout=30_000)
    expect(again).not_to_contain_text("From then:")
    until = time.monotonic() + 20  # it is written after it is shown
    while len(rows("lab")) < 2 and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert len(rows("lab")) == 2
