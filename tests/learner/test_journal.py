"""The file of the learner's record: nothing lost, nothing torn by us, nothing that stops the
lesson."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from pvt.learner import appending, journal

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pvt.learner import journal
for number in range(int(sys.argv[2])):
    assert journal.note("exercise", sys.argv[1], solved=True, because=f"{number} " + "x" * 3000, text="") == ""
"""


def noted(name="race", **changed):
    return journal.note(
        "exercise",
        name,
        **({"solved": True, "because": "Right.", "text": "def f(): ..."} | changed),
    )


def test_no_test_writes_into_the_record_of_whoever_runs_it():
    assert journal.path() is None


def test_a_row_says_what_was_done_when_and_where(record):
    assert noted() == ""
    (row,) = journal.read().rows
    assert (row["exercise"], row["solved"]) == ("race", True)
    assert journal.moment(row["date"]).tzinfo
    assert row["python"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}.")
    assert sys.platform in row["machine"] and "core" in row["machine"]


def test_it_is_kept_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("PVT_RECORD")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert journal.path().name == "record.jsonl"
    assert "pvt" in journal.path().parts


def test_off_keeps_nothing(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert noted() == ""
    assert list(tmp_path.iterdir()) == []
    assert journal.read().rows == []


def test_a_copy_that_runs_by_itself_keeps_nothing_of_the_users(monkeypatch):
    monkeypatch.delenv("PVT_RECORD")
    monkeypatch.setenv("PVT_AUTORUN", "1")
    assert journal.path() is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_others_may_not_read_it(record):
    noted()
    assert record.stat().st_mode & 0o077 == 0


def test_two_kernels_at_once_lose_no_line_in_1000(record):
    each = 500
    env = os.environ | {"PVT_RECORD": str(record)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name, str(each)], env=env)
        for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    found = journal.read()
    assert (found.torn, found.unknown, len(found.rows)) == (0, 0, 2 * each)
    for name in ("one", "two"):
        mine = [int(row["because"].split()[0]) for row in found.rows if row["exercise"] == name]
        assert mine == list(range(each))


def test_two_notebooks_at_once_lose_no_line_in_1000(record, tmp_path):
    """Two real kernels; each of five cells notes a hundred lines."""
    running = []
    for name in ("one", "two"):
        first = "from pvt.learner import journal"
        cell = (
            "for _ in range(100):\n"
            f"    assert not journal.note('exercise', '{name}', solved=True, because='', text='')"
        )
        cells = [nbformat.v4.new_code_cell(text) for text in (first, *[cell] * 5)]
        file = tmp_path / f"{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
        command = [sys.executable, "-m", "jupyter", "execute", str(file)]
        running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
    assert [one.wait(120) for one in running] == [0, 0]
    found = journal.read()
    assert (found.torn, found.unknown) == (0, 0)
    assert Counter(row["exercise"] for row in found.rows) == {"one": 500, "two": 500}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_pipe_in_place_of_the_record_is_refused_and_nobody_waits(record):
    record.parent.mkdir(exist_ok=True)
    os.mkfifo(record)
    assert "it is a pipe and no file" in noted()
    assert journal.read().rows == [] and journal.last("race", {}) is None
    assert journal.forget() == 0


def test_one_who_holds_the_lock_for_ever_stops_nobody(record, monkeypatch):
    noted("first")
    monkeypatch.setattr(appending, "PATIENCE", 0.05)
    number = os.open(record, os.O_RDWR)
    appending.take(number)
    try:
        assert noted("second") == ""
    finally:
        os.close(number)
    assert [row["exercise"] for row in journal.read().rows] == ["first", "second"]


def test_a_torn_last_line_costs_only_itself(record):
    noted("first")
    with open(record, "ab") as file:
        file.write(b'{"exercise": "torn", "sol')
    noted("second")
    found = journal.read()
    assert [row["exercise"] for row in found.rows] == ["first", "second"]
    assert found.torn == 1


def test_lines_of_a_newer_version_are_kept_and_left_out(record):
    newer = (
        b'{"dream": "of threads", "date": "2031-01-01T00:00:00+00:00"}\n{"exercise": "race",'
        b' "solved": 7}\n'
    )
    record.parent.mkdir()
    record.write_bytes(newer)
    noted()
    assert record.read_bytes().startswith(newer)
    found = journal.read()
    assert (len(found.rows), found.unknown) == (1, 2)


@pytest.mark.parametrize(
    "line", ["[1]", "7", "null", '"x"', "{}", "[" * 100_000, "\\udcff", '{"exercise": "race"}']
)
def test_a_strange_line_is_no_row(line):
    found = journal.reading(line.encode())
    assert found.rows == []
    assert found.unknown + found.torn == 1


