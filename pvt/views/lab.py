"""The lab: question, prediction, controls, Run and Stop, progress, a live picture, and what is
behind it.

A run is carried out in the background, so that the notebook stays usable and Stop is heard.
"""

import os
import sys
import time
from collections import Counter
from html import escape

import ipywidgets as widgets
from IPython.display import display

from pvt import course, figure, host, listing, refusal, table, vitals
from pvt.learner import noting, then
from pvt.learner.history import UNSURE
from pvt.runner import SECONDS, Running, interpreter
from pvt.views import access
from pvt.views.access import Access
from pvt.views.background import Background
from pvt.views.columns import button_row, columns, label
from pvt.views.poll import Poll

CALM = 0.3  # seconds before the first frame
PAUSE = 19  # then a pause of this many times its cost: 5 % of one core
LONGEST = 3.0  # seconds of a pause: the first frame, which loads the fonts, costs most
ASKED = "Predict first: what will happen?"
AGAIN = 10
OWN_RUNS = "A verdict makes runs of its own, so its figures differ a little from this picture's."
UNITS = {"us": "µs", "ms": "ms", "kb": "kB", "mb": "MB", "mib": "MiB"}
BEFORE, SMALL = 420, 230  # px, the widths of the earlier picture and of one of many


def lab(name, *, predict=None, seconds=SECONDS, poll=None, python=None, **params):
    """Show an experiment's lab, with `params` as the first setting of its controls.

    `predict`: answer -> what to think about if that was your answer and it came out otherwise; the
    answers are the experiment's OUTCOMES. `poll`: a folder that a class shares; its predictions can
    then be seen as bars. `python`: the version or path of the Python that is chosen first, of all
    that are found here. Raises ValueError for unknown names and values. With PVT_AUTORUN=1 the lab
    runs once by itself, to its end, and its picture is also shown as plain HTML.
    """
    shown = Lab(
        name,
        course.checked(name, params),
        predict or {},
        seconds,
        params,
        poll,
        interpreter(python),
    )
    if os.environ.get("PVT_AUTORUN") != "1":
        display(access.asleep(shown.access.mark, "lab"))
    display(shown.box)
    if os.environ.get("PVT_AUTORUN") == "1":
        shown.background.carry_out(shown.run(), shown.work, shown.fail)
        display(shown.last)


