"""The import of a module that is stepped: the first thread that asks runs its body, and others who
ask wait until it has run, as the interpreter lets them.

Two threads that import two modules which import each other do not wait for ever: who comes last
gets the module as far as it is."""

from pvt.stepper.engine import stage
from pvt.stepper.locks import Standin


class Import(Standin):
    """One module: who runs its body, and whether it has run."""

    noun = "import"

    def __init__(self, name, load):
        self.name, self.load = name, load
        self.owner, self.module, self.among_others, self.known = None, None, False, set()

    def named(self):
        """What to call it."""
        return f"the import of {self.name}"

    def found(self):
        """The module, once its body has run; None if it is begun in a circle of imports."""
        while self.module is None:
            if self.is_mine():
                return None
            busy = self.owner is not None
            self.wait(write=not busy)
            if self.module is None and self.owner is None and not busy:
                self.run()
            elif self.owner is not None:
                return None
        if self.among_others and stage.me.host not in self.known:
            self.wait(write=False)
            self.known.add(stage.me.host)
        return self.module

    def wait(self, write):
        """Until nobody runs its body."""
        me = stage.me.host
        stage.sync(self, "import", lambda: self.is_open(me), self.why, self.holder, write=write)

    def run(self):
        """Run its body."""
        self.owner = stage.me
        try:
            made = self.load()
            self.module, self.among_others = made, not stage.alone
            self.known.add(stage.me.host)
        finally:
            self.owner = None
            if not stage.over:
                stage.silent(self, "imported")

    def is_mine(self):
        """Whether the thread that asks is running its body."""
        return self.owner is not None and self.owner.host is stage.me.host

    def is_open(self, me):
        """Whether a thread need not wait: nobody runs its body, or who does waits for the thread's
        own imports."""
        one, seen = self, set()
        while isinstance(one, Import) and one not in seen:
            if one.owner is None:
                return one is self
            if one.owner.host is me:
                return True
            seen.add(one)
            one = one.owner.op.thing
        return False

    def holder(self):
        """Who could end the waiting."""
        return self.owner

    def why(self):
        """What a thread that waits is doing."""
        return f"waiting for {self.named()} that {self.owner.said} has begun"
