"""What a region file may say: every key of every section with unit, range and meaning.

The tables below are the only place where a key of a region is declared. Validation, error messages
and documentation read them. A field without a default is required; NaN stands for "drawn per
history".
"""

from __future__ import annotations

from math import nan
from typing import NamedTuple


class Field(NamedTuple):
    """One number of an entity. ``default`` None: required; unit "": a pure number."""

    unit: str
    lo: float
    hi: float
    default: float | None
    label: str

    @property
    def allowed(self) -> str:
        """The range with its unit, in words."""
        lo, hi = (f"{x:,.10g}" if abs(x) >= 1e4 else f"{x:g}" for x in (self.lo, self.hi))
        return f"{lo} to {hi} {self.unit}".rstrip()


class Section(NamedTuple):
    """One kind of entity: its numbers, its other keys, and the key that names it."""

    singular: str
    numbers: dict[str, Field]
    words: tuple[str, ...]
    named: bool
    discriminator: str  # key by whose value the section's defaults may be split; "": none


SHARED_WORDS = ("label", "source", "assumption", "note")
TOP_WORDS = (
    "name", "label", "about", "note", "start_year", "money", "place_source", "border_source",
    "defaults", "nations", "pairs", "basins", "units", "municipalities", "groups", "dyads",
)  # fmt: skip
START_YEAR = Field("calendar year", 1500, 2500, None, "year in which every history starts")
DYAD_RULE = {
    "within_km": Field("km", 0.1, 2000, None, "partners lie at most this far apart"),
    "neighbours": Field("partners", 1, 100, 100, "only this many nearest foreign partners"),
}

SECTIONS = {
    "nations": Section(
        "nation",
        {
            "hawkishness": Field("", 0, 1, nan, "how readily the government meets force"),
            "term_years": Field("years", 0.5, 20, 5.0, "time between renewals of the mandate"),
        },
        ("name",),
        True,
        "",
    ),
    "pairs": Section(
        "pair",
        {
            "rivalry": Field("ratio to the mean", 0, 20, nan, "level of quarrel on other issues"),
            "undemarcated": Field("share", 0, 1, 0.0, "share of the border not demarcated"),
            "liaison": Field("", 0, 1, 0.0, "hotline or liaison office of capitals and guards"),
            "mediators": Field("", 0, 1, 0.5, "reach of third parties who mediate"),
        },
        ("between", "bodies"),
        False,
        "",
    ),
    "bodies": Section(  # within a pair
        "body",
        {
            "since": Field("calendar year", 1500, 2500, None, "year in which it was founded"),
            "monitoring": Field("", 0, 1, None, "how far it monitors"),
            "conflict_resolution": Field("", 0, 1, None, "how far it resolves disputes"),
            "enforcement": Field("", 0, 1, None, "how far it enforces"),
        },
        ("name", "kinds"),  # kinds: of resource that it deals with; without them, every kind
        True,
        "",
    ),
    "basins": Section(
        "basin",
        {
            "variation": Field("ratio", 0, 2, None, "coefficient of variation of annual inflow"),
            "memory_years": Field("years", 0, 20, None, "e-folding time of the inflow anomaly"),
            "drought_return_years": Field("years", 1, 1000, nan, "mean time between droughts"),
            "heat_return_years": Field("years", 0, 1000, 2.0, "between heat waves; 0: none"),
            "storm_return_years": Field("years", 0, 1000, 5.0, "between storms; 0: none"),
        },
        ("name", "kind", "season", "need_season", "record"),
        True,
        "kind",
    ),
    "units": Section(
        "unit",
        {
            "inflow": Field("million m3 a year", 0, 1e7, 0.0, "mean own inflow or recharge"),
            "capacity": Field("million m3 or thousand t", 1e-6, 1e8, None, "largest stock"),
            "release": Field("1/year", 0, 1000, 0.0, "share of the stock that flows on per year"),
            "return_share": Field("share", 0, 0.95, 0.0, "share of what is taken that returns"),
            "flood_return_years": Field("years", 1, 10000, nan, "mean time between floods"),
            "accident_return_years": Field(
                "years", 0, 10000, 25.0, "between pollution accidents in a reach; 0: none"
            ),
            "saline": Field("", 0, 1, nan, "how near saline water stands that can intrude"),
            "initial": Field("share of capacity", 0, 1, nan, "stock at the start"),
            "growth": Field("1/year", 0, 5, 0.0, "intrinsic growth rate of fish or pasture"),
            "undemarcated": Field("share", 0, 1, nan, "share of its border not demarcated"),
        },
        ("name", "basin", "downstream"),
        True,
        "basin",
    ),
    "municipalities": Section(
        "municipality",
        {
            "latitude": Field("degrees", -90, 90, None, "north of the equator"),
            "longitude": Field("degrees", -180, 180, None, "east of Greenwich"),
            "population": Field("persons", 1, 1e8, None, "people who live there"),
            "geonames_id": Field("identifier", 1, 1e9, nan, "GeoNames identifier of the place"),
            "revenue_per_person": Field("dollars a year", 0, 1e5, None, "municipal revenue"),
            "capacity": Field("", 0, 1, None, "administrative capacity"),
            "term_years": Field("years", 0.5, 20, 5.0, "time between municipal elections"),
        },
        ("name", "nation", "reach", "unit"),
        True,
        "nation",
    ),
    "groups": Section(
        "group",
        {
            "size": Field("persons", 1, 1e8, nan, "people in the group"),
            "share": Field("share of population", 0, 1, nan, "people in the group"),
            "demand": Field("million m3 or thousand t a year", 0, 1e7, nan, "need"),
            "demand_per_person": Field("m3 or t a year", 0, 1e6, nan, "need of one person"),
            "dependence": Field("", 0, 1, None, "livelihood lost without the resource"),
            "vulnerability": Field("", 0, 1, None, "exposure to hazard damage"),
            "voice": Field("", 0, 1, None, "weight when decisions are made"),
            "seasonality": Field("", 0, 1, None, "how far need follows the season"),
        },
        ("name", "municipality", "kind", "unit"),
        False,
        "kind",
    ),
    "dyads": Section(
        "dyad",
        {"weight": Field("ratio to the mean", 0.01, 100, nan, "how much the two deal")},
        ("between", "unit"),
        False,
        "",
    ),
}
