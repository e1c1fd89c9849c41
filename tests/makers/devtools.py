"""Drive one Chromium through its DevTools protocol: many pages, one start, nothing injected into the files.

What runs here runs from outside the page, as its developer tools would: the page's own security policy stays
as it is published.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from websocket import WebSocketTimeoutException, create_connection

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FLAGS = [*QUIET, "--hide-scrollbars", "--remote-debugging-port=0"]
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "Escape": 27, "ArrowRight": 39, "ArrowDown": 40, "PageDown": 34}
SECONDS = 60


class Browser:
    """A Chromium with one tab. Use as a context manager: it ends the process that it started."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.numbers = count(1)
        self.events: list[dict] = []

    def __enter__(self) -> Browser:
        command = [PROGRAM, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port, path = self._address()
        self.socket = create_connection(
            f"ws://127.0.0.1:{port}{path}", timeout=SECONDS, suppress_origin=True, max_size=None
        )
        self.session = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(self, *error: object) -> None:
        self.session = None
        self.socket.send(json.dumps({"id": 0, "method": "Browser.close"}))
        self.socket.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _address(self) -> list[str]:
        """Port and path, which the browser writes into its profile once it listens."""
        said, until = self.profile / "DevToolsActivePort", time.monotonic() + SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if said.is_file() and len(lines := said.read_text().splitlines()) == 2:
                return lines
            time.sleep(0.05)
        raise RuntimeError("Chromium did not start")

    def send(self, method: str, **parameters: Any) -> dict:
        """Call a method of the protocol; events that arrive meanwhile are kept."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(message | ({"sessionId": self.session} if self.session else {})))
        while (answer := self._receive()).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _receive(self) -> dict:
        message = json.loads(self.socket.recv())
        if "method" in message:
            self.events.append(message)
        return message

    def wait_for(self, method: str) -> None:
        """Wait until an event has come."""
        while not any(event["method"] == method for event in self.events):
            try:
                self._receive()
            except WebSocketTimeoutException:
                raise RuntimeError(f"{method} did not come in {SECONDS} s") from None

    def visit(self, page: Path | str) -> None:
        """Open a page afresh and wait until it is complete."""
        self.events.clear()
        self.send("Page.navigate", url=page if isinstance(page, str) else page.resolve().as_uri())
        self.wait_for("Page.loadEventFired")

    def look(
        self, width: int = 1280, height: int = 900, scheme: str = "light", media: str = "screen"
    ) -> None:
        """Choose the window, light or dark, and screen or print; phones have a window under 500 px."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression gives in the page; a promise is awaited."""
        made = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in made:
            raise RuntimeError(made["exceptionDetails"].get("exception", {}).get("description", str(made)))
        return made["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key, as a keyboard does."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        one = {"key": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": 8 if shift else 0}
        one["code"] = "Space" if key == " " else key
        self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **one)
        self.send("Input.dispatchKeyEvent", type="keyUp", **one)

    def asked_for(self) -> list[str]:
        """Every address that the page asked for, itself included; data inside the page is none."""
        sent = [e["params"] for e in self.events if e["method"] == "Network.requestWillBeSent"]
        return [one["request"]["url"] for one in sent if not one["request"]["url"].startswith("data:")]

    def said(self) -> list[str]:
        """Every console message, log entry and error of the page."""
        words: dict[str, Callable[[dict], str]] = {
            "Log.entryAdded": lambda p: p["entry"]["text"],
            "Runtime.consoleAPICalled": lambda p: str([one.get("value") for one in p["args"]]),
            "Runtime.exceptionThrown": lambda p: p["exceptionDetails"]["text"],
        }
        return [words[e["method"]](e["params"]) for e in self.events if e["method"] in words]
