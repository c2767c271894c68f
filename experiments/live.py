"""``thalweg live``: one history on a page of this machine, stepped and changed while it runs."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from typing import Any

from experiments import console
from experiments.exits import UsageError
from experiments.study import plan

FIRST_PORT, LAST_PORT = 1024, 65535
USUAL_PORT = 8050
UNUSED = {
    "host": "live serves this machine only (127.0.0.1), and nothing changes that; leave it out.",
    "out": "live writes nothing; leave it out, or keep a history with thalweg run.",
    "arms": "live shows one history; name its mechanisms with mechanisms=.",
    "seeds": "live shows one history; its seed is seed=.",
}


def live(arguments: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C, which ends it as it ends every command."""
    words, port = _port(arguments.settings)
    study = plan("run", words, arguments.config, arguments.config_dir)
    if find_spec("dash") is None:
        raise UsageError("live needs dash: pip install 'thalweg[live]'")
    from experiments.live_app import application
    from experiments.live_history import History

    console.note(*study.notes)
    served = _bound(application(History(study)), port)
    console.say(f"open http://127.0.0.1:{served.port} in a browser; Ctrl-C ends it")
    try:
        served.serve_forever()  # until Ctrl-C, which it takes without a word
    finally:
        served.server_close()
    raise KeyboardInterrupt


def _bound(app: Any, port: int | None) -> Any:
    """The server on the port that was asked for, else on the usual one, else on a free one."""
    from experiments.live_app import server

    try:
        return server(app, USUAL_PORT if port is None else port)
    except (OSError, SystemExit):  # the library ends the process where a port is taken
        if port is not None:
            raise UsageError(f"port={port}: another program has it; leave port= out, and a free "
                             "one is taken") from None  # fmt: skip
    console.note(f"port {USUAL_PORT} is taken, another one is used")
    return server(app, 0)


def _port(words: list[str]) -> tuple[list[str], int | None]:
    """The words without port=, and the port that was asked for."""
    kept, port, mistakes = [], None, []
    for word in words:
        key, _, text = word.partition("=")
        if key in UNUSED and "=" in word:
            mistakes.append(f"{key}=: {UNUSED[key]}")
        elif key != "port" or "=" not in word:
            kept.append(word)
        elif text.isdecimal() and FIRST_PORT <= int(text) <= LAST_PORT:
            port = int(text)
        else:
            mistakes.append(f"{word}: a port is a whole number from {FIRST_PORT} to {LAST_PORT}; "
                            "leave it out, and a free one is taken")  # fmt: skip
    if mistakes:
        raise UsageError(mistakes)
    return kept, port
