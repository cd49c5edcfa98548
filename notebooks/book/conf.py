"""The course as a static site: every notebook executed, every lab with its picture. Built by `make
book`.

MyST-NB with sphinx-book-theme: it executes and caches notebooks itself, needs no other program than
Python, and builds without a network; Jupyter Book 2 fetches its theme and a Node program when it
builds."""

import os
import re
import sys
from pathlib import Path

from docutils import nodes

sys.path.insert(0, str(Path(__file__).parent))
os.environ["PVT_AUTORUN"] = "1"  # each lab runs once by itself, and shows its picture as plain HTML
os.environ["PVT_RECORD"] = "off"
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
OWNER_AND_NAME = re.search(r"mybinder\.org/v2/gh/([^/]+/[^/]+)/", README)[1]

project = "Processes and threads, tried out"
html_title = project
language = "en"
extensions = ["myst_nb"]
root_doc = "book/index"
exclude_patterns = ["**/.ipynb_checkpoints", "book/build"]
myst_enable_extensions = ["html_image"]
myst_heading_anchors = 2
suppress_warnings = ["mystnb.unknown_mime_type"]
myst_heading_slug_func = "slugs.as_jupyter"

nb_execution_mode = "cache"
nb_execution_timeout = 180  # seconds a cell
nb_execution_raise_on_error = True
nb_execution_cache_path = os.environ.get("PVT_BOOK_CACHE", "")
# Without a kernel a widget is a dead button. Each view shows what it has as plain HTML too, and
# that is what stands here.
nb_ipywidgets_js = {}
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_js_files = ["search.js"]
html_css_files = ["book.css"]
html_theme_options = {
    "repository_url": f"https://github.com/{OWNER_AND_NAME}",
    "path_to_docs": "notebooks",
    "use_repository_button": True,
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    },
}


def first_page(app, problem):
    """The site's own address leads to its first page."""
    if problem is None and app.builder.name == "html":
        to = f"{root_doc}.html"
        page = f'<meta http-equiv="refresh" content="0; url={to}"><title>{project}</title><a href="{to}">{project}</a>'
        for template in Path(app.outdir, "_static").glob(
            "*macros.html"
        ):  # of the theme: no page, and its links are none
            template.unlink()
        Path(app.outdir, "index.html").write_text(
            f'<!doctype html><html lang="en">{page}</html>', "utf-8"
        )


def lead_to_pages(app, doctree, name):
    """What a cell displayed leads to a notebook; here it leads to the page."""
    for shown in doctree.findall(nodes.raw):
        text = re.sub(r'href="(\d\d_\w+)\.ipynb', r'href="\1.html', shown.astext())
        if text != shown.astext():
            shown.children = [nodes.Text(text)]


def setup(app):
    app.connect("doctree-resolved", lead_to_pages)
    app.connect("build-finished", first_page)
