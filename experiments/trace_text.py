"""A crisis explained: plain sentences for people, plain values for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from experiments.story import OTHER_ISSUE, readable, sentence, written_date
from experiments.trace_chain import begun, begun_before
from experiments.trace_removals import AVERTS, DELAYS, NOTHING, WITHIN_YEARS, Explained, Removal

MOST_OTHERS = 12
LOCAL = "a local incident"
ELSEWHERE = "no local cause: another issue"
STATES = "no local cause: the states' own dispute over the resource"
Told = dict[str, Any]


def content(found: Explained, region: Any) -> Told:
    """The explanation as plain values; ids are rows of the event log."""
    events = readable(region, found.events)
    crisis, chain = found.crisis, found.crisis.chain
    removals = {removal.rows[0]: removal for removal in found.single}
    return {
        "crisis": events[crisis.row],
        "first_cause": events[chain[0]],
        "local_cause": root_of(found),
        "begun_before_the_start": begun_before(found.events, crisis.row),
        "chain": [
            {**events[row], "sentence": sentence(region, events[row], events),
             "removal": _removal(removals.get(row), found, region)}
            for row in chain
        ],
        "either_would_do": [list(pair) for pair in found.either],
        "outside_the_chain": [
            {**events[removal.rows[0]],
             "sentence": sentence(region, events[removal.rows[0]], events),
             "removal": _removal(removal, found, region)}
            for removal in found.off_chain if any(removal.rows[0] in p for p in found.either)
        ],
        "without_local_acts": _removal(found.local_left_out, found, region),
        "other_crises": [row for row in begun(found.events).tolist() if row not in chain],
        "within_years": found.watched,
        "histories": found.runs,
    }  # fmt: skip


def root_of(found: Explained) -> str:
    """Whether the crisis has a cause among the towns."""
    from sim.events import ROOT_LOCAL, ROOT_OTHER

    if found.crisis.root == ROOT_OTHER:
        return ELSEWHERE
    return LOCAL if found.crisis.root == ROOT_LOCAL else STATES


def _removal(removal: Removal | None, found: Explained, region: Any) -> Told | None:
    if removal is None:
        return None
    weeks = None if removal.years is None else round(removal.years * 52, 1)
    return {
        "events": list(removal.rows), "verdict": removal.verdict, "weeks_later": weeks,
        "then_from": None if removal.verdict == AVERTS else _origin(removal, found, region),
    }  # fmt: skip


def _origin(removal: Removal, found: Explained, region: Any) -> str:
    """The first cause of the crisis that comes all the same, by name."""
    from sim.events import ACTS
    from sim.units import tick_years

    if removal.first is None:
        return ""
    tick, act, dyad, pair = removal.first[:4]
    place = region.dyad_names[dyad] if dyad >= 0 else region.pair_names[pair]
    day = written_date(region.start_year, tick * tick_years(found.scenario.tick_weeks))
    return f"the {ACTS[act].name} in {place} in the week of {day.partition(' (')[0]}"


def lines(told: Told, region: Any) -> Iterator[str]:
    """The explanation in words."""
    crisis, chain = told["crisis"], told["chain"]
    over = "another issue" if crisis["issue"] == OTHER_ISSUE else f"the {crisis['issue']}"
    yield (
        f"The crisis: {crisis['act']} ({crisis['rung_label']}) in {crisis['place']} over {over}, "
        f"{written_date(region.start_year, crisis['time'])}, event {crisis['id']}."
    )
    yield f"Its root: {told['local_cause']}."
    yield ""
    yield "From the first cause to the highest rung"
    for number, act in enumerate(chain, 1):
        yield f"{number:>3}. event {act['id']}: {act['sentence']}"
    yield ""
    yield "Had one of them not happened, under the same draws"
    yield from _verdicts(chain, told)
    yield from _either(told)
    yield from _locals(told)
    others = told["other_crises"]
    if others:
        shown = ", ".join(map(str, others[:MOST_OTHERS]))
        more = f" and {len(others) - MOST_OTHERS} more" if len(others) > MOST_OTHERS else ""
        yield ""
        yield f"Other crises of this history began with event {shown}{more} (--event ID)."


def _verdicts(chain: Sequence[Told], told: Told) -> Iterator[str]:
    if told["begun_before_the_start"]:
        yield "     the chain goes back to before the start, where no act is logged."
    elif len(chain) == 1:
        yield "     it is its own first cause: no act led to it."
    for act in chain[:-1]:
        removal = act["removal"]
        if removal is None:
            yield f"     without event {act['id']}: not asked; a settlement is no act to leave out."
        else:
            yield f"     without event {act['id']}: {verdict(removal, told['within_years'])}"


def verdict(removal: Told, within: float) -> str:
    """What a removal does, in words."""
    if removal["verdict"] == AVERTS:
        if within < WITHIN_YEARS:
            return f"averts it (not reached again in the {within:.1f} years to the end)"
        return f"averts it (not reached again within {within:g} years)"
    if removal["verdict"] == NOTHING:
        return f"changes nothing; it comes in the same week, from {removal['then_from']}"
    weeks = abs(removal["weeks_later"])
    length = f"{weeks / 52:.1f} years" if weeks >= 104 else f"{weeks:.0f} week{_s(weeks)}"
    how = "delays it by" if removal["verdict"] == DELAYS else "brings it forward by"
    return f"{how} {length}; then it comes from {removal['then_from']}"


def _s(weeks: float) -> str:
    return "" if round(weeks) == 1 else "s"


def _either(told: Told) -> Iterator[str]:
    """Redundant causes, those with the same partners on one line."""
    if not told["either_would_do"]:
        return
    partners: dict[int, list[int]] = {}
    for one, other in told["either_would_do"]:
        partners.setdefault(other, []).append(one)
    same: dict[tuple[int, ...], list[int]] = {}
    for other, ones in partners.items():
        same.setdefault(tuple(ones), []).append(other)
    yield ""
    yield "Either would do: without one of them it comes about then all the same, without both not"
    for alike, others in same.items():
        yield f"     event {_or(alike)}, and event {_or(others)}"
    for act in told["outside_the_chain"]:
        yield f"     outside the chain: event {act['id']}: {act['sentence']}"


def _or(rows: Sequence[int]) -> str:
    return " or ".join(map(str, rows))


def _locals(told: Told) -> Iterator[str]:
    removal = told["without_local_acts"]
    if removal is None:
        return
    yield ""
    number = len(removal["events"])
    yield (
        f"{told['local_cause'].capitalize()}. Without the {number} local act{_s(number)} of the "
        f"year before on this border: {verdict(removal, told['within_years'])}."
    )
