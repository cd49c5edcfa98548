"""A verdict as a card: a coloured edge, and a sign and a word in white on their own colour.

White on these colours is easy to read whatever lies around, so a card is as clear in a dark theme
as in a light one.
"""

from markupsafe import Markup

from pvt import template

# At least 4.5 to white, and 3 to the page in JupyterLab's light and dark theme (a test computes
# it).
COLOURS = {"good": "#007a5a", "bad": "#d0342c", "open": "#6b6b6b", "not yet": "#a85a00"}
CHIP = Markup(
    '<span style="background:{};color:#fff;font-weight:bold;padding:0 7px;border-radius:3px;'
    'white-space:nowrap;print-color-adjust:exact">{}</span>'
)


def html(kind, words, text, *, heading="", small="", printed=""):
    """A card of one of these kinds: sign and word, then the text. What is not Markup is escaped."""
    parts = {
        "heading": heading,
        "chip": chip(kind, words),
        "text": text,
        "small": small,
        "printed": printed,
    }
    return template.render("card.html", colour=COLOURS[kind], **parts)


def chip(kind, words):
    """A sign and a word, never colour alone; printers keep the ground."""
    return CHIP.format(COLOURS[kind], words)
