"""Each notebook as slides of reveal.js, with the pictures of this run: `make slides`.

Where a slide begins follows from the form of a notebook, so that no notebook has to be marked: a
heading begins one. Below it each lab or quiz has a slide of its own, and what to look for another,
with its verdict. Hints and solutions are speaker's notes (press S). Beside the slides lies a marked
copy of each notebook, to be shown live in JupyterLab."""

import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import SlidesExporter
from traitlets.config import Config

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent
REVEAL = "https://unpkg.com/reveal.js@4.6.1"  # `REVEAL=folder` names a copy of one's own
VIEW = "application/vnd.jupyter.widget-view+json"
SHOWS = re.compile(r"^pvt\.(?!check|repair)\w+\(|^display\(", re.MULTILINE)
SECONDS = 180  # for a cell, at most


def mark(notebook):
    """Say of each cell where it stands: on a new slide, below it, beside the one before, in the
    notes, or nowhere."""
    for cell in notebook.cells:
        cell.metadata["slideshow"] = {"slide_type": place(cell)}
    return notebook


def place(cell):
    """What nbconvert, RISE and Deck call a cell's slide type."""
    if cell.cell_type == "markdown":
        if re.match(r"##? ", cell.source):
            return "slide"
        return "notes" if cell.source.lstrip().startswith("<details>") else "subslide"
    if "pvt.begin(" in cell.source:
        return "skip"
    return "subslide" if SHOWS.search(cell.source) and "pvt.verdict(" not in cell.source else "-"


def executed(notebook):
    """The notebook with the outputs of a run by itself."""
    resources = {"metadata": {"path": str(NOTEBOOKS)}}
    return NotebookClient(notebook, timeout=SECONDS, resources=resources).execute()


def pictured(notebook):
    """An executed notebook as the book has it: pictures in place of widgets, without the calls that
    are folded away."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if VIEW not in one.get("data", {})]
            if cell.metadata.get("jupyter", {}).get("source_hidden"):
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hidden"]
    return notebook


def exporter():
    config = Config()
    config.TagRemovePreprocessor.remove_input_tags = {"hidden"}
    config.SlidesExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
    config.SlidesExporter.reveal_url_prefix = os.environ.get("REVEAL") or REVEAL
    config.SlidesExporter.template_name = "slides"
    config.SlidesExporter.extra_template_basedirs = [str(HERE)]
    config.SlidesExporter.exclude_input_prompt = config.SlidesExporter.exclude_output_prompt = True
    return SlidesExporter(config=config)


def page(notebook, name):
    """A marked and executed notebook as a page; links to other notebooks lead to their slides."""
    text, _ = exporter().from_notebook_node(notebook, {"metadata": {"name": name}})
    return re.sub(r'href="(\d\d_\w+)\.ipynb[^"]*"', r'href="\1.html"', text)


def main(folder, wanted):
    """Write the slides of the notebooks whose names begin with one of these words; of all, where
    there is none."""
    os.environ |= {"PVT_AUTORUN": "1", "PVT_RECORD": "off"}
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [
        path
        for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
        if not wanted or path.stem.startswith(tuple(wanted))
    ]
    if not chosen:
        sys.exit(
            f"no notebook's name begins with {' or '.join(wanted)}: name one, ONLY=04 for example"
        )
    for path in chosen:
        notebook = mark(nbformat.read(path, as_version=4))
        nbformat.write(notebook, folder / path.name)
        text = page(pictured(executed(notebook)), path.stem)
        (folder / f"{path.stem}.html").write_text(text, "utf-8")
        print(folder / f"{path.stem}.html", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
