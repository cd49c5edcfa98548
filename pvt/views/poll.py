"""The predictions of a class as bars, as they come: part of a lab that was given a folder to poll.

They are shown when somebody asks for them, so that nobody sees what others think before having
thought.
"""

import os
import threading
from pathlib import Path

import ipywidgets as widgets

from pvt import template
from pvt.classroom import poll
from pvt.problem import Problem
from pvt.views import background

PAUSE = 1.0  # seconds between two looks into the folder


class Poll:
    """A button that shows the bars and hides them again. While the lab runs nothing is read:
    that might disturb it."""

    def __init__(self, folder, lab):
        if not isinstance(folder, str | os.PathLike) or "\0" in str(folder):
            raise Problem(f"poll={folder!r} is no folder: name the one that the class shares.")
        self.folder, self.lab = Path(folder).expanduser(), lab
        self.button = widgets.ToggleButton(
            description="Show the class's predictions",
            icon="users",
            layout={"width": "max-content"},
        )
        self.bars, self.ended = widgets.HTML(), threading.Event()
        self.box = widgets.VBox([self.button, self.bars])
        self.button.observe(self.pressed, "value")
        lab.prediction.observe(self.cast, "value")

    def cast(self, change):
        """A prediction was chosen: leave it in the folder."""
        if change["new"] is None:
            return
        try:
            poll.cast(self.folder, self.lab.name, self.lab.settings, change["new"])
        except OSError as problem:
            self.lab.say(
                f"Your prediction could not be put into {self.folder}: {problem.strerror}."
            )

    def pressed(self, change):
        """Show the bars until the button is pressed again."""
        self.ended.set()
        if not change["new"]:
            self.bars.value = ""
            return
        self.ended = threading.Event()
        background.start(self.follow, self.ended)

    def follow(self, ended):
        """Look into the folder every now and then."""
        while not ended.is_set():
            if not self.lab.running:
                bars = self.counted()
                if bars != self.bars.value and not ended.is_set():
                    self.bars.value = bars
            ended.wait(PAUSE)

    def counted(self):
        """The bars as HTML; a sentence where there is no such folder."""
        try:
            counts = poll.count(self.folder, self.lab.name, self.lab.settings)
        except OSError as problem:
            return template.render(
                "views/poll.html", trouble=f"{self.folder} cannot be read: {problem.strerror}."
            )
        answers = [(answer, counts[answer]) for answer in self.lab.prediction.options]
        shown = sum(count for _, count in answers)  # what is no answer of this lab does not count
        return template.render("views/poll.html", trouble="", answers=answers, all=shown)
