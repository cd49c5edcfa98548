"""Pages of questions in a notebook, one at a time, with the verdict of this machine on the claims behind each.

The kernel judges and the page draws. Claims are decided in a thread, as in the lab, with the context of the message,
so that the notebook stays usable.
"""

import contextvars
import threading

import anywidget
import traitlets

from pvt import ledger


class Pages(anywidget.AnyWidget):
    """`state` is all that the page in the browser knows.

    Who inherits says what is on a page, `scene()`, and which claims it leans on, `claims()`.
    """

    state = traitlets.Dict().tag(sync=True)

    def __init__(self, count):
        super().__init__()
        self.at, self.count = 0, count
        self.entries, self.deciding, self.lock = {}, None, threading.Lock()

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
        with self.lock:
            if self.deciding:
                return
            self.deciding = ledger.Deciding(ledger.find(self.claims()))
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self.work, self.deciding), daemon=True).start()

    def stop(self, _):
        if deciding := self.deciding:
            deciding.stop()

    def work(self, deciding):
        """The whole run, in a thread of its own; whatever goes wrong is said on the page."""
        status = ""
        try:
            for entry in ledger.follow(deciding, self.tell):
                self.entries[entry.id] = entry
        except Exception as problem:
            status = f"No verdict: {type(problem).__name__}: {problem}"
        self.deciding = None
        self.tell(status)


def says(claim):
    """A claim's sentence."""
    return ledger.find([claim])[0][1].says
