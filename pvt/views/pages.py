"""Pages of questions in a notebook, one at a time, with the verdict of this machine on the claims
behind each.

The kernel judges and the page draws. Claims are decided in the background, so that the notebook
stays usable.
"""

import os
import threading

import anywidget
import traitlets
from IPython.display import display

from pvt import ledger
from pvt.learner import noting
from pvt.views import access
from pvt.views.background import Background


class Pages(anywidget.AnyWidget):
    """`state` is all that the page in the browser knows.

    Who inherits says what is on a page, `scene()`, and which claims it leans on, `claims()`.
    """

    state = traitlets.Dict().tag(sync=True)
    mark = traitlets.Unicode().tag(sync=True)

    def __init__(self, count):
        super().__init__(mark=access.mark())
        self.at, self.count = 0, count
        self.entries, self.background, self.lock = {}, Background(), threading.Lock()

    def asleep(self, what):
        """Display the sentence that is seen while no kernel answers for these pages."""
        if os.environ.get("PVT_AUTORUN") != "1":
            display(access.asleep(self.mark, what))
        return self

    def tell(self, status="", progress=0.0):
        """Tell the page what to show."""
        with self.lock:
            now = {"number": self.at + 1, "of": self.count, "busy": self.deciding is not None}
            self.state = self.scene() | now | {"status": status, "progress": progress}

    def asked(self, message):
        """A message from the page."""
        {"go": self.go, "decide": self.start, "stop": self.stop}[message["do"]](message)

    def go(self, message):
        """To the next page, or to the one before."""
        self.at = min(max(self.at + message["by"], 0), self.count - 1)
        self.tell()

    def start(self, _):
        """Decide the claims behind this page. A second press while that runs does nothing."""
        if refused := self.background.decide(ledger.find(self.claims()), self.work, self.end):
            self.tell(refused)

    def stop(self, _):
        self.background.stop()

    @property
    def deciding(self):
        """The claims that are being decided, or None."""
        return self.background.task

    def work(self, deciding):
        """The whole run, in a thread of its own."""
        status = ""
        for entry in ledger.follow(deciding, self.tell):
            self.entries[entry.id] = entry
            status = noting.verdict(entry) or status
        self.end(status=status)

    def end(self, problem="", status=""):
        """Nothing is decided any more; whatever went wrong is shown on the page."""
        self.background.task = None
        self.tell(f"No verdict: {problem}" if problem else status)


def says(claim):
    """A claim's sentence."""
    return ledger.find([claim])[0][1].says
