"""Rows as an HTML table that a screen reader can follow."""

from pvt import template


def html(headings, rows, caption="", noise=""):
    """A table: headings, rows of values, and a caption; `noise` stands below it as it was
    printed. All is escaped."""
    cells = [[(side(value), shown(value)) for value in row] for row in rows]
    return template.render(
        "table.html", headings=headings, rows=cells, caption=caption, noise=noise
    )


def side(value):
    """Where a value stands in its cell: numbers to the right, text to the left."""
    return "right" if isinstance(value, int | float) and not isinstance(value, bool) else "left"


def shown(value):
    """A value as text: separators in large numbers, three digits of small ones, a dash for
    nothing."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def named(key, value):
    """A process or thread id is a name: no separators."""
    return (
        str(value) if key.split("_")[-1] in ("pid", "id", "parent") and value is not None else value
    )


def run_html(run, most=200):
    """A run as a table: at most `most` rows, and how it ended."""
    headings = list(run.rows[0]) if run.rows else []
    cut = f" (the first {most} of {len(run.rows)})" if len(run.rows) > most else ""
    caption = f"{run.experiment}: {run.ended}, {len(run.rows)} rows{cut}"
    rows = [[named(key, row.get(key)) for key in headings] for row in run.rows[:most]]
    noise = run.noise if run.ending != "finished" else ""
    return html([key.replace("_", " ") for key in headings], rows, caption, noise)
