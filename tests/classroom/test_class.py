"""The page of a class says what is true of it: every figure against a class of known truth."""

import html
import json
import os
import re
import statistics
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from made_class import CLAIMS, EXERCISES, LABS, MACHINES, QUESTIONS, MadeClass

from pvt.classroom import counting, gathering, page, spread
from pvt.learner import parcel

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made():
    return MadeClass(300, seed=1)


@pytest.fixture
def folder(made, tmp_path):
    return made.write(tmp_path)


def shown(folder, **options):
    return page.page(gathering.gathered(folder), **options)


def table(text, mark):
    """The rows of the table (or the row) that begins with some text, as lists of cells without
    tags."""
    part = text[text.index(mark) :]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", part[: part.index("</table>")], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[plain(cell) for cell in row] for row in cells]


def plain(cell):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell))).strip()


def equals_the_truth(text, truth):
    """Every figure of a page against what was counted when its class was made."""
    for name, answers in LABS.items():
        rows = {row[0]: row[1:] for row in table(text, f'data-lab="{name}"')}
        for answer in answers:
            assert rows[answer] == [
                str(truth.predicted[name][answer]),
                str(truth.came[name][answer]),
            ]
        assert rows["I cannot tell yet"][0] == str(truth.predicted[name]["I cannot tell yet"])
        sure = sum(truth.predicted[name].values()) - truth.predicted[name]["I cannot tell yet"]
        assert f"{truth.right[name]} of {sure} that were decided came out as predicted" in plain(
            text[text.index(f'data-lab="{name}"') :][:600].partition(">")[2]
        )
    claims = {row[0].split()[-1]: row[1:] for row in table(text, 'id="claims"')}
    for claim in CLAIMS:
        counts, cells = truth.verdicts[claim], claims[claim]
        assert cells[0] == f"{counts['holds']} of {sum(counts.values())}"
        assert cells[1:3] == [str(counts["fails"]), str(counts["not decided"])]
        for value in counts:
            figures = truth.figures[claim, value]
            three = [statistics.median(figures), min(figures), max(figures)]
            middle, low, high = (spread.spoken(number, "time") for number in three)
            assert (
                f"2 threads took {middle} ({low} to {high}) each. ({counts[value]} say so)"
                in cells[3]
            )
        differ = "fails" if counts["holds"] >= counts["fails"] else "holds"
        assert len(re.findall("|".join(map(re.escape, MACHINES)), cells[4])) == counts[differ]
    questions = {row[0].rpartition(" chapter")[0]: row[1:] for row in table(text, 'id="questions"')}
    for question in QUESTIONS:
        missed, wrong, explained = questions[question]
        assert missed == f"{truth.missed[question]} of {truth.answered[question]}"
        most = max(truth.wrong[question].values())
        words = wrong.partition(" (")[0]
        assert (truth.wrong[question][words], wrong) == (most, f"{words} ({most})")
        assert explained == f"Why not {words}?"
    exercises = {row[0]: row[1:] for row in table(text, 'id="exercises"') if row}
    for name in EXERCISES:
        missed = truth.tried[name] - truth.solved[name]
        assert exercises[name][0] == f"{missed} of {truth.tried[name]}"
        assert exercises[name][1] == f"{statistics.median(truth.tries[name]):g}"
        assert exercises[name][2].endswith(f"additions are lost. ({missed})")


def test_every_figure_of_300_hand_ins_is_true(folder, made):
    text = shown(folder)
    assert "300 hand-ins, 300 machines." in text
    assert 'id="left-out"' not in text
    equals_the_truth(text, made)


