"""What each chapter asks of a learner, from its notebook."""

import json
import re
from functools import cache
from pathlib import Path

from pvt import questions
from pvt.learner.history import Chapter

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@cache
def outline():
    """The chapters in order; none where the notebooks are not beside the package."""
    return [chapter(path) for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))]


def chapter(path):
    text = [("".join(cell["source"])) for cell in json.loads(path.read_text("utf-8"))["cells"]]
    title = next(re.match(r"# \d\d · (.*)", cell) for cell in text if cell.startswith("# "))[1]
    labs = tuple(dict.fromkeys(re.findall(r'pvt\.lab\("(\w+)"', "\n".join(text))))
    number = path.name[:2]
    asked = questions.load(number) if number in questions.chapters() else []
    exercises = tuple(dict.fromkeys(re.findall(r'pvt\.check\("(\w+)"', "\n".join(text))))
    if number == "00":  # what it shows belongs to chapter 04
        return Chapter(number, title, (), (), ())
    return Chapter(number, title, labs, tuple(one.text for one in asked), exercises)
