"""What a replay shows: a row for every step of the schedule, with everything around it.

The recorder is the stage's observer.  A step has been made when its worker stands at the next
access, or ends.  What was touched is joined with the bytecode of the program as it was written: by
its place in the text."""

import dis
import json
import sys

from pvt.stepper.engine import stage
from pvt.stepper.stops import SOURCE_NAME
from pvt.stepper.values import shared_texts

NEAR, LONG, MOST_ROWS = 6, 600, 3_000
"""Of a long schedule only steps this near to a change of threads are shown."""
WRITES = ("STORE", "DELETE", "CALL")
READS = ("LOAD_ATTR", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_METHOD", "BINARY", "FOR_ITER", "GET_ITER", "CALL",
         "COMPARE", "CONTAINS", "UNPACK", "TO_BOOL", "POP_JUMP", "FORMAT")  # fmt: skip


class Recorder:
    """Observes a run; `rows` grows while a schedule is carried out."""

    def __init__(self, world, grain, plan=()):
        self.fixed = {"world": world, "grain": grain}
        self.plan, self.rows, self.spots, self.current, self.lines = plan, [], {}, None, {}

    def begin(self, player):
        """The program is at its beginning."""
        self.program = player.program
        self.places = places(self.program.source)
        self.add("start", None, None)

    def standing(self, me):
        """The stage's word: the worker is about to do something.  True: it goes on without asking,
        in the same line."""
        self.flush()
        spot = self.spot(me.op)
        before, self.spots[me.number] = self.spots.get(me.number), spot
        plain = me.op.ready is None and not me.op.free and before is not None and me.boss is None
        return self.fixed["grain"] == "line" and plain and before["line"] == spot["line"]

    def chosen(self, me):
        """The stage's word: the worker does now what it stood at."""
        self.current = me.number, self.spots.get(me.number), len(stage.trace) - 1, True

    def passing(self, me, op):
        """The stage's word: the worker touches something that nobody else does, without asking."""
        if self.fixed["grain"] != "line" and len(self.plan) <= LONG and len(self.rows) < MOST_ROWS:
            self.flush()
            self.current = me.number, self.spot(op), len(stage.trace) - 1, False

    def finished(self, me):
        """The stage's word: the worker has ended."""
        self.flush()

    def flush(self):
        """The step before has been made."""
        if self.current is not None:
            (number, spot, unit, access), self.current = self.current, None
            if (len(self.plan) <= LONG or self.is_near(unit)) and (access or spot["line"]):
                self.add("step", number, spot, unit, access)

    def is_near(self, unit):
        """Whether a step of a long schedule is near a change of threads, or its beginning or
        end."""
        around = self.plan[max(0, unit - NEAR) : unit + NEAR]
        return len(set(around)) > 1 or unit < NEAR or unit > len(self.plan) - NEAR

    def ended(self):
        """The stage's word: the run is over, as of now."""
        self.flush()
        self.add("ending", self.rows[-1]["thread"], None)

    def finish(self, ending, because):
        """How it ended, in the last row; all rows get the same keys."""
        if self.rows[-1]["kind"] != "ending":
            self.ended()
        last, before = self.rows[-1], self.rows[-2]
        choices = json.dumps(stage.choices if ending == "stepping" else [])
        last |= {
            "ending": ending,
            "because": because,
            "choices": choices,
            "unit": len(stage.trace) - 1,
        }
        last |= {key: before[key] for key in ("line", "source", "bytecode", "access", "step")}
        whole = dict.fromkeys(key for row in self.rows for key in row)
        names = {
            key: value for row in self.rows for key, value in row.items() if key.startswith("name_")
        }
        self.rows[:] = [
            {key: row.get(key, names.get(key, absent(key))) for key in whole} for row in self.rows
        ]

    def add(self, kind, number, spot, unit=None, access=False):
        """One row."""
        alone, stage.alone = (
            stage.alone,
            True,
        )  # asking the program's objects for their text must not be a step
        asked, stage.asked = stage.asked, None
        try:
            row = dict(self.fixed, kind=kind, step=len(self.rows), thread=number)
            row["unit"] = len(stage.trace) - 1 if unit is None else unit
            row |= spot or NOWHERE
            row |= {"access": access, "shared": json.dumps(shared_texts(self.program))}
            row |= {
                "output": json.dumps(stage.output.text().splitlines()),
                "ending": None,
                "because": None,
            }
            row["choices"] = None
            for worker in stage.workers:
                row |= self.lane(worker)
            self.rows.append(row)
        finally:
            stage.alone, stage.asked = alone, asked

    def lane(self, worker):
        """What one worker is about to do, or why it cannot."""
        if worker.done:
            state, why = "finished", "has finished"
        elif worker.baton is None:
            state, why = "blocked", stage.off_stage(worker)
        else:
            why = stage.state(worker.number)
            state = "blocked" if why else "runnable"
        spot = NOWHERE if worker.done else self.spots.get(worker.number, NOWHERE)
        lane = {"name": worker.name, "state": state, "why": why}
        lane |= {f"next_{key}": value for key, value in spot.items()}
        return {f"{key}_{worker.number}": value for key, value in lane.items()}

    def spot(self, op):
        """Line, source line and bytecode of the access that the running worker stands at."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != SOURCE_NAME:
            frame = frame.f_back
        if frame is None:
            last = self.spots.get(stage.me.number) or self.started(stage.me)
            return last | {"bytecode": WORDS.get(op.label, op.label)}
        place = list(frame.f_code.co_positions())[frame.f_lasti // 2]
        line = frame.f_lineno
        return {"line": line, "source": self.text(line), "bytecode": self.bytecode(place, op)}

    def started(self, worker):
        """The line that started a worker, of which no line has been run yet."""
        file, line = worker.born or (SOURCE_NAME, 1)
        line = line if file == SOURCE_NAME else 1
        return {"line": line, "source": self.text(line)}

    def text(self, line):
        """A line of the program."""
        lines = self.program.lines
        return lines[line - 1].strip() if line and line <= len(lines) else ""

    def bytecode(self, place, op):
        """The bytecode at a place that reads or writes, as the program's own text compiles to."""
        found = self.places.get(place, [])
        wanted = WRITES if op.write else READS
        texts = [text for name, text in found if name.startswith(wanted)] or [
            text for _, text in found
        ]
        if op.sync or not texts:
            names = (
                ("CALL",)
                if op.label in ("release", "notify")
                else ("BEFORE_WITH", "LOAD_SPECIAL", "CALL")
            )
            made = [text for name in names for text in texts if text.startswith(name)]
            return made[0] if made else (texts or [op.label])[-1]
        return texts[-1]


WORDS = {"fail": "the exception ends it", "end": "it ends"}
NOWHERE = {"line": None, "source": None, "bytecode": None}


def absent(key):
    """What a lane shows before its thread exists."""
    if key.startswith("state_"):
        return "blocked"
    return "has not started" if key.startswith("why_") else None


def places(source):
    """Place in the text → bytecodes there."""
    found, waiting = {}, [compile(source, SOURCE_NAME, "exec", dont_inherit=True)]
    while waiting:
        code = waiting.pop()
        waiting += [each for each in code.co_consts if hasattr(each, "co_code")]
        for it in dis.get_instructions(code):
            at = it.positions
            key = (at.lineno, at.end_lineno, at.col_offset, at.end_col_offset)
            found.setdefault(key, []).append((it.opname, bytecode_text(it)))
    return found


def bytecode_text(it):
    """A bytecode as text: its name and what it is about."""
    shown = (
        ""
        if it.argrepr is None
        else it.argrepr.replace("NULL|self + ", "").replace(" + NULL|self", "")
    )
    shown = shown.replace("NULL + ", "").replace(" + NULL", "")
    return f"{it.opname} {shown}".strip()
