"""Records side by side as one HTML file: to keep, to print, to hand in, and to be compared with
another."""

from itertools import groupby

from markupsafe import Markup

from pvt import recorded, template
from pvt.claims import UNDECIDED
from pvt.ledger import label, mark, place, topic

STYLE = """
:root { color-scheme: light dark; --ink: #222; --soft: #555; --paper: #fff; --shade: #f0f0f0; --line: #8a8a8a; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --soft: #bbb; --paper: #111; --shade: #262626; } }
@media print { :root { --ink: #000; --soft: #333; --paper: #fff; --shade: #fff; } @page { size: landscape; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 1.5em auto;
  max-width: 110em; padding: 0 1em; }
h1 { font-size: 150%; } .soft, small { color: var(--soft); } dt { font-weight: bold; } dd { margin: 0 0 .4em; }
""".strip()
TABLE = """
.pvt-table { border-collapse: collapse; width: 100%; font-size: 93%; line-height: 1.45; }
.pvt-table th, .pvt-table td { text-align: left; vertical-align: top; white-space: normal; padding: 6px 10px;
  border-bottom: 1px solid #8a8a8a; max-width: 26em; overflow-wrap: anywhere; }
.pvt-table th { font-weight: normal; } .pvt-table thead th, .pvt-table tbody th[scope="rowgroup"] { font-weight: bold; }
.pvt-table tr { break-inside: avoid; } .pvt-table thead { display: table-header-group; }
""".strip()


def page(columns, title):
    """The whole file: `columns` maps a heading to a record. The first record is in it as data
    too, to be read again."""
    first = next(iter(columns.values()))
    data = first.lines().replace("<", "\\u003c")  # so that nothing in it ends the script
    style = Markup(f"{STYLE}\n{TABLE}")
    parts = {"title": title, "style": style, "summary": summary(columns), "data": Markup(data)}
    return rendered(columns, first.entries, whole=True, **parts)


def part(columns, claims):
    """The same without the frame of a page: each record's machine, and a row for each of these
    claims (or entries)."""
    return rendered(columns, claims, whole=False, style=Markup(TABLE))


def rendered(columns, claims, **parts):
    """The template with these records, and the verdicts of each on these claims, topic by topic."""
    answers = [{entry.id: entry for entry in one.entries} for one in columns.values()]
    lesson = recorded.lesson()
    topics = [
        (
            name,
            [
                (one, lesson.get(one.id), [cell(by_id.get(one.id), one.says) for by_id in answers])
                for one in mine
            ],
        )
        for name, mine in groupby(sorted(claims, key=place), topic)
    ]
    return template.render(
        "report.html", columns=columns, heads=["Claim", *columns], topics=topics, **parts
    )


def beside(record):
    """A record, if there is one yet, and those that come with this package."""
    shipped = {f"Recorded {at}": one for at, one in enumerate(recorded.references(), 1)}
    return {"This machine": record} | shipped if record else shipped


def summary(columns):
    """How much the first record decides, how often the others say the opposite, and of how many
    older sentences."""
    (_, first), *others = columns.items()
    decided = sum(entry.value != UNDECIDED for entry in first.entries)
    parts = [f"{decided} of {len(first.entries)} claims decided."]
    for name, other in others:
        values = [(one.value, two.value) for one, two in pairs(first, other)]
        flipped = sum(one != two and UNDECIDED not in (one, two) for one, two in values)
        parts.append(f"{name} says the opposite of {flipped}.{older(first, other)}")
    return " ".join([*parts, "Not decided is no fault: the reason stands beside it."])


def pairs(first, other):
    """The entries that two records have in common: verdicts on the same sentence."""
    theirs = {entry.id: entry for entry in other.entries}
    both = [(entry, theirs[entry.id]) for entry in first.entries if entry.id in theirs]
    return [(one, two) for one, two in both if one.says == two.says]


def older(first, other):
    """How many verdicts of the other record were given on another sentence; nothing if none was."""
    theirs = {entry.id: entry.says for entry in other.entries}
    count = sum(theirs.get(entry.id, entry.says) != entry.says for entry in first.entries)
    return (
        f" In {count} cases it judged another sentence, which stands with its verdict."
        if count
        else ""
    )


def cell(entry, says):
    """(older sentence, verdict, why) of one record on a claim; Nones where it has none.

    A verdict on another sentence than this stands with that sentence.
    """
    if not entry:
        return None, None, None
    return entry.says if entry.says != says else None, mark(entry.value), entry.because


def compared(first, other):
    """Two records as text: what differs, then how much is the same."""
    both = pairs(first, other)
    lines = [f"A  {first.title}, {first.date}", f"B  {other.title}, {other.date}", ""]
    for one, two in both:
        if one.value != two.value:
            lines += [f"{one.id}: {one.says}", f"  A {label(one.value)}: {one.because}"]
            lines += [f"  B {label(two.value)}: {two.because}", ""]
    same = sum(one.value == two.value for one, two in both)
    shared = {entry.id for entry in first.entries} & {entry.id for entry in other.entries}
    alone = len(first.entries) + len(other.entries) - 2 * len(shared)
    ended = f"The same verdict on {same} of {len(both)} claims; {alone} are in one file only"
    changed = len(shared) - len(both)
    return [*lines, ended + (f", and {changed} have another sentence in each." if changed else ".")]
