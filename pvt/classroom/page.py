"""The page of a class: one HTML file, to be shown or kept."""

import re

from markupsafe import Markup

from pvt import report, template
from pvt.claims import FAILS, HOLDS
from pvt.classroom import counting
from pvt.views.quiz import marked

TITLE = "What the class has found"
HOME = re.compile(r"((?:/home/|/Users/|\\Users\\)+)[^/\\\s<>&'\"]+")  # in what an exercise said
FEW = 5  # machines that differ are unfolded, if they are no more than this
STYLE = """
.bar { display: block; height: .8em; min-width: 1px; background: #0072b2; border: 1px solid #0072b2; }
.bar.came { background: repeating-linear-gradient(135deg, #b35900 0 3px, transparent 3px 6px); border-color: #b35900; }
td.figure { white-space: nowrap; width: 14em; } caption { text-align: left; padding: 4px 0; }
""".strip()


def page(gathered, names=False):
    """The whole file. With `names` it says who handed in what; without, hand-ins have numbers
    and files no names."""
    numbers = {file: f"hand-in {at}" for at, file in enumerate(gathered.parcels, 1)}
    who = {file: one.name for file, one in gathered.parcels.items()} if names else numbers
    inside = template.render(
        "classroom/page.html",
        title=TITLE,
        count=len(gathered.parcels),
        machines=len(machines(gathered.parcels)),
        left_out=gathered.left_out,
        names=names,
        who=who,
        labs=counting.labs(gathered.parcels),
        claims=counting.claims(gathered.parcels),
        questions=counting.asked(gathered.parcels),
        exercises=counting.exercises(gathered.parcels),
        few=FEW,
        words={HOLDS: "✔ holds", FAILS: "✘ fails"},
        marked=lambda text: Markup(marked(text)),
    )
    inside = inside if names else HOME.sub(r"\1…", inside)
    style = Markup("\n".join([report.STYLE, report.TABLE, STYLE]))
    return template.render("learner/file.html", title=TITLE, style=style, inside=Markup(inside))


def machines(parcels):
    """(who, machine) for each machine of the class, whatever its Python."""
    return {(who, row["machine"]) for who, one in parcels.items() for row in one.rows}


def summary(gathered):
    """The page in some lines for a terminal; here the files that are left out are always named."""
    labs, claims = counting.labs(gathered.parcels), counting.claims(gathered.parcels)
    right, decided = sum(one.right for one in labs), sum(one.decided for one in labs)
    apart = [one for one in claims if one.held and one.failed]
    lines = [f"{len(gathered.parcels)} hand-ins, {len(machines(gathered.parcels))} machines."]
    lines.append(f"{right} of {decided} first predictions came out as predicted.")
    lines.append(f"{len(claims)} claims looked at; machines differ about {len(apart)}:")
    lines += [f"  {one.id}: held in {one.held} of {one.machines} machines" for one in apart]
    if gathered.left_out:
        lines.append(f"{len(gathered.left_out)} files left out:")
        lines += [f"  {name}: {why}" for name, why in gathered.left_out]
    return "\n".join(lines)
