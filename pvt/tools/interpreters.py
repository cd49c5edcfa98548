"""Several interpreters in one process: by the library where a Python has it, else by the module
below it.

`create()` gives one with `exec(text)`, `prepare_main(names)` and `close()`, as
`concurrent.interpreters` does."""

import threading
from importlib import import_module


def create():
    """A new interpreter, with a GIL of its own where there is a GIL."""
    try:
        from concurrent import interpreters
    except ImportError:
        return Below()
    return interpreters.create()


def in_thread(text):
    """A thread in which a new interpreter executes this text; it is closed when that has ended."""

    def work():
        one = create()
        try:
            one.exec(text)
        finally:
            one.close()

    worker = threading.Thread(target=work)
    worker.start()
    return worker


class Below:
    """An interpreter by `_interpreters`, of Pythons whose library has no module for it yet."""

    def __init__(self):
        self.module = import_module("_interpreters")
        self.id = self.module.create("isolated")

    def prepare_main(self, names):
        """Hand over objects, as global names of its main module."""
        self.module.set___main___attrs(self.id, names)

    def exec(self, text):
        """Execute text in it; raises RuntimeError if that raises."""
        if problem := self.module.exec(self.id, text):
            raise RuntimeError(problem.formatted)

    def close(self):
        self.module.destroy(self.id)
