"""The one exception that wrong input raises."""


class Problem(ValueError):
    """Wrong input, said in a sentence: the thing, the value, what is allowed, the next step."""

    def _render_traceback_(self):  # what a notebook shows instead of a traceback
        return [f"⚠ {self}"]
