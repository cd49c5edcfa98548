"""Two columns: what is asked and set on the left, what came out on the right."""

from html import escape

import ipywidgets as widgets

LEFT, RIGHT = "0 1 270px", "1 1 420px"  # on a narrow page the right one goes below the left
WRAP = {"flex_flow": "row wrap"}


def columns(left, right):
    """The widgets of `left` beside those of `right`."""
    both = [
        widgets.VBox(left, layout={"flex": LEFT}),
        widgets.VBox(right, layout={"flex": RIGHT}),
    ]
    return widgets.HBox(both, layout=WRAP | {"grid_gap": "4px 16px"})


def button_row(*buttons):
    """Buttons in a row that breaks where the page is narrow."""
    for button in buttons:
        button.layout = {"width": "max-content", "min_width": "84px"}
    return widgets.HBox(buttons, layout=WRAP)


def label(text):
    """What is asked or set."""
    return widgets.HTML(f"<b>{escape(text)}</b>")
