"""``thalweg explain KEY``: what a setting, mechanism, outcome, arm, region, set or study is."""

from __future__ import annotations

import argparse
import json
from typing import Any

from experiments import console
from experiments.exits import OK
from experiments.explain_find import Entry, meant


def explain(arguments: argparse.Namespace) -> int:
    """Find what is meant and print it; several that may be meant are listed."""
    found = meant(arguments.key)
    if len(found) > 1:
        return _several(arguments.key, found, arguments.json)
    from experiments.explain_facts import facts

    known = facts(found[0])
    if arguments.json:
        console.say(_as_json(known))
    else:
        from experiments.explain_text import text

        console.say(*text(known))
    return OK


def _several(key: str, found: list[Entry], as_json: bool) -> int:
    if as_json:
        console.say(_as_json({"key": key, "matches": [entry._asdict() for entry in found]}))
        return OK
    console.say(f"{key} may mean {len(found)} things; explain one of them by its full name:")
    console.say(*(f"  {entry.key}  ({entry.kind})" for entry in found))
    return OK


def _as_json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
