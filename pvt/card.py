"""A verdict as a card: a coloured edge, and a sign and a word in white on their own colour.

White on these colours is easy to read whatever lies around, so a card is as clear in a dark theme as in a light one.
"""

from html import escape

# At least 4.5 to white, and 3 to the page in JupyterLab's light and dark theme (a test computes it).
COLOURS = {"good": "#007a5a", "bad": "#d0342c", "open": "#6b6b6b", "not yet": "#a85a00"}


def html(kind, inside):
    """A card of one of these kinds around some HTML."""
    style = f"border-left:6px solid {COLOURS[kind]};padding:4px 12px;margin:4px 0;max-width:50em"
    return f'<div style="{style}">{inside}</div>'


def chip(kind, words):
    """A sign and a word, never colour alone; printers keep the ground."""
    style = "color:#fff;font-weight:bold;padding:0 7px;border-radius:3px;white-space:nowrap;print-color-adjust:exact"
    return f'<span style="background:{COLOURS[kind]};{style}">{escape(words)}</span>'
