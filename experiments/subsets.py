"""Arms of a portfolio: ``subsets:A,B,C`` stands for every subset of the mechanisms A, B and C.

The word opens a list that goes on to the end of ``arms=``, or is closed by joining the names:
``subsets:A+B+C``. Up to eight mechanisms, which makes 256 arms. They come by size and then in the
order of the registry, so that the empty subset, the baseline ``none``, is the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

SUBSETS = "subsets:"
MOST = 8  # mechanisms: two to the eighth are 256 arms
LEAST = 2
NONE = "none"


def split(arms: Sequence[str]) -> tuple[list[str], list[str]]:
    """(arms named one by one, mechanisms whose subsets are asked for); the second may be empty."""
    for place, arm in enumerate(arms):
        if arm.startswith(SUBSETS):
            first = [part for part in arm.removeprefix(SUBSETS).split("+") if part]
            closed = len(first) > 1
            rest, named = arms[place + 1 :], list(arms[:place])
            return ([*named, *rest], first) if closed else (named, [*first, *rest])
    return list(arms), []


def written_out(arms: Sequence[str], known: Sequence[str]) -> list[str]:
    """The arms with ``subsets:`` written out; those with a fault stay as they are.

    ``known``: the mechanisms in the order of the registry. A subset that is named beside is not
    named twice.
    """
    named, members = split(arms)
    if not members or faults(arms, known):
        return list(arms)
    ordered = [name for name in known if name in members]
    sets = [
        "+".join(chosen) or NONE
        for size in range(len(ordered) + 1)
        for chosen in combinations(ordered, size)
    ]
    there = {frozenset(arm.split("+")) for arm in named}
    return [*named, *(one for one in sets if frozenset(one.split("+")) not in there)]


def faults(arms: Sequence[str], known: Sequence[str]) -> list[str]:
    """What is wrong with ``subsets:`` in the arms, one line each."""
    if not any(arm.startswith(SUBSETS) for arm in arms):
        return []
    named, members = split(arms)
    found = ["'subsets:' is given twice; one list is taken." for arm in (*named, *members)
             if arm.startswith(SUBSETS)]  # fmt: skip
    twice = sorted({name for name in members if members.count(name) > 1})
    found += [f"'subsets:': {name} is named twice." for name in twice]
    strange = [name for name in members if name not in known and not name.startswith(SUBSETS)]
    found += [f"'subsets:': no mechanism '{name}'. {_hint(name, known)}" for name in strange]
    if found or LEAST <= len(members) <= MOST:
        return found
    many = f"{len(members)} {'is' if len(members) == 1 else 'are'} named"
    example = "arms=subsets:data_sharing,joint_committee,mutual_aid"
    what = f"'subsets:' takes {LEAST} to {MOST} mechanisms and {many}."
    return [f"{what} Each more doubles the arms, {MOST} make {2**MOST}. For example {example}"]


def _hint(name: str, known: Sequence[str]) -> str:
    """The nearest name, or why an arm may not stand there."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean '{close[0]}'?"
    return "Only single mechanisms may follow; name other arms before it."