class Lab:
    """The widgets of one lab and the run that may be on its way."""

    def __init__(
        self, name, params, predict, seconds, settings=(), poll=None, python=sys.executable
    ):
        self.name, self.experiment, self.seconds = name, course.load(name), seconds
        self.settings = dict(settings)  # what the cell asks for: a lab is known again by them
        self.predict, self.background = predict, Background()
        self.predicted = None  # as it was when Run was pressed
        self.last = figure.blank(self.experiment.QUESTION, "Nothing has run yet: press Run.")
        self.prediction = widgets.RadioButtons(
            options=[*predict, UNSURE], value=None, layout={"width": "100%"}
        )
        domains = course.domains(self.experiment.run)
        self.controls = {
            key: control(key, allowed, params[key]) for key, (allowed, _) in domains.items()
        }
        self.python = choice(python)
        self.run_button = widgets.Button(
            description="Run", icon="play", button_style="primary", tooltip="Run it"
        )
        self.again_button = widgets.Button(
            description=f"Again ×{AGAIN}",
            icon="repeat",
            tooltip=f"Run it {AGAIN} times and show all the pictures: how far do the runs differ?",
        )
        self.stop_button = widgets.Button(
            description="Stop", icon="stop", disabled=True, tooltip="End the run now"
        )
        self.large = widgets.ToggleButton(
            description="Large", icon="expand", tooltip="Everything twice as large, for a projector"
        )
        self.progress = widgets.FloatProgress(min=0, max=1, layout={"display": "none"})
        self.status, self.picture, self.feedback = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.rows, self.code, self.vitals = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.earlier, self.others = widgets.HTML(), widgets.HTML()
        self.done = None  # the last run that was finished: what its picture was made of
        self.access = Access(ASKED)
        self.poll = Poll(poll, self).box if poll else widgets.HTML()
        self.box = widgets.VBox(
            self.parts(), layout={"border": "1px solid #bbbbbb", "padding": "8px 12px"}
        )
        self.box.add_class("pvt-lab")
        self.picture.value = self.last._repr_html_()
        self.rows.value = folded("Rows", "None yet.")
        self.run_button.on_click(self.start)
        self.again_button.on_click(self.start_again)
        self.stop_button.on_click(self.stop)
        self.large.observe(self.enlarge, "value")
        for each in (*self.controls.values(), self.python):
            each.observe(self.show_code, "value")
        self.show_code()
        self.recall()

    @property
    def running(self):
        """The run that is on its way, or None."""
        return self.background.task

    def parts(self):
        """The lab: what is asked and set on the left, what came out on the right, what is behind
        it below."""
        asked = [label(ASKED), self.prediction, self.poll] if self.predict else []
        buttons = button_row(self.run_button, self.stop_button)
        more = button_row(self.again_button, self.large)
        shown = [self.progress, self.status, self.vitals]
        note = widgets.HTML(f"<small>{OWN_RUNS}</small>" if self.experiment.CLAIMS else "")
        both = columns(
            [*asked, *self.controls.values(), self.python, buttons, more, *shown],
            [self.picture, self.feedback, self.earlier, note],
        )
        source = widgets.HTML(folded("The code that ran", listing.source(self.name)._repr_html_()))
        title = widgets.HTML(f'<b style="font-size:120%">{escape(self.experiment.QUESTION)}</b>')
        return [title, both, self.others, self.rows, source, self.code, self.access]

    def recall(self):
        """What this lab showed when it last ran, perhaps weeks ago; nothing where it never has."""
        if last := then.recalled(self.name, self.settings):
            self.vitals.value, picture, self.feedback.value = last
            self.show(picture or self.last)

    def values(self):
        """The parameters as the controls stand."""
        return {key: each.value for key, each in self.controls.items()}

    def show_code(self, _=None):
        """What to type to get the same run without the lab."""
        words = ", ".join(
            [repr(self.name), *(f"{key}={value!r}" for key, value in self.values().items())]
            + ([f"python={self.python.label!r}"] if self.python.value != sys.executable else [])
        )
        self.code.value = folded(
            "As code", f"<pre>import pvt\n\nrun = pvt.run({escape(words)})\nrun.draw()</pre>"
        )

    def say(self, text):
        """The line beside the buttons; screen readers speak it."""
        self.status.value = f'<span role="status">{escape(text)}</span>'

    def start(self, _):
        """Run was pressed. A second press while it runs does nothing."""
        self.start_work(self.work)

    def start_again(self, _):
        """*Again* was pressed."""
        self.start_work(self.work_again)

    def start_work(self, work):
        """Do it in the background, once there is a prediction."""
        if self.predict and self.prediction.value is None:
            return self.say("Choose an answer first; a guess is fine.")
        try:
            self.background.start(self.run, work, self.fail)
        except RuntimeError as problem:
            self.say(f"The lab {refusal.ending(problem)}.")
        return None

    def enlarge(self, change):
        """*Large* was pressed."""
        (self.box.add_class if change["new"] else self.box.remove_class)("pvt-large")

    def run(self):
        """A run with the parameters as the controls stand, and the prediction as it is now."""
        self.predicted = self.prediction.value
        return Running(self.name, self.values(), python=self.python.value, seconds=self.seconds)

    def stop(self, _):
        """Stop was pressed."""
        self.background.stop()

    def work(self, running):
        """The whole run, in a thread of its own."""
        try:
            self.enable(False)
            self.follow(running)
            self.finish(running.result())
        finally:
            self.enable(True)

    def work_again(self, running):
        """The same run many times, each with a small picture: how far the runs differ."""
        found = []
        try:
            self.enable(False)
            self.others.value = ""
            while True:
                self.follow(running, f"Run {len(found) + 1} of {AGAIN}: ")
                run = running.result()
                self.finish(run)
                if run.ending != "finished":
                    break
                found.append((self.outcome(run), self.last))
                self.others.value = spread(found)
                if len(found) == AGAIN or self.background.stopped:
                    break
                running = self.background.task = self.run()
        finally:
            self.enable(True)

    def fail(self, problem):
        """Whatever goes wrong is shown in the lab."""
        self.say(f"The lab failed: {problem}")

    def enable(self, idle):
        """Which buttons work; the bar is there only while something runs."""
        self.run_button.disabled = self.again_button.disabled = not idle
        self.stop_button.disabled = idle
        self.progress.layout.display = "none" if idle else "flex"

    def follow(self, running, before=""):
        """Show rows as they come: text at once, pictures rarely enough not to disturb what is
        measured."""
        begin, shown = time.perf_counter(), None
        draw_at = begin + CALM
        self.vitals.value = self.feedback.value = ""
        self.say("Starting …")
        for row in running:
            now = time.perf_counter()
            text = f"{before}{len(running.rows)} rows, {now - begin:.1f} s"
            if text != shown:
                shown = text
                self.say(text if running.process else "Waiting for the other experiment to end …")
                self.progress.value = min(0.97, (now - begin) / self.experiment.SECONDS)
                self.show_vitals("Now", running.vitals and running.vitals.now)
            if row and now > draw_at:
                self.show(figure.frame(self.experiment, running.rows, running.host))
                draw_at = time.perf_counter() + min(LONGEST, PAUSE * (time.perf_counter() - now))

    def show_vitals(self, when, figures):
        """What the experiment's processes are doing, as psutil sees them from outside."""
        if figures and figures["processes"]:
            self.vitals.value = f"<small>{when}: {escape(vitals.text(figures))}</small>"

    def show(self, picture):
        self.last = picture
        self.picture.value = picture._repr_html_()

    def finish(self, run):
        """The finished picture, the rows, how it ended, and what became of the prediction."""
        picture = run.draw()
        if self.done:
            self.earlier.value = before(*self.done, run.params)
        self.show(picture)
        self.done = run.params, picture
        self.show_vitals("At most", run.vitals)
        self.rows.value = folded("Rows", table.run_html(run))
        ended = f"{run.ended[0].upper()}{run.ended[1:]}" + (
            "." if run.refused else f", {len(run.rows)} rows."
        )
        self.say(f"Not decided here: this needs {run.missing}." if run.missing else ended)
        came, thought = self.came(run), self.predict.get(self.predicted, "")
        self.feedback.value = self.judged(run, came, thought)
        kept = figure.small(picture)
        unkept = noting.lab(run, self.settings, self.predicted, came, thought, kept)
        self.feedback.value += f"<p>{escape(unkept)}</p>" if unkept else ""

    def came(self, run):
        """The answer that came out; None where the run does not tell, or did not finish."""
        return self.outcome(run) if self.predict else None

    def outcome(self, run):
        """Which of the experiment's outcomes a run has; None where it does not tell, or did not
        finish."""
        done = run.ending == "finished" and run.rows
        return self.experiment.outcome(run.rows) if done else None

    def judged(self, run, came, thought):
        """The prediction beside what happened, with the thought that belongs to the answer."""
        predicted = self.predicted
        if not self.predict or predicted is None:
            return ""
        if came is None:
            done = run.ending == "finished" and run.rows
            why = "this run does not tell the answers apart" if done else "the run did not finish"
            return f"<p><b>Not decided:</b> {why}. Look at the picture, then run it again.</p>"
        verdict = "as you said" if predicted == came else f"you said: {predicted}"
        thought = "" if predicted == came else thought
        return f"<p><b>It came out: {escape(came)}</b> ({escape(verdict)}). {escape(thought)}</p>"


