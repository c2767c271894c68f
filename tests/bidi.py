"""Firefox over WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/), for a smoke test.

The distribution's own Firefox is started in an empty profile behind a proxy that answers nothing,
so that it can reach no one, and is told over a local web socket what to do.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import connect

NAMES = ("firefox-esr", "firefox")
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
QUIET = {
    "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9,
    "network.dns.disabled": True, "app.update.disabledForTesting": True,
    "datareporting.policy.dataSubmissionEnabled": False, "browser.shell.checkDefaultBrowser": False,
}  # fmt: skip


def firefox() -> str | None:
    """Path of the browser, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Firefox:
    """One Firefox with one window; ``messages`` is all that its pages said or threw."""

    def __init__(self, program: str, room: Path, seconds: float = 60.0) -> None:
        profile = room / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in QUIET.items()]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        self.log, self._count = room / "firefox.txt", 0
        self.messages: list[str] = []
        self.held = contextlib.ExitStack()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [program, "--headless", "--no-remote", "--remote-debugging-port", "0",
                 "--profile", str(profile)], stdout=log, stderr=log,
            )  # fmt: skip
        try:
            address = f"{self._address(seconds)}/session"
            self.socket = self.held.enter_context(connect(address, max_size=None, proxy=None))
            self.call("session.new", capabilities={})
            self.call("session.subscribe", events=["log.entryAdded"])
            self.window = self.call("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self.close()
            raise

    def _address(self, seconds: float) -> str:
        end = time.monotonic() + seconds
        while not (found := LISTENING.search(self.log.read_text(encoding="utf-8"))):
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < end, "Firefox did not say where it listens"
            time.sleep(0.05)
        return found[1]

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its result; what the page says meanwhile is kept."""
        self._count += 1
        self.socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv(timeout=60))
            if answer["type"] == "event":
                self.messages.append(answer["params"]["text"])
            elif answer["id"] == self._count:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, address: str) -> None:
        """Load a page and wait until it says that it is ready."""
        self.call("browsingContext.navigate", context=self.window, url=address, wait="complete")
        self.wait("document.documentElement.dataset.ready === 'yes'")

    def ask(self, expression: str) -> Any:
        """The JSON value of an expression in the page, awaited where it is a promise."""
        result = self.call(
            "script.evaluate", target={"context": self.window}, awaitPromise=True,
            expression=f"(async () => JSON.stringify(await ({expression})))()",
        )  # fmt: skip
        assert result["type"] == "success", result
        return json.loads(result["result"].get("value", "null"))

    def press(self, key: str) -> None:
        """A key goes down and up."""
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": actions}
        self.call("input.performActions", context=self.window, actions=[source])

    def click(self, selector: str) -> None:
        """The pointer goes to the middle of the first such element and presses.

        A window without the focus of the desktop, as all headless ones, takes no key as a click.
        """
        box = self.ask(
            f"((e) => (e.scrollIntoView(), e.getBoundingClientRect()))(all({selector!r})[0])"
        )
        middle = {axis: round(box[axis] + box[size] / 2)
                  for axis, size in (("x", "width"), ("y", "height"))}  # fmt: skip
        actions = [{"type": "pointerMove", **middle}, {"type": "pointerDown", "button": 0},
                   {"type": "pointerUp", "button": 0}]  # fmt: skip
        source = {"type": "pointer", "id": "mouse", "actions": actions}
        self.call("input.performActions", context=self.window, actions=[source])

    def wait(self, condition: str, seconds: float = 30.0) -> None:
        """Poll until a condition of the page holds."""
        end = time.monotonic() + seconds
        while not self.ask(condition):
            assert time.monotonic() < end, condition
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        self.held.close()
        self.process.terminate()
        self.process.wait(timeout=30)
