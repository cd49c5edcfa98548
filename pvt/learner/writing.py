"""The preview of what is handed in, with the button that writes it."""

from html import escape

import ipywidgets as widgets

from pvt.problem import Problem


def writing(handed):
    """A widget for a `HandIn`."""
    button = widgets.Button(description="Write the file", icon="save", button_style="primary")
    status = widgets.HTML()

    def write(_):
        try:
            text = f"Written: {handed.write()}"
        except Problem as problem:
            text = str(problem)
        status.value = f'<span role="status">{escape(text)}</span>'

    button.on_click(write)
    return widgets.VBox([widgets.HTML(handed._repr_html_()), widgets.HBox([button, status])])