def test_every_figure_is_true_where_5_percent_are_damaged(tmp_path):
    made = MadeClass(300, seed=2)
    made.write(tmp_path)
    spoiled = sorted(made.texts)
    for number in range(15):
        other = MadeClass(1, seed=100 + number)
        text = next(iter(other.texts.values())).replace("Learner 0", f"Broken {number}")
        path = tmp_path / f"broken_{number:02}.json"
        path.write_text(text if number % 2 else text[: len(text) // 2], "utf-8")
    found = gathering.gathered(tmp_path)
    assert [name for name, _ in found.left_out] == [
        f"broken_{number:02}.json" for number in range(15)
    ]
    assert all(why.startswith("damaged") for _, why in found.left_out)
    assert sorted(found.parcels) == spoiled
    equals_the_truth(page.page(found), made)


def test_the_command_takes_less_than_ten_seconds_for_300(folder, tmp_path):
    """Seconds on a core, so that it says the same beside other work; it takes about one."""
    begin = spent_by_children()
    out = tmp_path / "page" / "class.html"
    out.parent.mkdir()
    command = [sys.executable, "-m", "pvt", "class", str(folder), "--html", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "300 hand-ins, 300 machines." in done.stdout
    assert out.read_text("utf-8").startswith("<!doctype html>")
    assert spent_by_children() - begin < 10


def spent_by_children():
    times = os.times()
    return times.children_user + times.children_system


def test_damaged_foreign_and_doubled_files_are_named_and_left_out(tmp_path):
    made = MadeClass(4, seed=3)
    made.write(tmp_path)
    texts = list(made.texts.values())
    (tmp_path / "again.json").write_text(texts[0])
    (tmp_path / "notes.txt").write_text("milk")
    (tmp_path / "other.json").write_text("[]")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "cut.json").write_text(texts[1][:-40])
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "copied.json").write_text(resealed(texts[2], name="Somebody else"))
    (tmp_path / "sub" / "old.json").write_text(
        resealed(texts[3], date="2025-01-01T00:00:00+00:00", rows=[])
    )
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "learner_000.json").write_text(texts[0])
    left_out = dict(gathering.gathered(tmp_path).left_out)
    assert left_out == {
        "cut.json": "damaged: not whole",
        "learner_000.json": "doubled: the same as again.json",
        "notes.txt": "foreign: not made by pvt.hand_in",
        "other.json": "foreign: not made by pvt.hand_in",
        "picture.png": "foreign: not made by pvt.hand_in",
        "sub/copied.json": "doubled: holds the same record as learner_002.json",
        "sub/old.json": "doubled: an older one of the same name as learner_003.json",
    }
    assert all(name in page.summary(gathering.gathered(tmp_path)) for name in left_out)


def resealed(text, **changed):
    """A hand-in with other contents and a checksum that fits."""
    inside = json.loads(text) | changed
    inside["checksum"] = parcel.checksum(inside)
    return json.dumps(inside)


def test_rows_that_nobody_knows_are_left_out_and_the_rest_counts(tmp_path):
    made = MadeClass(40, seed=4)
    strange = [7, None, {"dream": 1}, {"lab": "race"}, {"verdict": "x", "value": "maybe"}]
    for name, text in made.texts.items():
        rows = json.loads(text)["rows"]
        (tmp_path / name).write_text(resealed(text, rows=[*strange, *rows]))
    equals_the_truth(shown(tmp_path), made)


def test_names_are_there_only_by_choice(tmp_path):
    made = MadeClass(30, seed=5)
    made.write(tmp_path)
    (tmp_path / "Ann_Lee.json").write_text("{}")
    without, with_names = shown(tmp_path), shown(tmp_path, names=True)
    assert "Learner" not in without and "learner_" not in without and "Ann" not in without
    assert re.search(r"<li>hand-in \d+: ", without)
    assert re.search(r"<li>Learner \d+: ", with_names) and "Ann_Lee.json" in with_names


def test_what_was_handed_in_is_escaped(tmp_path):
    made = MadeClass(1, seed=6)
    (text,) = made.texts.values()
    nasty = "<script>alert(1)</script>"
    text = resealed(text.replace("2 cores", nasty).replace("AMD", nasty), name=nasty)
    (tmp_path / "one.json").write_text(text)
    assert "<script>alert" not in shown(tmp_path, names=True)


def test_a_file_of_verdicts_in_a_hand_in_counts_as_a_machine(tmp_path):
    from pvt import recorded

    reference = recorded.references()[0]
    made = parcel.Parcel("Ann", "2026-03-01T10:00:00+00:00", [], reference.lines(), {})
    (tmp_path / "ann.json").write_text(made.text())
    claims = {one.id: one for one in counting.claims(gathering.gathered(tmp_path).parcels)}
    assert len(claims) == len(reference.entries)
    for entry in reference.entries:
        found = claims[entry.id]
        counts = {"holds": found.held, "fails": found.failed, "not decided": found.undecided}
        assert {value for value, count in counts.items() if count} == {entry.value}


