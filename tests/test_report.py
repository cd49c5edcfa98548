"""The page of verdicts: everything escaped, nothing from outside, readable in both themes and by
ear."""

import re

from contrast import contrast
from markupsafe import escape
from test_recorded import made, one

from pvt import ledger, recorded, report


def test_a_page_shows_every_record_beside_the_lesson():
    html = report.page({"This machine": made(one()), "Recorded 1": made(one("fails"))}, "Title")
    assert html.count('scope="col"') == 3
    assert "✔ holds" in html
    assert "✘ fails" in html
    assert "Recorded 1 says the opposite of 1." in html
    assert "It is &lt;so&gt;." in html
    assert html.count("</script>") == 1  # what a record says ends nothing


def test_a_page_needs_nothing_from_outside():
    html = report.page({"A": made(one())}, "Title")
    assert not re.search(r"(src|href)=|url\(|@import", html)
    assert '<html lang="en">' in html


def test_not_decided_is_no_opposite():
    assert "opposite of 0" in report.summary({"A": made(one()), "B": made(one("not decided"))})


def test_rows_are_in_the_order_of_the_chapters():
    html = report.part({}, [one(claim="race.x"), one(claim="process.x"), one(claim="new.x")])
    assert re.findall(r"<small>(.*?)</small>", html) == ["process.x", "race.x", "new.x"]


def test_the_lesson_stands_beside_its_claim():
    assert "The lesson: 1–10 µs; elsewhere 10–30 µs." in report.part(
        {}, [one(claim="switch.process-1-10us")]
    )


def test_a_claim_that_one_record_lacks_is_a_dash():
    assert "<td>–</td></tr>" in report.part({"A": made(one()), "B": made()}, [one()])


def test_themes_stand_out():
    blocks = re.findall(r"--ink: (#\w+); --soft: (#\w+); --paper: (#\w+)", report.STYLE)
    assert len(blocks) == 3  # light, dark, print
    for block in blocks:
        ink, soft, paper = (f"#{''.join(2 * digit for digit in colour[1:])}" for colour in block)
        assert contrast(ink, paper) >= 4.5
        assert contrast(soft, paper) >= 4.5


def test_two_records_are_compared_in_text():
    lines = report.compared(made(one(), one(claim="c.d")), made(one("fails"), one(claim="e.f")))
    assert "a.b: It is <so>." in lines
    assert any(line.startswith("  B ✘ fails") for line in lines)
    assert lines[-1] == "The same verdict on 0 of 1 claims; 2 are in one file only."


def test_a_verdict_stands_only_beside_the_sentence_it_was_given_for():
    new = one()._replace(says="It is <not> so.")
    html = report.part({"A": made(new), "B": made(one("fails"))}, [new])
    assert "Judged when the sentence was: “It is &lt;so&gt;.”<br>" in html
    assert html.count("Judged when") == 1


def test_verdicts_on_different_sentences_are_not_compared():
    new = one("fails")._replace(says="It is not so.")
    text = report.summary({"A": made(new), "B": made(one())})
    assert "B says the opposite of 0. In 1 cases it judged another sentence" in text
    assert report.compared(made(new), made(one()))[-1].endswith(
        "on 0 of 0 claims; 0 are in one file only, and 1 have another sentence in each."
    )


def test_what_is_shipped_shows_the_sentence_of_its_day():
    """Sentences change after a recording; the old verdict must not stand beside the new one."""
    now = {claim.id: claim for _, claim in ledger.find([])}
    for record in recorded.references():
        old = [
            entry
            for entry in record.entries
            if entry.id in now and entry.says != now[entry.id].says
        ]
        html = report.part(
            {"Recorded": record}, [now[entry.id] for entry in record.entries if entry.id in now]
        )
        assert html.count("Judged when the sentence was:") == len(old)
        assert all(escape(entry.says) in html for entry in old)
