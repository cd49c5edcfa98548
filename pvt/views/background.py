"""Work in the background: at most one piece at a time, which can be stopped, in a thread of its
own.

The thread carries the context of the click that started it: without it, updates of widgets vanish
in some versions of ipykernel. Nothing may be printed from that thread; it sets values of widgets
only.
"""

import contextvars
import threading

from pvt import ledger, refusal


def start(work, *args):
    """Start a thread that carries this context. Raises RuntimeError where the system refuses
    one."""
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work, *args), daemon=True).start()


class Background:
    """The piece of work that a view has under way, `task`: anything with a `stop()`; None while
    there is none."""

    def __init__(self):
        self.task, self.lock = None, threading.Lock()
        self.stopped = False  # whether *Stop* came since the work began

    def start(self, make, work, failed):
        """Make a task and do `work(task)` in a thread; whatever it raises goes to `failed`. False
        if one is under way.

        Raises RuntimeError where the system refuses a thread; there is no task then.
        """
        with self.lock:
            if self.task:
                return False
            self.task, self.stopped = make(), False
        try:
            start(self.carry_out, self.task, work, failed)
        except RuntimeError:
            self.task = None
            raise
        return True

    def decide(self, pairs, work, failed):
        """The same with the claims of these pairs; a sentence where the system refuses a thread."""
        try:
            self.start(lambda: ledger.Deciding(pairs), work, failed)
        except RuntimeError as problem:
            return f"The page {refusal.ending(problem)}."
        return ""

    def carry_out(self, task, work, failed):
        """The work, from its beginning to its end."""
        self.task = task
        try:
            work(task)
        except Exception as problem:
            failed(f"{type(problem).__name__}: {problem}")
        finally:
            self.task = None

    def stop(self):
        """Stop what is under way, from any thread."""
        self.stopped = True
        if task := self.task:
            task.stop()
