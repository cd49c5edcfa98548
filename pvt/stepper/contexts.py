"""What stands behind `with`: an open file ends with a step, and a setting of the process is changed
for all."""

from pvt.stepper import files, settings
from pvt.stepper.engine import stage


def managed(manager):
    """The context manager, or what tells the stage first."""
    if stage.alone:
        return manager
    if files.is_file(type(manager)):
        return files.Closing(manager)
    return settings.managed(manager)
