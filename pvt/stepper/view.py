"""The scheduler's seat: who makes the next step? Every move is a replay of the whole schedule in a
fresh child.

The kernel computes a scene and the page draws it; the page sends moves. A thread carries them out,
as in the lab. Moves that come meanwhile wait; steps among them are made in one go."""

import os
import threading
from pathlib import Path

import anywidget
import traitlets

from pvt.learner import noting
from pvt.problem import Problem
from pvt.stepper import asking, moves
from pvt.stepper.puzzles import NAMES, load
from pvt.views import access, background
from pvt.views.access import DEAD

MOST_WAITING = 50
HERE = Path(__file__).parent


def step(program, world="language", grain="access", also=()):
    """Take the scheduler's seat for a program: a puzzle's name, a class, a module, a path, or a
    text.

    Raises ValueError for other input. With PVT_AUTORUN=1 it finds a bad schedule by itself and
    shows it as plain HTML."""
    from IPython.display import HTML, display

    if grain not in asking.GRAINS:
        raise Problem(
            f"grain={grain!r} is unknown; there are: {', '.join(map(repr, asking.GRAINS))}."
        )
    view = StepView(
        asking.program_text(program),
        told(program),
        asking.known(world),
        grain,
        asking.place_of(program, also),
    )
    if os.environ.get("PVT_AUTORUN") == "1":
        view.carry_out([{"do": "restart"}])
        view.carry_out([{"do": "find"}])
        display(HTML(view.state["diagram"] + view.state["story"] + view.state["found"]))
    else:
        view.asked(view, {"do": "restart"})
        display(access.asleep(view.mark, "stepper"))
    return view


def told(program):
    """Title, story and goal."""
    if isinstance(program, str) and program in NAMES:
        puzzle = load(program)
        return {
            "puzzle": program,
            "title": puzzle.title,
            "story": puzzle.story,
            "goal": puzzle.goal,
        }
    return {
        "title": "Your program",
        "story": "",
        "goal": "Find a schedule that breaks it, or prove that there is none.",
    }


class StepView(anywidget.AnyWidget):
    """The view; `state` is all that the page knows, `schedule` the moves so far."""

    _esm = access.module(HERE / "view.js")
    _css = HERE / "view.css"
    state = traitlets.Dict().tag(sync=True)
    mark = traitlets.Unicode().tag(sync=True)

    def __init__(self, source, told, world, grain, where=None):
        super().__init__(mark=access.mark())
        self.puzzle = told.get("puzzle")
        self.endings = set()  # those that the learner has seen, reached by hand or found
        self.where = where or {}
        self.source, self.world, self.grain, self.schedule = source, world, grain, []
        self.lock, self.waiting, self.working, self.running = threading.Lock(), [], False, None
        nothing = {"lanes": [], "shared": [], "diagram": "", "story": "", "found": ""}
        nothing |= {"ending": "", "did": "", "program": asking.telling.numbered(source)}
        menus = {"worlds": asking.WORLDS, "grains": {g: SPOKEN[g] for g in asking.GRAINS}}
        self.state = (
            told
            | menus
            | nothing
            | self.settings()
            | {"busy": False, "status": DEAD, "verdict": None}
        )
        self.on_msg(lambda _, message, __: self.asked(self, message))

    def settings(self):
        """What the controls stand at."""
        return {
            "world": self.world,
            "grain": self.grain,
            "schedule": asking.telling.short(self.schedule),
        }

    def ended(self, last, found):
        """A bad ending was reached: by hand for the first time, it is kept in the learner's
        record."""
        if last["ending"] in BAD and last["ending"] not in self.endings:
            self.endings.add(last["ending"])
            if self.puzzle and not found:
                return noting.broken(self.puzzle, last, self.settings())
        return ""

    def tell(self, **news):
        """Change what the page shows."""
        self.state = self.state | news

    def rows(self, plan, finish=False):
        """The rows of a replay in a fresh child."""
        return asking.rows_of(
            self.follow(
                asking.replaying(self.source, plan, self.world, self.grain, finish, self.where)
            )
        )

    def searched(self, preemptions, seconds, first):
        """What a search in a child finds; its progress is said as it goes."""
        self.tell(status="The search begins …")
        running = asking.searching(self.source, preemptions, seconds, self.world, first, self.where)
        return asking.found(self.follow(running), self.world)

    def follow(self, running):
        """To the end of a run in a child."""
        self.running = running
        self.tell(busy=True)
        for row in running:
            text = tried(row["schedules"]) if row and row["kind"] == "progress" else ""
            text = text if running.process else "Waiting for the other experiment to end …"
            if text and text != self.state["status"]:
                self.tell(status=text)
        return running

    def asked(self, _, message):
        """A message from the page. While something is done, steps and undo wait, Stop stops, the
        rest is not heard."""
        if message["do"] == "stop":
            return self.running and self.running.stop()
        with self.lock:
            patient = message["do"] in ("step", "undo") and len(self.waiting) < MOST_WAITING
            if self.working and not patient:
                return None
            self.waiting.append(message)
            if self.working:
                return None
            self.working = True
        background.start(self.work)
        return None

    def work(self):
        """Carry out what waits, until nothing does."""
        while True:
            with self.lock:
                messages, self.waiting = self.waiting, []
                if not messages:
                    self.working = False
                    break
            self.carry_out(messages)
        self.tell(busy=False)

    def carry_out(self, messages):
        """Carry out messages in order, neighbouring steps together; whatever goes wrong is said in
        the view."""
        try:
            while messages:
                steps = [one["thread"] for one in until_other(messages)]
                if steps:
                    moves.play(self, self.schedule + asking.numbers(steps))
                    messages = messages[len(steps) :]
                else:
                    moves.DOES[messages[0]["do"]](self, messages[0])
                    messages = messages[1:]
        except Exception as problem:
            said = (
                str(problem)
                if isinstance(problem, Problem)
                else f"{type(problem).__name__}: {problem}"
            )
            self.tell(status=said)


BAD = ("broken", "deadlock")


def tried(schedules):
    """How far a search is."""
    return f"{schedules:,} schedule{'s' * (schedules != 1)} tried …"


SPOKEN = {"access": "one shared access", "bytecode": "one bytecode", "line": "one source line"}


def until_other(messages):
    """The steps at the head of a list of messages."""
    for message in messages:
        if message["do"] != "step":
            return
        yield message
