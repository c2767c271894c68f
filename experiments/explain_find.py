"""What a key of ``thalweg explain`` means: everything that a user can write, by kind and full name.

A name is taken as it is written in a command (``years``, ``joint_committee``, ``full``), with the
setting that takes it (``region=fergana``), without its first words where that is clear
(``severity_mean``), and a group of settings for all that it holds (``parameters.drought``).
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from experiments.exits import UsageError

SETTING, PARAMETER, MECHANISM, OUTCOME = "setting", "parameter", "mechanism", "outcome"
ARM, REGION, SET, STUDY, CHANNEL = "arm", "region", "set", "study", "channel"
TAKEN_BY = {"mechanisms": (MECHANISM, ARM), "arms": (ARM, MECHANISM), "region": (REGION,),
            "parameters": (SET,), "study": (STUDY,), "outcomes": (OUTCOME,),
            "outcome": (OUTCOME,), "package": (MECHANISM,)}  # fmt: skip
NEAREST = 3


class Entry(NamedTuple):
    """One thing that can be explained."""

    kind: str
    key: str


@cache
def entries() -> tuple[Entry, ...]:
    """Everything that can be explained."""
    return tuple(_entries())


def _entries() -> Iterator[Entry]:
    from experiments.arm_lists import BUNDLES, LISTS
    from experiments.settings import mechanism_names, settings
    from experiments.shipped import config_folder, parameter_sets, region_names
    from experiments.subsets import SUBSETS
    from sim.channels import Channels
    from sim.outcomes import OUTCOMES

    for key in settings():
        yield Entry(PARAMETER if key.startswith("parameters.") else SETTING, key)
    yield from (Entry(MECHANISM, name) for name in mechanism_names())
    yield from (Entry(OUTCOME, key) for key in OUTCOMES)
    yield from (Entry(ARM, word) for word in (*BUNDLES, *LISTS, SUBSETS))
    yield from (Entry(REGION, name) for name in region_names())
    yield from (Entry(SET, name) for name in parameter_sets())
    studies = sorted(path.stem for path in (config_folder() / "study").glob("*.yaml"))
    yield from (Entry(STUDY, name) for name in studies)
    yield from (Entry(CHANNEL, f"channel.{name}") for name in Channels._fields)


def meant(key: str) -> list[Entry]:
    """The entries that a key names: one, or all of those that it may mean. Raises UsageError."""
    word, _, value = key.strip().partition("=")
    if value and word in TAKEN_BY:
        return _named(value, [e for e in entries() if e.kind in TAKEN_BY[word]], key)
    return _named(word, list(entries()), key)


def _named(word: str, among: list[Entry], key: str) -> list[Entry]:
    exact = [entry for entry in among if entry.key == word]
    if exact:
        return exact
    below = [entry for entry in among if entry.key.startswith(f"{word}.")]
    below += [entry for entry in among if f".{word}." in entry.key]
    leaves = [entry for entry in among if entry.key.endswith(f".{word}")]
    if leaves or below:
        return [*leaves, *below]
    if bundle := _bundle(word, among):
        return [bundle]
    raise UsageError(f"'{key}': there is nothing of this name to explain. {_nearest(word, among)}")


def _bundle(word: str, among: list[Entry]) -> Entry | None:
    """A joined arm, as in ``arms=``: ``a+b``, ``full-a``, ``a-negotiated``."""
    from experiments.arm_lists import BUNDLES, LEFT_TO, LISTS, WITHOUT
    from experiments.arms_text import faults_of

    joined = "+" in word or word.startswith(WITHOUT) or word.endswith(LEFT_TO)
    asked = joined and any(entry.kind == ARM for entry in among)
    if not asked or faults_of(word, [*BUNDLES, *LISTS], (WITHOUT, LEFT_TO)):
        return None
    return Entry(ARM, word)


def _nearest(word: str, among: list[Entry]) -> str:
    """The nearest names, in words."""
    names = {entry.key: entry.key for entry in among}
    close = get_close_matches(word, [*names], n=NEAREST, cutoff=0.6)
    if not close:
        leaves: dict[str, str] = {}
        for name in names:
            leaves.setdefault(name.rsplit(".", 1)[-1], name)
        last = word.rsplit(".", 1)[-1]
        close = [leaves[one] for one in get_close_matches(last, [*leaves], n=NEAREST, cutoff=0.7)]
    if close:
        return f"Did you mean {' or '.join(repr(one) for one in close)}?"
    if len(among) <= 40:
        return f"Known: {', '.join(names)}."
    return ("A setting, mechanism, outcome, arm, region, prepared set or study is wanted, for "
            "example years, drought.severity_mean, joint_committee, crisis_resource.")  # fmt: skip
