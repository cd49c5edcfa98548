"""The panel of a watched program: a prediction, Watch and Stop, the picture with a stretch to
choose, and what if.

As in a lab, the work is done in a thread that carries the context of the click and sets values of
widgets only.
"""

import os
import re
from html import escape

import ipywidgets as widgets
from IPython.display import display

from pvt import host, table
from pvt.views import access
from pvt.views.background import Background
from pvt.views.columns import button_row, columns, label

UNSURE = "I cannot tell yet"
ASKED = "Predict first: how many cores will it keep busy?"
HARDLY = 0.3  # cores: below this it is hardly any
NEAR = 0.35  # so far from a whole number it is still about that
EXECUTOR = re.compile(r"\b(Thread|Process|Interpreter)PoolExecutor\b")
KINDS = {
    "thread": "ThreadPoolExecutor",
    "process": "ProcessPoolExecutor",
    "interpreter": "InterpreterPoolExecutor",
}


def panel(program):
    """Show the panel of a `Program`; its `watched` is the result once there is one."""
    import pvt.watcher.picture  # noqa: F401  what draws is loaded before, not at a program's end

    shown = Panel(program)
    if os.environ.get("PVT_AUTORUN") == "1":
        shown.work("as it is", program)
    return shown


class Panel:
    """The widgets around one program."""

    def __init__(self, program):
        self.program, self.watched, self.tried = program, None, {}
        self.background = Background()
        self.prediction = widgets.RadioButtons(
            options=[*answers(), UNSURE], value=None, layout={"width": "100%"}
        )
        self.watch_button = widgets.Button(description="Watch", icon="play", button_style="primary")
        self.stop_button = widgets.Button(
            description="Stop", icon="stop", disabled=True, tooltip="End the program"
        )
        self.status, self.judged, self.result = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.beside, self.more = widgets.HTML(), widgets.VBox([])
        self.stretch = widgets.FloatRangeSlider(
            description="Show from, to (s)", continuous_update=False, step=0.01
        )
        self.stretch.style.description_width = "initial"
        self.stretch.layout.width = "min(560px, 95%)"
        self.stretch.layout.display = "none"
        self.watch_button.on_click(lambda _: self.start("as it is", self.program))
        self.stop_button.on_click(self.stop)
        self.stretch.observe(self.zoom, "value")
        self.access = access.Access(ASKED)
        self.box = widgets.VBox(
            self.parts(), layout={"border": "1px solid #bbbbbb", "padding": "8px 12px"}
        )

    def parts(self):
        """As in a lab: what is asked and pressed on the left, what came out on the right."""
        title = widgets.HTML(
            f'<b style="font-size:120%">{escape(self.program.name)}: who runs, who waits, for'
            " what?</b>"
        )
        buttons = button_row(self.watch_button, self.stop_button)
        asked = [label(ASKED), self.prediction, buttons, self.status]
        both = columns([*asked, self.judged, self.more], [self.stretch, self.result])
        return [title, both, self.beside, self.access]

    def _ipython_display_(self):
        if os.environ.get("PVT_AUTORUN") != "1":
            display(access.asleep(self.access.mark, "panel"))
        display(self.box)
        if self.watched and os.environ.get("PVT_AUTORUN") == "1":
            display(self.watched)

    def say(self, text):
        self.status.value = f'<span role="status">{escape(text)}</span>'

    def start(self, label, program):
        """A button was pressed. A second press while it runs does nothing."""
        if self.prediction.value is None:
            return self.say("Choose an answer first; a guess is fine.")
        try:
            self.background.start(
                program.running,
                lambda running: self.work(label, program, running),
                lambda problem: self.say(f"It failed: {problem}"),
            )
        except RuntimeError as problem:
            self.say(f"It could not start: {problem}. Shut down other kernels, then try again.")
        return None

    def stop(self, _=None):
        self.background.stop()

    def work(self, label, program, running=None):
        """The whole run."""
        self.enable(False)
        try:
            self.say(f"Watching {program.name}, {label} … at most {program.seconds:g} s")
            self.finish(label, program.watched(running))
        finally:
            self.enable(True)

    def enable(self, idle):
        for button in (self.watch_button, *self.more.children):
            button.disabled = not idle
        self.stop_button.disabled = idle

    def finish(self, label, watched):
        """Show a result, what became of the prediction, and what else can be tried."""
        self.tried[label] = watched
        self.say(f"{label}: {watched.ending} after {watched.seconds:.2f} s.")
        self.show(watched)
        if label == "as it is":
            self.judged.value = self.judgement(watched)
        if not self.more.children:
            self.more.children = [
                self.button(name, changes) for name, changes in alternatives(self.program)
            ]
        if len(self.tried) > 1:
            self.beside.value = compared(self.tried)

    def show(self, watched):
        """The result, drawn whole."""
        self.watched = None
        end = max(0.02, round(watched.seconds, 2))
        self.stretch.min, self.stretch.max, self.stretch.value = 0.0, end, (0.0, end)
        self.stretch.layout.display = "flex"
        self.watched = watched
        self.result.value = watched.html(watched.draw())

    def zoom(self, change):
        """A stretch was chosen."""
        begin, end = change["new"]
        if self.watched and end > begin:
            self.result.value = self.watched.html(self.watched.draw(begin, end))

    def judgement(self, watched):
        """The prediction beside what happened."""
        came, predicted = answer(watched.figures.cores_busy), self.prediction.value
        busy = f"{watched.figures.cores_busy:.1f} of {watched.figures.cores} cores"
        if predicted is None:
            return ""
        verdict = "as you said" if predicted == came else f"you said: {predicted}"
        return f"<p><b>It came out: {escape(came)}</b>, {busy} ({escape(verdict)}).</p>"

    def button(self, name, changes):
        """A button of a what if."""
        made = widgets.Button(description=f"What if: {name}", layout={"width": "max-content"})
        made.on_click(lambda _: self.start(name, self.program.changed(**changes)))
        return made


def answers():
    """What can be predicted here."""
    most = host.cores()
    return [
        "hardly any",
        *(f"about {number}" for number in range(1, min(most, 4) + 1)),
        *["more"] * (most > 4),
    ]


def answer(busy):
    """The answer that fits these cores."""
    if busy < HARDLY:
        return "hardly any"
    return f"about {max(1, round(busy))}" if round(busy) <= 4 else "more"


def alternatives(program):
    """(name, what to change) of each what if: other Pythons found here, and other executors if it
    makes one.
    """
    for path, version in host.pythons().items():
        yield f"Python {version}", {"python": path}
    if used := EXECUTOR.search(program.source):
        for kind, called in KINDS.items():
            if called.startswith(used[1]):
                continue
            if kind != "interpreter":
                yield called, {"executor": kind}
            elif newest := newest_python():
                yield f"{called}, Python {newest[0]}", {"executor": kind, "python": newest[1]}


def newest_python():
    """(version, path) of a Python whose library has interpreters; None if there is none."""
    if host.interpreters() == host.LIBRARY:
        return host.version(), None
    known = [
        (version, path)
        for path, version in host.pythons().items()
        if host.asked(path).interpreters == host.LIBRARY
    ]
    return max(known, default=None)


def compared(tried):
    """The runs side by side."""
    headings = ["program", "ending", "seconds", "cores busy", "first sentence"]
    rows = [
        [
            name,
            one.ending,
            round(one.seconds, 2),
            round(one.figures.cores_busy, 2),
            one.diagnosis[0].text,
        ]
        for name, one in tried.items()
    ]
    return table.html(headings, rows, "What if")
