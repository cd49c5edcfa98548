"""Pages made from templates: whatever is put into one is escaped, for much of it was typed by
somebody."""

from functools import cache
from pathlib import Path

import jinja2

HERE = Path(__file__).parent


@cache
def environment():
    loader = jinja2.FileSystemLoader(HERE)
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def render(name, **values):
    """The text of a template, named by its path below pvt/, with these values in it."""
    return environment().get_template(name).render(**values)
