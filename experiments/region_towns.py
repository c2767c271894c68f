"""The user's own tables: towns and monthly flows in CSV, every mistake with file, line and column.

Towns carry the columns name, nation, latitude, longitude and population; flows the columns month
(``YYYY-MM``, none missing) and flow. Other columns are left alone, lines that open with ``#`` are
comments, and columns may be parted by comma, semicolon or tab.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.config_files import shown_path
from experiments.exits import UsageError
from sim.region_fields import SECTIONS, Field
from sim.region_reader import Problems, as_name, nearest

TOWN_COLUMNS = ("name", "nation", "latitude", "longitude", "population")
FLOW_COLUMNS = ("month", "flow")
FLOW = Field("of the unit given by flow_unit=", 0, 1e9, None, "mean flow of the month")
MOST_TOLD = 12  # mistakes of one file
LEAST_YEARS = 5


class Town(NamedTuple):
    """One municipality of a region to be built. ``geonames_id`` None: not from GeoNames."""

    name: str
    nation: str
    latitude: float
    longitude: float
    population: float
    geonames_id: int | None = None


class Row(NamedTuple):
    """One line of a table by column name, and where it stands."""

    line: int
    cells: dict[str, str]


class Flows(NamedTuple):
    """Whole years of monthly flows from January on; ``left_out``: months before and after them."""

    first_year: int
    flows: tuple[float, ...]
    left_out: int


def read_towns(path: Path) -> list[Town]:
    """The towns of a CSV file; raises UsageError with every mistake found."""
    shown = shown_path(path)
    mistakes: list[str] = []
    towns: dict[str, Town] = {}
    for row in _rows(path, TOWN_COLUMNS):
        town = _town(row, shown, mistakes)
        if town is not None and town.name in towns:
            mistakes.append(f"{shown}:{row.line}, column name: '{town.name}' is given twice.")
        elif town is not None:
            towns[town.name] = town
    nations = sorted({town.nation for town in towns.values()})
    for name in nations:
        other = next((n for n in nations if n < name and n.lower() == name.lower()), None)
        if other is not None:
            mistakes.append(f"{shown}, column nation: '{other}' and '{name}' differ only in case.")
    if not mistakes and len(nations) < 2:
        mistakes.append(
            f"{shown}, column nation: all towns lie in {nations[0] if nations else 'no nation'}; a "
            "border needs two."
        )
    if not mistakes and len(nations) > 6:
        mistakes.append(f"{shown}, column nation: {len(nations)} nations; at most 6 are allowed.")
    _stop(mistakes)
    return list(towns.values())


def read_flows(path: Path) -> Flows:
    """Monthly flows of a CSV file; raises UsageError with every mistake found."""
    shown = shown_path(path)
    mistakes: list[str] = []
    months: list[int] = []
    flows: list[float] = []
    for row in _rows(path, FLOW_COLUMNS):
        month = _month(row.cells["month"])
        if month is None:
            mistakes.append(
                f"{shown}:{row.line}, column month: '{row.cells['month']}' is no month. Write "
                "year and month, like 1998-04."
            )
        elif months and month != months[-1] + 1:
            wanted = f"{(months[-1] + 1) // 12}-{(months[-1] + 1) % 12 + 1:02d}"
            mistakes.append(
                f"{shown}:{row.line}, column month: {row.cells['month']} stands where {wanted} is "
                "due (one line per month in order, none missing)."
            )
        flows.append(_number(row, "flow", FLOW, shown, mistakes))
        months.append(month if month is not None else (months[-1] + 1 if months else 0))
    _stop(mistakes)
    first = (-months[0]) % 12 if months else 0
    years = (len(months) - first) // 12
    if years < LEAST_YEARS:
        raise UsageError(
            f"{shown}: holds {max(years, 0)} whole years from January to December; at least "
            f"{LEAST_YEARS} are needed to tell how years vary."
        )
    kept = tuple(flows[first : first + 12 * years])
    if sum(kept) <= 0.0:
        raise UsageError(f"{shown}, column flow: the flow is zero in every month.")
    return Flows((months[0] + first) // 12, kept, len(flows) - len(kept))


def _rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Lines of a table that hold something; raises UsageError when it lacks a column."""
    shown = shown_path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{shown}: is not UTF-8 text; save it as 'CSV UTF-8'.") from None
    except OSError as error:
        raise UsageError(f"{shown}: {error.strerror}.") from None
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if not line.startswith("#")]
    lines = [(n, line) for n, line in lines if line.strip()]
    if len(lines) < 2:
        raise UsageError(f"{shown}: holds no lines below its header ({','.join(columns)}).")
    parted = max(",;\t", key=lines[0][1].count)
    header = [cell.strip().lower() for cell in next(csv.reader([lines[0][1]], delimiter=parted))]
    _stop(_lacking(columns, header, f"{shown}:{lines[0][0]}"))
    for number, line in lines[1:]:
        cells = next(csv.reader([line], delimiter=parted))
        if len(cells) != len(header):
            raise UsageError(
                f"{shown}:{number}: has {len(cells)} columns, the header has {len(header)} (a text "
                f"that holds '{parted}' needs double quotes)."
            )
        yield Row(number, dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def _lacking(columns: Iterable[str], header: Sequence[str], place: str) -> list[str]:
    """One message per column that a header lacks."""
    spare = [name for name in header if name and name not in columns]
    return [
        f"{place}: column '{column}' is missing. {nearest(column, spare, 'other columns')}"
        for column in columns
        if column not in header
    ]


def _town(row: Row, shown: str, mistakes: list[str]) -> Town | None:
    """One town, or None with its mistakes noted."""
    before = len(mistakes)
    for column in ("name", "nation"):
        problems = Problems()
        as_name(row.cells[column], (), f"{shown}:{row.line}, column {column}", problems)
        mistakes += [problem.text for problem in problems]
    latitude, longitude, population = (
        _number(row, column, SECTIONS["municipalities"].numbers[column], shown, mistakes)
        for column in TOWN_COLUMNS[2:]
    )
    if len(mistakes) > before:
        return None
    return Town(row.cells["name"], row.cells["nation"], latitude, longitude, population)


def _number(row: Row, column: str, field: Field, shown: str, mistakes: list[str]) -> float:
    """A number inside its range; 0 with the reason noted."""
    cell, where = row.cells[column], f"{shown}:{row.line}, column {column}"
    try:
        number = float(cell)
    except ValueError:
        hint = " Write a decimal point, not a comma." if _decimal_comma(cell) else ""
        told = f"'{cell}' is not a number" if cell else "a number is missing"
        mistakes.append(f"{where}: {told}. Allowed: {field.allowed} ({field.label}).{hint}")
        return 0.0
    if not field.lo <= number <= field.hi:
        mistakes.append(
            f"{where}: {cell} is outside the allowed range {field.allowed} ({field.label})."
        )
        return 0.0
    return number


def _decimal_comma(cell: str) -> bool:
    return cell.replace(",", "", 1).lstrip("-").isdigit()


def _month(cell: str) -> int | None:
    """Months since year 0 of ``YYYY-MM`` (a day behind it is left out); None: no month."""
    year, _, rest = cell.partition("-")
    month = rest.partition("-")[0]
    if not (year.isdigit() and len(year) == 4 and month.isdigit() and 1 <= int(month) <= 12):
        return None
    return int(year) * 12 + int(month) - 1


def _stop(mistakes: Sequence[str]) -> None:
    """Raise what was found, not more than a screen of it."""
    if mistakes:
        more = len(mistakes) - MOST_TOLD
        told = [*mistakes[:MOST_TOLD], f"and {more} more"] if more > 0 else list(mistakes)
        raise UsageError(told)
