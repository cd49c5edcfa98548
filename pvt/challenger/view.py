"""The panel of a challenge: Run and Stop, how far it is, and the card, which grows row by row.

As in a lab, the work is done in a thread that carries the context of the click and sets values of
widgets only.
"""

import os
import time
from html import escape

import ipywidgets as widgets
from IPython.display import display

from pvt import refusal
from pvt.challenger.asking import YOURS, html
from pvt.challenger.trials import TRIALS
from pvt.problem import Problem
from pvt.views import access
from pvt.views.background import Background

QUESTION = "What can your server withstand?"


def panel(entry):
    """Show the panel of an `Entry`; its `challenged` is the result once there is one.

    With PVT_AUTORUN=1 it runs once, beside one server of the course: a copy that runs by itself
    shall not take long.
    """
    alone = os.environ.get("PVT_AUTORUN") == "1"
    entry.beside = entry.beside[-1:] if alone else entry.beside
    shown = Panel(entry)
    if alone:
        shown.challenged = entry.challenged()
    return shown


class Panel:
    """The widgets around one server."""

    def __init__(self, entry):
        self.entry, self.challenged, self.background = entry, None, Background()
        self.run_button = widgets.Button(
            description="Run",
            icon="play",
            button_style="primary",
            tooltip="Put it through the trials",
        )
        self.stop_button = widgets.Button(
            description="Stop", icon="stop", disabled=True, tooltip="End all servers now"
        )
        self.progress = widgets.FloatProgress(
            min=0, max=1, layout={"width": "200px", "display": "none"}
        )
        self.status, self.card, self.stage = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.run_button.on_click(self.start)
        self.stop_button.on_click(self.stop)
        self.access = access.Access(QUESTION)
        title = widgets.HTML(f'<b style="font-size:120%">{QUESTION}</b>')
        buttons = widgets.HBox([self.run_button, self.stop_button, self.progress, self.status])
        self.box = widgets.VBox(
            [title, buttons, self.card, self.stage, self.access],
            layout={"border": "1px solid #bbbbbb", "padding": "8px 12px"},
        )
        self.show([])
        if entry.stage:
            self.stage.value = (
                f"<details><summary><b>The starting stage of chapter {entry.stage}</b></summary>"
                f"<pre>{escape(entry.starting_stage())}</pre></details>"
            )

    def _ipython_display_(self):
        if os.environ.get("PVT_AUTORUN") == "1":
            return display(self.challenged)
        display(access.asleep(self.access.mark, "panel"))
        return display(self.box)

    def say(self, text):
        """The line beside the buttons; screen readers speak it."""
        self.status.value = f'<span role="status">{escape(text)}</span>'

    def show(self, rows):
        self.card.value = html(self.entry.name, rows, self.entry.beside)

    def start(self, _=None):
        """Run was pressed. A second press while it runs does nothing."""
        try:
            self.background.start(self.entry.running, self.work, self.fail)
        except Problem as problem:
            self.say(str(problem))
        except RuntimeError as problem:
            self.say(f"The panel {refusal.ending(problem)}.")

    def stop(self, _=None):
        self.background.stop()

    def fail(self, problem):
        self.say(f"It failed: {problem}")

    def work(self, running):
        """The whole run, in a thread of its own."""
        self.enable(False)
        try:
            self.say("Starting …")
            written = self.entry.begin()
            done = self.challenged = self.entry.challenged(running, self.hear)
            self.card.value = done._repr_html_()
            ending = f"{done.ending[:1].upper()}{done.ending[1:]} after {done.seconds:.1f} s."
            self.say(f"{ending} {written}")
        except Problem as problem:
            self.say(str(problem))
        finally:
            self.enable(True)

    def hear(self, row, running):
        """Show a row, and what is being tried now."""
        if row:
            done = sum(one["trial"] in TRIALS for one in running.rows)
            self.progress.value = done / (len(TRIALS) * (1 + len(self.entry.beside)))
            self.show(running.rows)
        if not running.process:
            return self.say("Waiting for the other run to end …")
        self.say(f"{under_way(running.rows)}, {time.perf_counter() - running.begin:.0f} s")

    def enable(self, idle):
        """Which buttons work; the bar is there only while something runs."""
        self.run_button.disabled, self.stop_button.disabled = not idle, idle
        self.progress.layout.display = "none" if idle else "flex"


def under_way(rows):
    """What is being tried now."""
    if not rows:
        return "Starting"
    last, names = rows[-1], list(TRIALS)
    if last["trial"] not in TRIALS:
        return f"{last['server'].replace('_', ' ')}: {names[0] if last['passed'] else 'starting'}"
    at = names.index(last["trial"]) + 1
    server = "your server" if last["server"] == YOURS else last["server"].replace("_", " ")
    return f"{server}: {names[at]}" if at < len(names) else "The next server"
