"""A run that needs something."""

NEEDS = ("fork",)


def run():
    yield {"never": "seen"}