@pytest.mark.parametrize("date", ["yesterday", "0001-01-01T00:00:00+14:00", ""])
def test_a_row_without_a_real_date_is_none(record, date):
    noted()
    row = journal.read().rows[0] | {"date": date}
    assert journal.reading(json.dumps(row).encode()).rows == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence(monkeypatch):
    monkeypatch.setenv("PVT_RECORD", "/dev/full")
    fields = noted()
    assert (
        "could not be written to /dev/full (No space left on device). The lesson goes on" in fields
    )


def test_a_disk_that_fills_up_leaves_no_half_line(record):
    """A limit on the file's size stands for the full disk: the system then writes only a part."""
    resource = pytest.importorskip("resource")
    noted("first")
    size = record.stat().st_size
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 40}, {size + 40}));"
        "from pvt.learner import journal; print(journal.note('exercise', 'second', solved=True,"
        " because='', text=''))"
    )
    assert resource
    env = os.environ | {"PVT_RECORD": str(record)}
    fields = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60
    ).stdout
    assert "The lesson goes on without it." in fields
    assert record.stat().st_size == size


def test_a_folder_that_is_none_is_a_sentence(record):
    record.parent.write_text("a file")
    assert "could not be written" in noted()


def test_the_last_run_of_a_lab_is_found_by_its_settings(record):
    fields = {"params": {}, "predicted": None, "thought": "", "sentence": "", "ending": "finished"}
    journal.note("lab", "race", settings={}, came="first", **fields)
    journal.note("lab", "race", settings={}, came="second", **fields)
    journal.note("lab", "race", settings={"workers": 2}, came="third", **fields)
    journal.note("exercise", "race", solved=True, because='"lab": "race"', text="")
    assert journal.last("race", {})["came"] == "second"
    assert journal.last("race", {"workers": 2})["came"] == "third"
    assert journal.last("race", {"workers": 3}) is None
    assert journal.last("memory", {}) is None


def test_forget_deletes_it(record):
    noted()
    noted()
    assert journal.forget() == 2
    assert not record.exists()
    assert journal.forget() == 0
    assert noted() == ""


def test_writing_needs_only_the_standard_library_and_platformdirs():
    heavy = ("IPython", "matplotlib", "ipywidgets", "jinja2")
    code = (
        f"import sys; import pvt.learner.journal; print([m for m in {heavy} if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert answer.stdout == "[]\n"


def test_nuls_and_halves_of_characters_are_damaged_and_the_rest_is_read(record):
    noted(text="a whole one: 🧵")
    whole = record.read_bytes()
    half = whole.replace(b'"Right."', rb'"\ud83e"')
    record.write_bytes(bytes(5000) + b"\n" + whole + half + whole[:9] + b"\0" + whole[9:])
    read = journal.read()
    assert ([row["text"] for row in read.rows], read.torn) == (["a whole one: 🧵"], 3)
    assert noted() == ""
    assert len(journal.read().rows) == 2


@pytest.mark.parametrize("word", ["off", "OFF", " Off "])
def test_off_is_off_in_any_case(word, monkeypatch):
    monkeypatch.setenv("PVT_RECORD", word)
    assert journal.path() is None


def test_the_home_of_nobody_is_a_path_like_any_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PVT_RECORD", "~nobodyhere/record.jsonl")
    assert noted() == "" and len(journal.read().rows) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_what_a_link_leads_to_is_forgotten(record, tmp_path, monkeypatch):
    noted()
    link = tmp_path / "link.jsonl"
    link.symlink_to(record)
    monkeypatch.setenv("PVT_RECORD", str(link))
    assert journal.forget() == 1
    assert not record.exists()
    assert journal.trouble() == "" and journal.forget() == 0
    assert noted() == "" and len(journal.read().rows) == 1


def test_bytes_that_are_no_text_are_torn(record):
    noted()
    whole = record.read_bytes()
    record.write_bytes(whole + whole.replace(b"Right.", b"\xed\xa0\x80"))
    found = journal.read()
    assert (len(found.rows), found.torn) == (1, 1)


@pytest.mark.parametrize("way", ["folder", "pipe", "loop"])
def test_a_record_that_cannot_be_read_is_a_sentence(way, record):
    import pvt

    if way == "pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name")
    record.parent.mkdir(exist_ok=True)
    if way == "folder":
        record.mkdir()
    elif way == "pipe":
        os.mkfifo(record)
    else:
        record.symlink_to(record)
    for text in (str(pvt.record()), str(pvt.begin("04"))):
        assert "cannot be read" in text or "is no ordinary file" in text
        assert "Nothing is done" not in text
