"""The words of the course: their meanings stand in the table of notebook 00; every chapter explains
them at first use.

A word that is printed bold where it is first used is explained there. Any other first use is a link
to the table, whose title is the meaning: it shows on hover and can be reached by keyboard. `python
-m tests.words` writes the links.
"""

import re

import nbformat

from tests.prose import NOTEBOOKS

TABLE = "00_start_here.ipynb#Which-words-do-we-use?"
LINK = re.compile(r'\[([^\]]*)\]\(00_start_here\.ipynb#Which-words-do-we-use\? "[^"]*"\)')
# Where no word is looked for: folded parts, code, tables, headings, links, HTML, the line with the
# times.
ELSEWHERE = re.compile(
    r"<details>.*?</details>|```.*?```|`[^`]*`|^\|.*?$|^#.*?$|\[[^\]]*\]\([^)]*\)|<[^>]*>|^\*Core.*?\*",
    re.DOTALL | re.MULTILINE,
)


def meanings():
    """Word -> what it means, from the table of notebook 00."""
    text = "\n".join(cell.source for cell in nbformat.read(NOTEBOOKS[0], as_version=4).cells)
    return {
        word: meaning.replace("*", "")
        for word, meaning in re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \|$", text, re.MULTILINE)
    }


def first(word, texts):
    """(which text, the match) where a word is first used in some texts; None if it is not. "To
    lock in" is no lock."""
    pattern = re.compile(
        rf"(?<![\w-])(\**)({re.escape(word)}(?:e?s)?)(?![\w-])(?! (?:itself|a worker))",
        re.IGNORECASE,
    )
    for at, text in enumerate(texts):
        plain = ELSEWHERE.sub(lambda found: " " * len(found[0]), text)
        if found := pattern.search(plain):
            return at, found
    return None


def explained(texts):
    """The texts of a notebook with every word explained where it is first used."""
    texts = [LINK.sub(r"\1", text) for text in texts]
    for word, meaning in meanings().items():
        if (place := first(word, texts)) and not place[1][1].endswith("**"):
            at, found = place
            link = f'[{found[2]}]({TABLE} "{meaning}")'
            texts[at] = texts[at][: found.start(2)] + link + texts[at][found.end(2) :]
    return texts


def texts(notebook):
    """The Markdown cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def main():
    """Write the links into all chapters."""
    for path in NOTEBOOKS[1:]:
        notebook = nbformat.read(path, as_version=4)
        cells = texts(notebook)
        for cell, text in zip(cells, explained([cell.source for cell in cells]), strict=True):
            cell.source = text
        nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
