"""What stands behind `with`: an open file ends with a step, and a setting of the process is changed
for all."""

from pvt.stepper import files, settings
from pvt.stepper.engine import stage
from pvt.stepper.kinds import KINDS, OWN


def managed(manager):
    """The context manager, or what tells the stage first."""
    if stage.alone or KINDS[type(manager)] == OWN:  # a stand-in, such as a lock
        return manager
    kind = type(manager)
    if files.is_file(kind) or kind in files.kinds or kind in files.TEMPORARY:
        return files.Closing(manager)
    return settings.managed(manager)
