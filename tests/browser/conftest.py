"""A real JupyterLab and a real Chromium, started once for all browser tests."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "screenshots"
TOKEN = "browser-tests"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync"
)
READY = """() => {
  const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === 'idle';
}"""
# The cells that have not run, by their prompt and their first line.
UNDONE = """[...document.querySelectorAll('.jp-CodeCell')]
    .filter(cell => cell.querySelector('.cm-content')?.textContent.trim())
    .map(cell => [cell.querySelector('.jp-InputPrompt')?.textContent ?? '',
                  cell.querySelector('.cm-line')?.textContent])
    .filter(([prompt]) => !/\\[\\d+\\]/.test(prompt))"""
# Private folders, so that no setting of the machine's user is read or changed.
PRIVATE = (
    "JUPYTER_CONFIG_DIR JUPYTER_DATA_DIR JUPYTER_RUNTIME_DIR JUPYTERLAB_SETTINGS_DIR"
    " JUPYTERLAB_WORKSPACES_DIR"
)


def chromium():
    """The browser, or None."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def pytest_itemcollected(item):
    """Beside other tests a page would be drawn late."""
    item.add_marker(pytest.mark.alone)
    if chromium() is None:
        item.add_marker(
            pytest.mark.skip(reason="no Chromium on this machine: apt install chromium")
        )


@pytest.fixture(scope="package")
def server_home(tmp_path_factory):
    """The folder of all that the server writes."""
    return tmp_path_factory.mktemp("jupyter")


@pytest.fixture(scope="package")
def server_record(server_home):
    """The path of the record that the notebooks in the browser write."""
    return server_home / "record" / "record.jsonl"


@pytest.fixture(scope="package")
def server(server_home, server_record):
    """The address of a JupyterLab that serves a copy of the notebooks."""
    home = server_home
    shutil.copytree(
        ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.port_retries": 0,
        "IdentityProvider.token": TOKEN,
        "ServerApp.root_dir": str(home / "notebooks"),
        "LabApp.expose_app_in_browser": True,
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--allow-root",
    ]
    command += [f"--{key}={value}" for key, value in options.items()]
    quiet = (
        home
        / "jupyterlab_settings_dir/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    )
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false"}')
    private = {name: str(home / name.lower()) for name in [*PRIVATE.split(), "IPYTHONDIR"]}
    private["PVT_RECORD"] = str(server_record)
    with open(home / "log", "w") as log:
        process = subprocess.Popen(
            command, env=os.environ | private, stdout=log, stderr=log, cwd=ROOT
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def notebooks(server, tmp_path_factory):
    """The folder that the server shows."""
    return tmp_path_factory.getbasetemp() / "jupyter0" / "notebooks"


def wait_for(address, process):
    """Until the server answers."""
    until = time.monotonic() + 40
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start")


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # a loaded machine draws a widget late
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=[*FLAGS.split(), "--no-first-run"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_notebook(browser, server):
    """A function that opens a notebook and gives its page, when the kernel is there."""
    pages = []

    def opened(name):
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        pages.append(page)
        page.set_default_timeout(30_000)
        page.goto(f"{server}/lab/tree/{name}.ipynb?reset&token={TOKEN}")
        page.wait_for_function(READY)
        return page

    yield opened
    for page in pages:
        page.close()


@pytest.fixture
def run_all():
    """A function that runs all cells of a page's notebook and waits for the last."""

    def ran(page, seconds=180):
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        try:
            page.wait_for_function(f"() => ({UNDONE}).length === 0", timeout=seconds * 1000)
        except Exception:
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SHOTS / "not-all-run.png")
            raise AssertionError(f"not run after {seconds} s: {page.evaluate(UNDONE)}") from None

    return ran


@pytest.fixture
def shoot():
    """A function that saves a screenshot, to be looked at."""

    def shot(target, name):
        SHOTS.mkdir(exist_ok=True)
        target.screenshot(path=SHOTS / f"{name}.png")

    return shot
