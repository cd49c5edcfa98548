"""Rows become a picture: fixed colours, the question as title, and one sentence that says what
is to be seen."""

import base64
import io
import re
import warnings
from html import escape
from typing import NamedTuple

from matplotlib import colors, rcParams
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter
from PIL import Image

from pvt import host, timing

# Okabe and Ito's palette (jfly.uni-koeln.de/color), darkened where it stands as text or thin line.
# The same everywhere: threads blue, processes orange, machines green, trouble vermilion (and always
# hatched or labelled), the rest grey.
PALETTE = {
    "thread": "#0072b2",
    "process": "#b35900",
    "machine": "#00705a",
    "trouble": "#c1272d",
    "other": "#8a8a8a",
    "ink": "#222222",
}
colors.get_named_colors_mapping().update(PALETTE)
rcParams["svg.hashsalt"] = "pvt"  # one picture, one text: equal rows give equal pictures
# The same colours on dark paper, each as far from it as its light twin from white.
DARK = {
    "thread": "#56b4e9",
    "process": "#f0a04b",
    "machine": "#3fc49b",
    "trouble": "#ff7b72",
    "other": "#a0a0a0",
    "ink": "#e6e6e6",
    "paper": "#111111",
    "line": "#444444",
}
LIGHT = {**PALETTE, "paper": "#ffffff", "line": "#dddddd"}
NIGHT = (
    'body[data-jp-theme-light="false"] .pvt-picture,html[data-theme="dark"]'
    " .pvt-picture,.vscode-dark .pvt-picture"
)
SIZE, DPI = (7.0, 3.4), 100
FEW_COLOURS = 64  # of a picture to keep: a third of the bytes, and no eye sees the difference
LONGEST_SVG = 600_000  # characters; a longer one is shown as PNG


class Picture(NamedTuple):
    """A PNG and the sentence that says what it shows; `svg`, where it is given, is shown
    instead: it follows the theme."""

    png: bytes
    sentence: str
    svg: str = ""

    def __repr__(self):
        return self.sentence

    def _repr_html_(self):
        return f'{self.image()}<p style="margin:4px 0">{escape(self.sentence)}</p>'

    def image(self, width=SIZE[0] * DPI):
        """The picture without its sentence, which is its alternative text."""
        text = escape(self.sentence, quote=True)
        style = f'style="width:100%;max-width:{width:.0f}px;height:auto;fill:var(--pvt-ink)"'
        if self.svg:
            svg = self.svg.replace("<svg ", f'<svg role="img" aria-label="{text}" {style} ', 1)
            return f'<div class="pvt-picture">{svg}</div>'
        data = base64.b64encode(self.png).decode()
        return f'<img src="data:image/png;base64,{data}" {style} alt="{text}">'


def picture(experiment, rows, facts):
    """The picture of an experiment's rows, with the machine they come from in small print."""
    if not rows:
        return blank(experiment.QUESTION, "There are no rows to draw.")
    figure = drawn(experiment, rows, facts)
    return Picture(png(figure), experiment.sentence(rows) + timing.company(rows), svg(figure))


def frame(experiment, rows, facts):
    """The picture of the rows so far, to be looked at and not to be kept."""
    sentence = experiment.sentence(rows) + timing.company(rows)
    return Picture(b"", sentence, svg(drawn(experiment, rows, facts)))


def drawn(experiment, rows, facts):
    """The figure of at least one row."""
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    ax = figure.add_subplot()
    style(ax, experiment.QUESTION)
    experiment.draw(ax, rows)
    if ax.get_legend_handles_labels()[0]:
        figure.legend(loc="outside right upper", fontsize=9, frameon=False)
    separate_thousands(ax)
    figure.supxlabel(
        host.summary(facts) if facts else "", fontsize=8, color="ink", x=0.99, ha="right"
    )
    return figure


def blank(question, sentence):
    """Empty axes under the question, before the first row."""
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    ax = figure.add_subplot()
    style(ax, question)
    ax.set(xticks=[], yticks=[])
    ax.text(
        0.5,
        0.5,
        "Press Run",
        ha="center",
        va="center",
        fontsize=14,
        color="ink",
        transform=ax.transAxes,
    )
    return Picture(png(figure), sentence, svg(figure))


def style(ax, question):
    """The look that all pictures share: readable from the last row of a classroom."""
    ax.set_title(question, loc="left", fontsize=13, color="ink", fontweight="bold")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#dddddd", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=10)
    ax.xaxis.label.set_size(11)
    ax.yaxis.label.set_size(11)


def separate_thousands(ax):
    """10,000 instead of 10000 on linear axes of numbers."""
    for axis in (ax.xaxis, ax.yaxis):
        if axis.get_scale() == "linear" and isinstance(axis.get_major_formatter(), ScalarFormatter):
            axis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def png(figure):
    """The figure as PNG bytes, lightly compressed: it is shown, not stored."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a name in letters that the font lacks
        figure.savefig(buffer, format="png", pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


def svg(figure):
    """The figure as SVG whose colours are CSS variables; an empty text where it would be too
    long."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    text = buffer.getvalue()
    if len(text) > LONGEST_SVG:
        return ""
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r' (width|height)="[^"]*pt"', "", text, count=2)
    text = text.replace("#000000", LIGHT["ink"])
    text = text.replace("*{stroke-line", ".pvt-picture svg *{stroke-line")  # not the whole page's
    for name, colour in LIGHT.items():
        text = text.replace(colour, f"var(--pvt-{name},{colour})")
    return text.replace("<defs>", f"<style>{STYLE}</style><defs>", 1)


def variables(colours):
    return ";".join(f"--pvt-{name}:{colour}" for name, colour in colours.items())


STYLE = f".pvt-picture{{{variables(LIGHT)}}}{NIGHT}{{{variables(DARK)}}}"


def small(picture):
    """The same picture in fewer bytes, to be kept."""
    buffer = io.BytesIO()
    image = Image.open(io.BytesIO(picture.png)).convert("RGB").quantize(FEW_COLOURS)
    image.save(buffer, "png", optimize=True)
    return picture._replace(png=buffer.getvalue())
