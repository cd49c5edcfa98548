"""What a replay shows: a row for every bytecode that a thread has executed, with everything around it.

The recorder is the stage's observer.  A bytecode has been executed when its thread reaches the next one, blocks in
it, or ends; one that blocks and goes on later gives two rows.
"""

import json

from pvt.stepper.points import bytecode_text
from pvt.stepper.values import shared_texts


class Recorder:
    """Observes a stage; `rows` grows while a schedule is carried out."""

    def __init__(self, player, **fixed):
        self.stage, self.program = player.stage, player.program
        self.output = player.standins.output
        self.fixed = fixed
        self.seen = [False] * self.stage.count
        self.instructions = {c: dict(numbered) for c, numbered in self.program.points.instructions.items()}
        self.accesses = self.program.points.accesses()
        self.at = [self._entry(function.__code__) for function in self.program.functions]
        self.rows = []
        self._add("start", None, None)
        self.stage.observer = self

    def reached(self, me, code, offset):
        """The stage's word: the thread is about to execute this bytecode."""
        before, self.at[me] = self.at[me], (code, offset)
        if self.seen[me]:
            self._add("step", me, before)
        self.seen[me] = True

    def executed(self, me):
        """The stage's word: the thread has blocked in its bytecode, or ended after it."""
        if self.seen[me]:
            self._add("step", me, self.at[me])

    def finish(self, ending, because):
        """The last row: the state at the end, and how it ended."""
        choices = json.dumps(self.stage.choices if ending == "stepping" else [])
        last = {"kind": "ending", "ending": ending, "because": because, "choices": choices}
        self.rows.append(self.rows[-1] | last)

    def _entry(self, code):
        accesses = self.program.points.table("bytecode")[code]
        return code, min(accesses)

    def _add(self, kind, me, at):
        stage, running = self.stage, self.stage.current
        stage.current = None  # asking the program's objects for their text must not be a step
        try:
            row = dict(self.fixed, kind=kind, step=len(self.rows), unit=len(stage.trace) - 1, thread=me)
            row |= self._spot(at) | {"access": at is not None and at[1] in self.accesses[at[0]]}
            row |= {"shared": json.dumps(shared_texts(self.program)), "output": json.dumps(self.output)}
            row |= {"ending": None, "because": None, "choices": None}
            for number in range(stage.count):
                row |= self._lane(number)
            self.rows.append(row)
        finally:
            stage.current = running

    def _lane(self, number):
        """What one thread is about to do, or why it cannot."""
        stage, done = self.stage, self.stage.done[number]
        why = "has finished" if done else stage.state(number)
        state = "finished" if done else "blocked" if why else "runnable"
        lane = {"name": self.program.functions[number].__name__, "state": state, "why": why}
        lane |= {f"next_{key}": value for key, value in self._spot(None if done else self.at[number]).items()}
        return {f"{key}_{number}": value for key, value in lane.items()}

    def _spot(self, at):
        """Line, source line and text of a bytecode."""
        if at is None:
            return {"line": None, "source": None, "bytecode": None}
        instruction = self.instructions[at[0]][at[1]]
        line = instruction.positions.lineno or at[0].co_firstlineno
        lines = self.program.lines
        source = lines[line - 1].strip() if line <= len(lines) else ""
        return {"line": line, "source": source, "bytecode": bytecode_text(instruction)}


def by_unit(rows):
    """One row for each entry of the schedule: the last of its bytecodes, all named."""
    units = []
    for row in rows:
        together = units and row["kind"] == units[-1]["kind"] == "step" and row["unit"] == units[-1]["unit"]
        if together:
            row = row | {"bytecode": f"{units[-1]['bytecode']}; {row['bytecode']}"}
            row["access"] = row["access"] or units[-1]["access"]
            units[-1] = row
        else:
            units.append(row)
    return [row | {"step": number} for number, row in enumerate(units)]
