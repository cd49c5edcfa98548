"""What ipywidgets leave out for keyboard and screen reader, added by one invisible widget to the
box it stands in.

Seen in JupyterLab 4.6 with ipywidgets 8.1: arrow keys on a radio button moved on to another cell,
radio buttons were no group, and a slider's handle had no name.
"""

import secrets
from pathlib import Path

import anywidget
import traitlets
from IPython.display import HTML

from pvt import template

HERE = Path(__file__).parent
DEAD = "If nothing here reacts, the kernel was restarted: run this cell again."


def module(*paths):
    """The JavaScript of a view from these files, with what all views share in front: `keepKeys`,
    `watchKernel`."""
    return "".join(path.read_text() for path in (HERE / "keys.js", HERE / "alive.js", *paths))


def mark():
    """What ties a view to the sentence that is shown while it sleeps."""
    return secrets.token_hex(4)


def asleep(mark, what):
    """The sentence to display before a view, "lab" or "quiz": seen only while no kernel answers for
    it.

    That is after a restart, and in a notebook opened anew, where the view itself is not even there.
    """
    return HTML(template.render("views/asleep.html", mark=mark, what=what))


class Access(anywidget.AnyWidget):
    """Put it into a box; `question` is what the radio buttons in the box answer."""

    _esm = module(HERE / "access.js")
    _css = HERE / "lab.css"
    question = traitlets.Unicode().tag(sync=True)
    mark = traitlets.Unicode().tag(sync=True)

    def __init__(self, question):
        super().__init__(question=question, mark=mark(), layout={"display": "none"})
