"""Debian's Firefox ESR, driven by its own remote protocol (Marionette), with a fake camera and microphone.

Playwright drives only a Firefox that it has built itself. A message of Marionette is ``length:[kind, id, command or
error, parameters or result]``; https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.processes import free_port, listens, scratch, wait_until

FIREFOX = "/usr/bin/firefox-esr"
# The key under which WebDriver hands elements over (https://www.w3.org/TR/webdriver2/#elements).
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PREFERENCES: dict[str, bool | int | str] = {
    # A moving picture and a tone of 440 Hz, given without a question.
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    # Both browsers are on this machine: let them meet on its loopback, by address.
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    # No call home, no first-run page, no word about updates.
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "da",
    # Pages are in the foreground, also without a screen.
    "dom.min_background_timeout_value": 4,
}


WORDS = "return document.body.innerText.slice(0, 500)"


class FirefoxFailed(AssertionError):
    """Firefox said no to a command, in its own words."""


class Firefox:
    """One window. Elements are found by CSS selectors, and waited for."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._number = 0
        self._read()
        self._command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"pageLoadStrategy": "eager"}}})
        self._command("WebDriver:SetTimeouts", {"implicit": 20_000, "script": 20_000, "pageLoad": 30_000})

    def go(self, url: str) -> None:
        """Open a page."""
        self._command("WebDriver:Navigate", {"url": url})

    def press(self, selector: str) -> None:
        """Click an element once it is there, as a person does: it must be seen and not covered."""
        self._command("WebDriver:ElementClick", {"id": self._find(selector)})

    def type(self, selector: str, text: str) -> None:
        """Type into a field."""
        self._command("WebDriver:ElementSendKeys", {"id": self._find(selector), "text": text})

    def run(self, script: str) -> Any:
        """What a function body returns in the page; a promise is waited for."""
        return self._value("WebDriver:ExecuteScript", {"script": script, "args": [], "newSandbox": True})

    def wait(self, script: str, seconds: float = 25.0) -> Any:
        """Ask until the answer is true, and return it."""
        deadline = time.monotonic() + seconds
        while not (answer := self.run(script)):
            assert time.monotonic() < deadline, f"never true in Firefox: {script}\n{self.run(WORDS)}"
            time.sleep(0.2)
        return answer

    def picture(self, path: Path) -> None:
        """Keep what the window shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        shot = self._value("WebDriver:TakeScreenshot", {"full": False})
        path.write_bytes(base64.b64decode(shot))

    def _find(self, selector: str) -> str:
        found = self._value("WebDriver:FindElement", {"using": "css selector", "value": selector})
        return str(found[_ELEMENT])

    def _value(self, name: str, parameters: dict[str, Any]) -> Any:
        answer = self._command(name, parameters)
        return answer["value"]

    def _command(self, name: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._line.sendall(b"%d:%b" % (len(message), message))
        _kind, _number, error, result = self._read()
        if error:
            raise FirefoxFailed(f"{name}: {error.get('error')}: {error.get('message')}")
        return result

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._some(1)
        rest, body = int(length[:-1]), b""
        while len(body) < rest:
            body += self._some(rest - len(body))
        return json.loads(body)

    def _some(self, most: int) -> bytes:
        got = self._line.recv(most)
        if not got:
            raise FirefoxFailed("Firefox is gone")
        return got


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A Firefox with a profile of its own, gone at the end with all that it started."""
    port = free_port()
    with scratch() as folder:
        profile = folder / "profile"
        profile.mkdir()
        lines = {**PREFERENCES, "marionette.port": port}.items()
        (profile / "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines)
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [FIREFOX, "--headless", "--no-remote", "--marionette", "--profile", str(profile), "about:blank"],
                env={**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_until("Firefox does not listen", lambda: listens(port) or process.poll() is not None, 60)
            with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
                yield Firefox(line)
        finally:
            # All of its processes, wherever a test broke off; its profile is thrown away.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
