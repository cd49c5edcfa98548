"""The book: built as a reader gets it, looked at by an HTML parser and by axe-core.

Where a copy of axe-core is: AXE=path/to/axe.min.js (npm pack axe-core); without it that test is
skipped.
"""

import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

ROOT = Path(__file__).parents[2]
LIMIT = 12 * 60  # seconds on two cores, as promised
pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
pytest.importorskip("sphinx_book_theme", reason="needs the packages of the book: make book")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The folder of a book that was built from nothing, and the seconds that it took."""
    out, begin = tmp_path_factory.mktemp("book"), time.monotonic()
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "1"]
    folders = ["-c", "notebooks/book", "-b", "html", "notebooks", str(out)]
    done = subprocess.run([*command, *folders], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    print(f"\nbuilt in {time.monotonic() - begin:.0f} s (promised: {LIMIT} s on two cores)")
    return out


class Page(HTMLParser):
    """What a page links to, the names that it can be linked by, and its pictures' texts."""

    def __init__(self, path):
        super().__init__()
        self.names, self.links, self.texts = set(), [], []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.names |= {told[key] for key in ("id", "name") if told.get(key)}
        self.links += [told[key] for key in ("href", "src") if told.get(key)]
        if tag == "img" and told.get("src", "").startswith("data:"):
            self.texts.append(told.get("alt"))
        if tag == "svg" and told.get("role") == "img":
            self.texts.append(told.get("aria-label"))


def test_no_link_inside_the_book_is_broken(book):
    pages = {path: Page(path) for path in book.rglob("*.html")}
    broken = [
        f"{path.relative_to(book)}: {link}"
        for path, page in pages.items()
        for link in page.links
        if not re.match(r"[a-z]+:|//", link) and not leads_somewhere(path, link, pages)
    ]
    assert broken == []


def leads_somewhere(path, link, pages):
    place, name = urldefrag(link)
    target = path.parent / unquote(place.partition("?")[0]) if place else path
    target = target.resolve()
    return target.exists() and (
        not name or target not in pages or unquote(name) in pages[target].names
    )


def test_each_lab_shows_the_picture_of_this_run_with_a_text(book):
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        labs = path.read_text("utf-8").count('pvt.lab(\\"')
        page = Page(book / f"{path.stem}.html")
        assert len(page.texts) >= labs and all(page.texts), path.stem
        assert "This copy ran by itself on" in (book / f"{path.stem}.html").read_text("utf-8")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(book, scheme):
    from tests.browser.conftest import FLAGS, chromium

    axe = Path(os.environ.get("AXE", "axe.min.js"))
    if not axe.exists() or chromium() is None:
        pytest.skip("needs Chromium and axe-core: AXE=path/to/axe.min.js")
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
        for path in sorted([*book.glob("*.html"), *book.glob("book/*.html")]):
            if path.name in ("index.html", "genindex.html"):
                continue
            page.goto(path.as_uri())
            page.evaluate(axe.read_text("utf-8"))
            told = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
            found += [
                (path.name, one["id"], one["nodes"][0]["html"])
                for one in told["violations"]
                if one["impact"] in ("serious", "critical")
            ]
        browser.close()
    assert found == []