def before(params, picture, now):
    """The run before this one, in small, with the settings in which it differs."""
    other = [
        f"{key} = {table.shown(value)}" for key, value in params.items() if now.get(key) != value
    ]
    title = "The run before this one: " + (", ".join(other) or "the same settings")
    return f'<p style="margin:8px 0 2px"><b>{escape(title)}</b></p>{picture.image(BEFORE)}'


def spread(found):
    """The pictures of several runs, as pairs of outcome and picture, in small, and how often
    which outcome came."""
    counts = Counter("not decided" if outcome is None else outcome for outcome, _ in found)
    text = "; ".join(f"{count} × {outcome}" for outcome, count in counts.most_common())
    pictures = "".join(f"<li>{picture.image(SMALL)}</li>" for _, picture in found)
    return (
        f'<p role="status"><b>{len(found)} runs with the same settings:</b> {escape(text)}</p>'
        f'<ol class="pvt-runs">{pictures}</ol>'
    )


def control(key, allowed, value):
    """The widget for a parameter: a slider for a range, a check box for bool, else a list to
    choose from."""
    look = {"description": named(key), "style": {"description_width": "initial"}}
    if isinstance(allowed, range):
        return widgets.IntSlider(
            value, allowed[0], allowed[-1], allowed.step, continuous_update=False, **look
        )
    if isinstance(value, bool):
        return widgets.Checkbox(value, indent=False, layout={"width": "max-content"}, **look)
    options = [(table.shown(one), one) for one in allowed]
    return widgets.Dropdown(options=options, value=value, layout={"width": "max-content"}, **look)


def named(key):
    """A parameter's name as a label, with its unit: `wait_ms` is "wait, ms"."""
    name, _, unit = key.rpartition("_")
    return (f"{name}, {UNITS[unit]}" if unit in UNITS else key).replace("_", " ")


def choice(python):
    """The widget for the Python that runs the experiment, one of those found here; hidden where
    there is only this."""
    found = {sys.executable: host.version(), **host.pythons()}
    found.setdefault(python, (host.asked(python) or (python,))[0])
    options = [(version, path) for path, version in found.items()]
    display = None if len(options) > 1 else "none"
    look = {"description": "python", "style": {"description_width": "initial"}}
    layout = {"width": "max-content", "display": display}
    return widgets.Dropdown(options=options, value=python, layout=layout, **look)


def folded(title, html):
    """Something to unfold, by mouse or keyboard."""
    return f"<details><summary><b>{escape(title)}</b></summary>{html}</details>"
