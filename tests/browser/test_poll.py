"""A class predicts: what one learner chooses appears as a bar on the teacher's screen, from
another kernel."""

import nbformat
import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
CELL = """import os

os.environ["JUPYTERHUB_USER"] = "{who}"
import pvt

pvt.lab("race", poll="{folder}", predict=dict.fromkeys(
    ["No addition is lost", "Less than 1 in 100", "1 in 100 or more"], "Think."))"""


@pytest.fixture
def lab_of(open_notebook, run_all, notebooks, tmp_path):
    """A function that opens the lab of somebody, with a kernel of their own."""

    def opened(who):
        cell = nbformat.v4.new_code_cell(CELL.format(who=who, folder=tmp_path))
        nbformat.write(
            nbformat.v4.new_notebook(cells=[cell], metadata=KERNEL), notebooks / f"{who}.ipynb"
        )
        page = open_notebook(who)
        run_all(page)
        return page

    return opened


def test_the_predictions_of_two_learners_appear_as_they_come(lab_of, shoot):
    from playwright.sync_api import expect

    teacher, learner = lab_of("teacher"), lab_of("learner")
    teacher.get_by_role("button", name="Show the class's predictions").click()
    bars = teacher.locator("table", has_text="predictions of the class")
    expect(bars).to_contain_text("0 predictions of the class")
    learner.get_by_label("1 in 100 or more").check()
    row = bars.locator("tr", has_text="1 in 100 or more")
    expect(row.locator("td").first).to_have_text("1")
    teacher.get_by_label("No addition is lost").check()
    expect(bars).to_contain_text("2 predictions of the class")
    learner.get_by_label("No addition is lost").check()  # a learner changes their mind
    expect(bars.locator("tr", has_text="No addition is lost").locator("td").first).to_have_text("2")
    expect(row.locator("td").first).to_have_text("0")
    shoot(teacher, "poll")
