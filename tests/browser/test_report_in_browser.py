"""A built report in a real browser: it shows, loads nothing, follows light and dark, and prints."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import devtools
import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report

FLAGS = [*devtools.QUIET, "--enable-logging=stderr", "--v=0"]

pytestmark = pytest.mark.skipif(devtools.PROGRAM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    arms = pd.DataFrame(
        {"arm": ["usual", "new"], "n": [84, 40], "gain": [9.3, 12.0], "cost": [4310.0, 3922.0]}
    )

    def bars(data, ax):
        ax.bar(data["arm"], data["gain"], color="#0072B2")
        ax.set_ylabel("Gain (points)")

    with pytest.MonkeyPatch.context() as patch:
        recorder, study = Recorder(patch), make_study(folder, synthetic=True)
        door = door_of(study)
        door.sentence("answer", "A thousand euro bought 2.7 KCCQ points.", role="answer")
        door.figure("gain", arms, bars, "Gain by arm", "Two bars, the new care higher.", key=True)
        door.table("by-arm", arms.assign(**{f"cost_of_part_{k}": 1234.5 for k in range(12)}), "Gain by arm")
        cells = [
            text("# What did it buy?"),
            text("## The quota\n$$VQ = \\frac{a}{b}$$"),
            code("x = 1", recorder.take()),
        ]
        path = save(study, "02-value-quota", cells)
    report.build(study, {"02-value-quota": path}, folder / "out", {"study": "small", "vbhc": "0.1.0"})
    return folder / "out"


@pytest.fixture(scope="module")
def server(built):
    """Serves the report and notes every path that the browser asks for."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(built))

        def log_message(self, format, *args):
            asked.append(self.path)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}", asked
    running.shutdown()


def chromium(tmp_path, *arguments: str) -> tuple[str, str]:
    """Run the browser once; return what it wrote and its console."""
    done = subprocess.run(
        [devtools.PROGRAM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if ":CONSOLE" in line)


@pytest.mark.parametrize("name", ["index", "02-value-quota"])
def test_a_page_asks_for_nothing_but_itself_and_logs_nothing(server, tmp_path, name):
    home, asked = server
    asked.clear()
    _, console = chromium(tmp_path, "--dump-dom", f"{home}/{name}.html")
    assert [path for path in asked if path != "/favicon.ico"] == [f"/{name}.html"]
    assert console == ""


def test_the_script_runs_under_the_policy(server, tmp_path):
    dom, _ = chromium(tmp_path, "--dump-dom", f"{server[0]}/02-value-quota.html")
    button = re.search(r'<button[^>]*id="all-code"[^>]*>', dom).group(0)
    assert "hidden" not in button


def test_a_script_that_slipped_in_does_not_run(built, tmp_path):
    html = (built / "02-value-quota.html").read_text()
    bad = tmp_path / "bad.html"
    bad.write_text(html.replace("</h1>", "</h1><script>document.title = 'owned'</script>", 1))
    dom, console = chromium(tmp_path, "--dump-dom", bad.as_uri())
    assert "<title>owned" not in dom
    assert "Content Security Policy" in console


@pytest.mark.parametrize(("scheme", "paper"), [("1", (255, 255, 255)), ("0", (20, 24, 29))])
def test_light_and_dark_follow_the_reader(built, tmp_path, scheme, paper):
    from matplotlib.image import imread

    shot = tmp_path / "shot.png"
    chromium(
        tmp_path,
        f"--blink-settings=preferredColorScheme={scheme}",
        "--window-size=1200,900",
        f"--screenshot={shot}",
        (built / "02-value-quota.html").as_uri(),
    )
    corner = imread(shot)[600, 5, :3] * 255
    assert tuple(round(float(part)) for part in corner) == paper
