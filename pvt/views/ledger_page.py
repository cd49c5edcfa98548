"""All claims decided on one page: rows come as they are decided, Stop ends it, and it can be kept
as a file.

It is carried out in the background, as a run of a lab; the notebook stays usable.
"""

import base64
import os
from html import escape
from pathlib import Path

import ipywidgets as widgets
from IPython.display import HTML, display

from pvt import ledger, recorded, report
from pvt.learner import noting
from pvt.views import access
from pvt.views.access import Access
from pvt.views.background import Background

TITLE = "Verdicts on processes and threads"


def verdicts(*names):
    """Show a page that decides all claims, or those named, beside the lesson's numbers and recorded
    machines.

    With PVT_AUTORUN=1 nothing is decided, for that takes minutes: the recorded machines are shown
    as plain HTML. Raises ValueError for an unknown claim or experiment.
    """
    shown = LedgerPage(names)
    if os.environ.get("PVT_AUTORUN") != "1":
        display(access.asleep(shown.access.mark, "page"))
    display(shown.box)
    if os.environ.get("PVT_AUTORUN") == "1":
        display(HTML(shown.table.value))


class LedgerPage:
    """The widgets of the page and the record that grows in it."""

    def __init__(self, names):
        self.names, self.pairs, self.record = names, ledger.find(names), None
        self.background = Background()
        self.start_button = widgets.Button(
            description="Decide all", icon="play", button_style="primary"
        )
        self.stop_button = widgets.Button(
            description="Stop", icon="stop", disabled=True, tooltip="End it now"
        )
        self.save_button = widgets.Button(description="Save as HTML", icon="save", disabled=True)
        self.progress = widgets.FloatProgress(
            min=0, max=1, layout={"width": "200px", "display": "none"}
        )
        self.status, self.link, self.table = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.access = Access("")
        buttons = [
            self.start_button,
            self.stop_button,
            self.save_button,
            self.progress,
            self.status,
        ]
        row = widgets.HBox(buttons, layout={"flex_flow": "row wrap"})
        parts = [row, self.link, self.table, self.access]
        self.box = widgets.VBox(
            parts, layout={"border": "1px solid #8a8a8a", "padding": "8px 12px"}
        )
        self.start_button.on_click(self.start)
        self.stop_button.on_click(self.stop)
        self.save_button.on_click(self.save)
        self.say(f"{len(self.pairs)} claims.")
        self.show()

    def say(self, text):
        """The line beside the buttons; screen readers speak it."""
        self.status.value = f'<span role="status">{escape(text)}</span>'

    def show(self):
        """The table as it stands: a dash where a verdict is to come."""
        columns = report.beside(self.record)
        claims = [claim for _, claim in self.pairs]
        self.table.value = report.part(columns, claims)

    def start(self, _):
        """Decide all was pressed. A second press while it runs does nothing."""
        if refused := self.background.decide(self.pairs, self.work, self.fail):
            self.say(refused)

    def stop(self, _):
        """Stop was pressed."""
        self.background.stop()

    @property
    def deciding(self):
        """The claims that are being decided, or None."""
        return self.background.task

    def work(self, deciding):
        """All of it, in a thread of its own."""
        self.enable(False)
        unkept = ""
        try:
            self.record = recorded.begun(f"pvt.verdicts({', '.join(map(repr, self.names))})")
            for entry in ledger.follow(deciding, self.tell):
                self.record.entries.append(entry)
                self.show()
                unkept = noting.verdict(entry) or unkept
            ended = "Stopped" if deciding.stopped else "Done"
            self.say(f"{ended}. {report.summary(report.beside(self.record))} {unkept}")
        finally:
            self.enable(True)

    def fail(self, problem):
        """Whatever goes wrong is shown on the page."""
        self.say(f"The page failed: {problem}")

    def enable(self, idle):
        """Which buttons work; the bar is there only while something runs."""
        self.start_button.disabled, self.stop_button.disabled = not idle, idle
        self.save_button.disabled = not idle or self.record is None
        self.progress.layout.display = "none" if idle else "flex"

    def tell(self, text, share):
        """How far it is."""
        self.progress.value = share
        self.say(f"{len(self.record.entries)} of {len(self.pairs)} claims. {text}")

    def save(self, _):
        """Write the file beside the notebook, and offer it to the browser."""
        name = f"verdicts-{self.record.date[:10]}.html"
        page = report.page(report.beside(self.record), TITLE).encode()
        data = base64.b64encode(page).decode()
        self.link.value = (
            f'<a download="{name}" href="data:text/html;base64,{data}">Download {name}</a>'
        )
        try:
            Path(name).write_bytes(page)
            self.say(f"Saved beside this notebook: {name}")
        except OSError as problem:
            self.say(f"It cannot be saved here ({problem.strerror}), but downloaded:")
