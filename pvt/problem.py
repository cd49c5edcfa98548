"""The exceptions that are said in a sentence: wrong input, and what is not here."""


class Problem(ValueError):
    """Wrong input, said in a sentence: the thing, the value, what is allowed, the next step."""

    def _render_traceback_(self):  # what a notebook shows instead of a traceback
        return [f"⚠ {self}"]


class Missing(Exception):
    """An experiment cannot run here; the text names what it needs."""
