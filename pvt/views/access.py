"""What ipywidgets leave out for keyboard and screen reader, added by one invisible widget to the box it stands in.

Seen in JupyterLab 4.6 with ipywidgets 8.1: arrow keys on a radio button moved on to another cell, radio buttons
were no group, and a slider's handle had no name.
"""

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent
DEAD = "If nothing here reacts, the kernel was restarted: run this cell again."


def module(*paths):
    """The JavaScript of a view from these files, with `keepKeys` in front, which all views share."""
    return "".join(path.read_text() for path in (HERE / "keys.js", *paths))


class Access(anywidget.AnyWidget):
    """Put it into a box; `question` is what the radio buttons in the box answer."""

    _esm = module(HERE / "access.js")
    question = traitlets.Unicode().tag(sync=True)

    def __init__(self, question):
        super().__init__(question=question, layout={"display": "none"})
