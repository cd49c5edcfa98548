"""Rows as an HTML table that a screen reader can follow."""

from html import escape


def html(headings, rows, caption=""):
    """A table: headings, rows of values, and a caption. All text is escaped."""
    head = "".join(f'<th scope="col" style="text-align:left">{escape(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(cell(value) for value in row)}</tr>" for row in rows)
    title = f'<caption style="text-align:left;caption-side:top">{escape(caption)}</caption>' if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def cell(value):
    """One cell: numbers to the right, text to the left."""
    side = "right" if isinstance(value, int | float) and not isinstance(value, bool) else "left"
    return f'<td style="text-align:{side};white-space:normal">{escape(shown(value))}</td>'


def shown(value):
    """A value as text: separators in large numbers, three digits of small ones, a dash for nothing."""
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
    return str(value) if key.split("_")[-1] in ("pid", "id", "parent") and value is not None else value


def run_html(run, most=200):
    """A run as a table: at most `most` rows, and how it ended."""
    headings = list(run.rows[0]) if run.rows else []
    cut = f" (the first {most} of {len(run.rows)})" if len(run.rows) > most else ""
    caption = f"{run.experiment}: {run.told}, {len(run.rows)} rows{cut}"
    rows = [[named(key, row.get(key)) for key in headings] for row in run.rows[:most]]
    noise = f"<pre>{escape(run.noise)}</pre>" if run.noise and run.ending != "finished" else ""
    return html([key.replace("_", " ") for key in headings], rows, caption) + noise
