"""The text of a new region file: towns as given, everything else a default that says so.

The file is meant to be read and changed by hand, so it carries comments and one ``assumption:``
sentence per default. It runs as it stands.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from math import isnan
from typing import NamedTuple

from experiments.region_defaults import GROUPS, need_on, need_season
from experiments.region_flow import Fit
from experiments.region_towns import Town

NOTE = "Simulated, not observed. No position on any border is implied."
START_YEAR = 2026
RELEASE, FULL = 52, 5.0  # 1/year; capacity of the river as a multiple of a week's flow
AQUIFER_YEARS = 20.0  # capacity of the aquifer in years of recharge
USUAL_VARIATION, USUAL_MEMORY = 0.24, 0.33


class Draft(NamedTuple):
    """What is known of a region to be written."""

    name: str
    file: str
    made_by: str  # the command line
    nations: Mapping[str, str]  # code -> label
    pairs: Sequence[tuple[str, str]]
    towns: Sequence[Town]
    town_origin: str  # sentence
    radius_km: float
    scarcity: float
    fit: Fit | None
    flow_origin: str
    record: str | None  # file of the series that drives the weather
    borders: str  # what the map is drawn from; "": no map


def text_of(draft: Draft) -> str:
    """The region file."""
    parts = [_head(draft), _nations(draft), _defaults(draft), _basins(draft), _units(draft),
             _municipalities(draft), _groups(draft.towns), _dyads(draft)]  # fmt: skip
    return "\n".join(parts)


def _head(draft: Draft) -> str:
    names = " and ".join([", ".join([*draft.nations.values()][:-1]), [*draft.nations.values()][-1]])
    source = "GeoNames, CC BY 4.0" if draft.towns[0].geonames_id else draft.town_origin
    known = "the towns" if draft.fit is None else "the towns and the flow"
    lines = [
        f"# Towns of {names} that face each other across a border; all but {known} is assumed.",
        f"# Use it:  thalweg run region=./{draft.file}",
        f"# Made by: {draft.made_by}",
        "#",
        "# Every 'assumption:' is a default of the builder. Replace the figures that you know,",
        "# write 'source:' in place of 'assumption:', and keep the sentence for the others.",
        f"name: {quoted(draft.name)}",
        f"label: {quoted(', '.join(town.name for town in draft.towns[:3]))}",
        f"about: {quoted(f'Towns of {names}, a river and groundwater, built from a table.')}",
        f"note: {NOTE}",
        f"start_year: {START_YEAR}",
        "money: US dollars of 2020",
        f"place_source: {quoted(f'Places: {source}')}",
    ]
    if draft.borders:
        lines.append(f"border_source: {quoted(f'Borders: {draft.borders}; generalised')}")
    return "\n".join([*lines, ""])


def _nations(draft: Draft) -> str:
    lines = ["nations:"]
    for code, label in draft.nations.items():
        lines += [
            f"  - name: {quoted(code)}",
            f"    label: {quoted(label)}",
            "    term_years: 5",
            "    assumption: Five years between renewals of the national mandate.",
        ]
    lines += ["", "# Add 'rivalry:' (quarrels over other issues, 1 is the mean of neighbours) and",
              "# 'bodies:' that exist (name, since, monitoring, conflict_resolution, enforcement,",
              "# and 'kinds:' of resource, unless it deals with all).",
              "pairs:"]  # fmt: skip
    for a, b in draft.pairs:
        lines += [
            f"  - between: [{quoted(a)}, {quoted(b)}]",
            "    undemarcated: 0.05",
            *assumed(
                "    ",
                "Almost all of the line is marked; rivalry is drawn anew in each "
                "history; no interstate body is declared.",
            ),
        ]
    return "\n".join([*lines, ""])


def _defaults(draft: Draft) -> str:
    need, _ = need_season(draft.towns)
    lines = [
        "defaults:",
        "  basins:",
        f"    need_season: {_list(need)}",
        "    heat_return_years: 2",
        "    storm_return_years: 5",
        *assumed("    ", "A heat wave every second year, a damaging storm every fifth."),
        "  municipalities:",
        "    term_years: 5",
        "    revenue_per_person: 500",
        "    capacity: 0.5",
        *assumed(
            "    ",
            "Revenue of 500 dollars a person, middling capacity, five-year terms, "
            "within reach of the river's floods.",
        ),
        "  groups:",
    ]
    for kind in GROUPS:
        lines += [
            f"    {kind.kind}:",
            f"      unit: {kind.unit}",
            f"      share: {_n(kind.share)}",
            f"      demand_per_person: {_n(kind.demand_per_person)}",
            f"      seasonality: {_n(kind.seasonality)}",
            f"      dependence: {_n(kind.dependence)}",
            f"      vulnerability: {_n(kind.vulnerability)}",
            f"      voice: {_n(kind.voice)}",
            f"      assumption: {kind.assumption}",
        ]
    return "\n".join([*lines, ""])


def _basins(draft: Draft) -> str:
    lines = ["basins:", "  - name: river", "    kind: river", *_river_climate(draft)]
    lines += [
        "  - name: wells",
        "    kind: aquifer",
        "    variation: 0.1",
        "    memory_years: 3",
        *assumed("    ", f"Groundwater follows the rain with delay. {need_season(draft.towns)[1]}"),
    ]
    return "\n".join([*lines, ""])


def _river_climate(draft: Draft) -> list[str]:
    """Season, variation and memory of the river: fitted, or those of other rivers."""
    fit = draft.fit
    if fit is None:
        return [
            f"    season: {_list((1.0,) * 12)}",
            f"    variation: {_n(USUAL_VARIATION)}",
            f"    memory_years: {_n(USUAL_MEMORY)}",
            "    drought_return_years: 10",
            *assumed(
                "    ",
                "No series was given, so the flow has no season; years vary and follow each "
                "other as those of the Nile and the Colorado do; a drought every ten years. Give "
                f"flow=FILE.csv to replace this. {need_season(draft.towns)[1]}",
            ),
        ]
    lines = [f"    record: {quoted(draft.record)}"] if draft.record else []
    memory = (
        "the series is too short for its memory, so that of other rivers is taken"
        if isnan(fit.correlation)
        else f"yearly flows correlate by {fit.correlation:.2f} from year to year"
    )
    need = need_season(draft.towns)[1]
    season = [f"    season: {_list(fit.season)}"] if not draft.record else []
    return [
        *lines,
        *season,
        f"    variation: {_n(fit.variation)}",
        f"    memory_years: {_n(fit.memory_years)}",
        f"    source: {quoted(f'{draft.flow_origin}, {fit.years} whole years')}",
        *assumed(
            "    ", f"Fitted to the series; {memory}. Droughts are those of the series. {need}"
        ),
    ]


def _units(draft: Draft) -> str:
    need, wells = need_on("river", draft.towns), need_on("groundwater", draft.towns)
    if draft.fit is None:
        inflow = need / draft.scarcity
        origin = assumed(
            "    ",
            f"Sized so that need is {draft.scarcity:g} of the mean flow; replace it "
            "by that of your river.",
        )
    else:
        inflow = draft.fit.inflow
        why = f"The default groups need {need / inflow:.1%} of it; five weeks of flow fit in."
        origin = [f"    source: {quoted(draft.flow_origin)}", *assumed("    ", why)]
    recharge = wells / draft.scarcity
    below = f"Recharge such that need is {draft.scarcity:g} of it, storage of twenty years."
    lines = [
        "units:",
        "  - name: river",
        "    basin: river",
        f"    inflow: {_n(inflow)}",
        f"    capacity: {_n(max(FULL * inflow / RELEASE, 0.01))}",
        f"    release: {RELEASE}",
        "    return_share: 0.2",
        "    flood_return_years: 15",
        "    accident_return_years: 25",
        *origin,
        "  - name: groundwater",
        "    basin: wells",
        f"    inflow: {_n(recharge)}",
        f"    capacity: {_n(max(AQUIFER_YEARS * recharge, 0.01))}",
        "    initial: 0.8",
        "    return_share: 0.1",
        "    saline: 0.1",
        *assumed("    ", below),
    ]
    return "\n".join([*lines, ""])


def _municipalities(draft: Draft) -> str:
    lines = ["# 'reach: river': its floods reach the town; take it away where they do not.",
             "municipalities:"]  # fmt: skip
    for town in draft.towns:
        known = [f"    geonames_id: {town.geonames_id}"] if town.geonames_id else []
        lines += [
            f"  - name: {quoted(town.name)}",
            f"    nation: {quoted(town.nation)}",
            f"    latitude: {_n(town.latitude, 7)}",
            f"    longitude: {_n(town.longitude, 7)}",
            f"    population: {_n(town.population, 9)}",
            *known,
            "    reach: river",
            f"    source: {quoted(draft.town_origin)}",
        ]
    return "\n".join([*lines, ""])


def _groups(towns: Sequence[Town]) -> str:
    lines = ["# Shares, needs and traits of the kinds stand under 'defaults'."]
    lines.append("groups:")
    for kind in GROUPS:
        hosts = [town.name for town in towns if town.population >= kind.least_population]
        if len(hosts) == len(towns):
            lines.append(f"  - {{municipality: everywhere, kind: {kind.kind}}}")
        elif hosts:
            listed = ", ".join(quoted(name) for name in hosts)
            lines.append(f"  - {{municipality: [{listed}], kind: {kind.kind}}}")
    return "\n".join([*lines, ""])


def _dyads(draft: Draft) -> str:
    lines = [
        "dyads:",
        f"  within_km: {_n(draft.radius_km)}",
        "  neighbours: 3",
        *assumed(
            "  ", "Every town deals with its three nearest foreign neighbours within the radius."
        ),
    ]
    return "\n".join([*lines, ""])


def assumed(indent: str, sentence: str) -> list[str]:
    """Lines of an ``assumption:`` of any length."""
    rows = textwrap.wrap(sentence, 96 - len(indent))
    return [f"{indent}assumption: >-", *(f"{indent}  {row}" for row in rows)]


def quoted(text: str | None) -> str:
    """A text that YAML reads back as it is."""
    return json.dumps(text, ensure_ascii=False)


def _list(values: Sequence[float]) -> str:
    return f"[{', '.join(_n(value) for value in values)}]"


def _n(value: float, digits: int = 3) -> str:
    """A number of some digits that YAML reads as a number: no exponent."""
    text = f"{float(f'{value:.{digits}g}'):.10f}"
    return text.rstrip("0").rstrip(".")
