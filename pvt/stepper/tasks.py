"""asyncio as a stepped program imports it: one seat for each run."""

import importlib

from pvt.stepper import aio
from pvt.stepper.engine import stage
from pvt.stepper.seat import Seat


def module(modules, name):
    """The module asyncio, or one of its parts."""
    made = modules.made.get("asyncio")
    if made is None:
        stage.seat = Seat()
        made = modules.made["asyncio"] = aio.module(stage.seat)
    if name == "asyncio":
        return made
    real, part = importlib.import_module(name), name.rpartition(".")[2]
    if not hasattr(made, part):
        setattr(made, part, aio.Part(real, made))
    found = modules.made[name] = getattr(made, part)
    return found
