"""The notebooks as a reader meets them: honest times, short sentences, words explained, links
that lead there."""

import re

import nbformat
import pytest

from tests import prose, words

CHAPTERS = pytest.mark.parametrize("path", prose.NOTEBOOKS[1:], ids=lambda path: path.stem)
LONGEST = 25


@CHAPTERS
def test_the_top_gives_both_times_and_they_are_honest(path):
    core, everything = prose.times(path)
    sections = prose.sections(path)
    if not path.stem.startswith("13"):  # there the learner talks
        assert core == pytest.approx(sum(one.minutes for one in sections if one.core), rel=0.25)
    assert core <= 25
    assert everything == pytest.approx(sum(one.minutes for one in sections), rel=0.2)


@pytest.mark.parametrize("path", prose.NOTEBOOKS, ids=lambda path: path.stem)
def test_sentences_of_the_core_are_short(path):
    core = [
        one
        for section in prose.sections(path)
        if section.core
        for one in prose.sentences(section.text)
    ]
    long = [one for one in core if len(re.findall(r"\w[\w'’.,+-]*", one)) > LONGEST]
    assert core
    assert not long


@CHAPTERS
def test_deeper_sections_are_there_and_come_after_a_core(path):
    headings = [section.heading for section in prose.sections(path)]
    assert any(heading.startswith("Deeper: ") for heading in headings)
    assert not headings[1].startswith("Deeper: ")


@CHAPTERS
def test_words_are_explained_where_they_are_first_used(path):
    """If this fails after a change: python -m tests.words writes the explanations anew."""
    texts = [cell.source for cell in words.texts(nbformat.read(path, as_version=4))]
    assert texts == words.explained(texts)


def test_every_word_of_the_table_is_used_and_explained_in_some_chapter():
    text = "\n".join(path.read_text() for path in prose.NOTEBOOKS[1:])
    for word, meaning in words.meanings().items():
        assert f'\\"{meaning}\\"' in text or re.search(
            rf"\*\*{re.escape(word)}", text, re.IGNORECASE
        ), word


@pytest.mark.parametrize("path", prose.NOTEBOOKS, ids=lambda path: path.stem)
def test_links_to_a_section_lead_to_a_heading(path):
    headings = {
        one.name: [section.heading for section in prose.sections(one)] for one in prose.NOTEBOOKS
    }
    for section in prose.sections(path):
        for file, anchor in re.findall(r"\]\(([\w.]*)#([^ )]+)", section.text):
            assert anchor in [
                heading.replace(" ", "-") for heading in headings[file or path.name]
            ], anchor


def test_each_cell_of_the_comparison_leads_to_the_verdict_it_names():
    (path,) = (one for one in prose.NOTEBOOKS if one.stem.startswith("02"))
    (table,) = (
        section
        for section in prose.sections(path)
        if section.heading == "How do processes and threads compare?"
    )
    links = re.findall(r'\[[^\]]+\]\(([\w.]*)#(\S+) "([\w.-]+)"\)', table.text)
    assert len(links) == 2 * sum(
        re.match(r"\| [a-z]", line) is not None for line in table.text.splitlines()
    )
    for file, anchor, claim in links:
        there = prose.sections(prose.FOLDER / file if file else path)
        (section,) = (one for one in there if one.heading.replace(" ", "-") == anchor)
        assert f'"{claim}"' in section.code, claim
