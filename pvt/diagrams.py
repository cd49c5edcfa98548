"""The course's diagrams: drawn once as SVG in its colours, each beside the chapter it belongs
to."""

from html import escape
from pathlib import Path
from xml.etree import ElementTree

from pvt import course, figure
from pvt.problem import Problem


class Diagram(str):
    """The text of an SVG; a notebook shows it, in the colours of its theme."""

    def _repr_html_(self):
        label = f'<svg role="img" aria-label="{escape(repr(self), quote=True)}" '
        return (
            f"<style>{figure.STYLE}</style><b>{escape(self.part('title'))}</b>"
            '<div class="pvt-picture" style="max-width:720px">'
            f"{self.replace('<svg ', label, 1)}</div>"
        )

    def part(self, tag):
        return ElementTree.fromstring(self).findtext(f"{{http://www.w3.org/2000/svg}}{tag}")

    def __repr__(self):
        """What it shows, in words."""
        return f"{self.part('title')} {self.part('desc')}"


def names():
    """Where the diagrams are: name -> path."""
    return {path.stem: path for path in sorted(Path(course.__file__).parent.glob("*/*.svg"))}


def diagram(name):
    """Show a diagram. Raises ValueError, with the nearest name, for an unknown one."""
    known = names()
    if name not in known:
        raise Problem(f"there is no diagram {name!r}; {course.nearest(name, list(known))}")
    return Diagram(known[name].read_text("utf-8"))
