"""A lab as it was when it last ran: its picture and its prediction, marked as from then."""

import base64
from html import escape

from pvt.figure import Picture
from pvt.learner import journal


def recalled(name, settings):
    """(when and where, the picture or None, the prediction and what came out), or None if it
    never ran."""
    if (row := journal.last(name, settings)) is None:
        return None
    when = journal.moment(row["date"])
    date = f"{when.day} {when:%B %Y, %H:%M}"
    place = f"{row['machine']}, Python {row['python']}"
    mark = (
        f'<p role="note"><b>From then:</b> {date} ({escape(place)}). Run it again to see now.</p>'
    )
    return mark, picture(row), predicted(row)


def picture(row):
    """The picture in a row, or None if there is none that can be shown."""
    try:
        png = base64.b64decode(row["picture"], validate=True)
    except (KeyError, TypeError, ValueError):
        return None
    return Picture(png, row["sentence"]) if png.startswith(b"\x89PNG") else None


def predicted(row):
    """What was predicted then, and what came out."""
    if row["predicted"] is None:
        return ""
    came = "It was not decided" if row["came"] is None else f"It came out: {row['came']}"
    return f"<p><b>Then you predicted:</b> {escape(row['predicted'])}. {escape(came)}.</p>"