def test_an_empty_class_has_a_page(tmp_path):
    assert "Nobody has predicted anything." in shown(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is no folder"):
        gathering.gathered(tmp_path / "none")


@pytest.mark.parametrize(
    ("texts", "joined", "count"),
    [
        ([], "", 0),
        (["4 of 4 tasks."], "4 of 4 tasks.", 1),
        (["4 of 4 tasks.", "4 of 4 tasks."], "4 of 4 tasks.", 2),
        (["took 800 ns.", "took 1.2 µs."], "took 1 µs (800 ns to 1.2 µs).", 2),
        (["1,000 lost", "3,000 lost", "2,000 lost"], "2,000 (1,000 to 3,000) lost", 3),
        (["31.5 MiB", "1 GiB", "64 MiB"], "64 MiB (31.5 MiB to 1 GiB)", 3),
        (["other", "5 a", "7 a"], "6 (5 to 7) a", 2),
        (["Python 3.12.1 lost 5", "Python 3.12.1 lost 6"], "Python 3.12.1 lost 5.5 (5 to 6)", 2),
    ],
)
def test_sentences_that_differ_in_figures_are_joined(texts, joined, count):
    assert spread.commonest(texts) == (joined, count)


def test_the_page_can_be_followed_without_seeing_it(folder):
    text = shown(folder)
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    assert all('scope="' in cell for cell in re.findall(r"<th[ >][^>]*>?", text))
    assert text.count("<caption>") == text.count("<table")


def test_half_a_character_in_one_file_does_not_spoil_the_page(tmp_path):
    made = MadeClass(3, seed=1)
    made.write(tmp_path)
    path = next(tmp_path.glob("*.json"))
    told = json.loads(path.read_text("utf-8"))
    told["name"] = "\ud800"
    told["checksum"] = parcel.checksum(told)
    path.write_text(json.dumps(told), "utf-8")
    found = gathering.gathered(tmp_path)
    assert found.left_out == [(path.name, "damaged: not whole")]
    assert page.page(found, names=True).encode()


DAY = "2026-03-01T10:00:00+00:00"
ROW = {"date": DAY, "machine": "2 cores, Linux, x", "python": "3.12.1"}
MISSED = {"question": "Why?", "chapter": "04", "claim": "", "right": False, "reply": "No."}
VERDICT = {"verdict": "race.exact", "says": "It is.", "value": "holds", "because": "10 of 10"}
FACTS = {"cores": 2, "gil": True, "system": "Linux", "processor": "x", "python": "3.12.1"}
LATE = json.dumps({"facts": FACTS, "date": 5, "command": ""})
STRANGE = {
    "a number without end": ([MISSED | ROW | {"answer": 10**400}], ""),
    "half a character": ([MISSED | ROW | {"answer": "\ud800"}], ""),
    "a date that is none": ([], LATE),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_hand_in_that_cannot_be_counted_does_not_end_the_page(name, tmp_path):
    rows, verdicts = STRANGE[name]
    for who, made in ("Ann", ([VERDICT | ROW], "")), ("Bob", (rows, verdicts)):
        (tmp_path / f"{who}.json").write_text(parcel.Parcel(who, DAY, *made, {}).text())
    gathered = gathering.gathered(tmp_path)
    assert [*gathered.parcels, *dict(gathered.left_out)] == ["Ann.json", "Bob.json"]
    assert page.summary(gathered) and page.page(gathered, names=True).encode()


def test_two_pythons_are_one_machine(tmp_path):
    rows = [VERDICT | ROW, VERDICT | ROW | {"python": "3.13.0"}]
    (tmp_path / "ann.json").write_text(parcel.Parcel("Ann", DAY, rows, "", {}).text())
    gathered = gathering.gathered(tmp_path)
    assert (
        counting.claims(gathered.parcels)[0].machines == 1 == len(page.machines(gathered.parcels))
    )


def test_a_name_is_one_however_its_letters_are_put_together(tmp_path):
    for file, name in ("a", "Jos\u00e9"), ("b", "Jose\u0301"):
        rows = [VERDICT | ROW | {"because": file}]
        (tmp_path / f"{file}.json").write_text(parcel.Parcel(name, DAY, rows, "", {}).text())
    assert len(gathering.gathered(tmp_path).parcels) == 1


def test_a_home_folder_in_what_an_exercise_said_names_nobody(tmp_path):
    row = {"exercise": "race", "solved": False, "text": "", "because": "no /home/ann.lee/x"} | ROW
    (tmp_path / "a.json").write_text(parcel.Parcel("Ann", DAY, [row], "", {}).text())
    assert "ann.lee" not in shown(tmp_path)
    assert "ann.lee" in shown(tmp_path, names=True)
