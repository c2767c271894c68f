"""``thalweg regions build``: a region file of the user's own border, from GeoNames or from CSV.

Nothing is written before the new file has been read back and built without a mistake.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments import console
from experiments.exits import OK, StoppedError, UsageError
from experiments.region_borders import SOURCE as BORDER_SOURCE
from experiments.region_borders import as_text, box_around, lines_within
from experiments.region_defaults import need_on
from experiments.region_draft import Draft, text_of
from experiments.region_flow import UNITS, Fit, fit
from experiments.region_geonames import Search, nation_pairs, nations_of, towns_of
from experiments.region_towns import Flows, Town, read_flows, read_towns
from experiments.store import replacing
from sim.region_fields import Field
from sim.region_reader import nearest

NUMBERS = {
    "radius_km": Field("km", 1, 500, 30, "towns of two nations that lie so close face each other"),
    "most": Field("towns", 2, 200, 12, "largest number of towns (countries=)"),
    "least_population": Field("people", 500, 10_000_000, 1000, "smallest town (countries=)"),
    "scarcity": Field("ratio", 0.05, 3, 0.4, "need over mean supply where no flow is given"),
}
CHOICES = {"flow_unit": tuple(UNITS), "weather": ("fitted", "recorded")}
WORDS = ("name", "countries", "towns", "flow", "map", "near", "out")
SCHEMA = "schema/region.json"  # beside the file, in a folder of thalweg new
EXAMPLE = "thalweg regions build name=my_border countries=FR,ES radius_km=30 out=my_border.yaml"


class Request(NamedTuple):
    """The settings of one build."""

    name: str
    out: Path
    words: dict[str, str]
    numbers: dict[str, float]
    choices: dict[str, str]


class Made(NamedTuple):
    """What was put together before anything is written."""

    draft: Draft
    files: dict[str, str]  # name -> text
    remarks: list[str]


def build(words: Sequence[str], replace: bool) -> int:
    """Build and write a region file; raises UsageError before anything is written."""
    request, made = _request(words), made_of(words)
    for name in made.files:
        if (request.out.parent / name).exists() and not replace:
            raise UsageError(
                f"out={request.out}: {name} is there already. Give another name or out=, or "
                "replace it with --replace."
            )
    if not request.out.parent.is_dir():
        raise UsageError(f"out={request.out}: there is no folder {request.out.parent}.")
    region = checked(made.files, request.out)
    for name, text in made.files.items():
        seen = name == request.out.name and (request.out.parent / SCHEMA).is_file()
        with replacing(request.out.parent / name) as temporary:
            temporary.write_text(with_schema(text) if seen else text, encoding="utf-8")
    draft = made.draft
    known = "the towns" if draft.fit is None else "the towns and the flow"
    console.say(
        f"{request.out}: {len(draft.nations)} nations, {len(draft.towns)} towns, "
        f"{len(region.dyad_names)} border pairs, {len(region.group_names)} groups, a river and "
        "groundwater",
        *made.remarks,
        f"Everything but {known} is a default with an 'assumption:' sentence: read it through.",
        "Simulated, not observed; no position on any border.",
        f"Next:  thalweg run region={_runnable(request.out)}",
    )
    return OK


def made_of(words: Sequence[str]) -> Made:
    """The files of a new region, put together and not written. Raises UsageError."""
    return _made(_request(words), words)


def with_schema(text: str) -> str:
    """The text of a region file with the line by which editors find its schema."""
    first, rest = text.split("\n", 1)
    return f"{first}\n# yaml-language-server: $schema={SCHEMA}\n{rest}"


def _runnable(out: Path) -> str:
    """The path as a region setting: one that cannot be taken for a name."""
    return shlex.quote(str(out) if out.is_absolute() or len(out.parts) > 1 else f"./{out}")


def _request(words: Sequence[str]) -> Request:
    given: dict[str, str] = {}
    mistakes: list[str] = []
    known = (*WORDS, *NUMBERS, *CHOICES)
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not value:
            mistakes.append(f"'{word}': settings are written key=value, for example: {EXAMPLE}")
        elif key not in known:
            mistakes.append(f"{word}: unknown setting '{key}'. {nearest(key, known, 'settings')}")
        elif key in given:
            mistakes.append(f"{word}: '{key}' is given twice.")
        else:
            given[key] = value
    numbers = {key: _number(key, given.get(key), field, mistakes) for key, field in NUMBERS.items()}
    choices = {key: _choice(key, given.get(key), mistakes) for key in CHOICES}
    if not mistakes:
        mistakes += _clashes(given)
    name, out = _name_and_path(given, mistakes)
    if mistakes:
        raise UsageError(mistakes)
    return Request(name, out, {k: given[k] for k in WORDS if k in given}, numbers, choices)


def _clashes(given: Mapping[str, str]) -> list[str]:
    """What cannot stand together, or is lacking."""
    found = []
    if ("countries" in given) == ("towns" in given):
        found.append(
            "give either countries=FR,ES (GeoNames) or towns=FILE.csv (your own). Example: "
            + EXAMPLE
        )
    if "countries" in given and not 2 <= len(given["countries"].split(",")) <= 3:
        found.append(f"countries={given['countries']}: two or three countries, parted by commas.")
    alone = [key for key in ("near", "most", "least_population") if key in given]
    if "towns" in given and alone:
        found.append(f"{', '.join(alone)}: only with countries=; your own towns are all taken.")
    lacking = [key for key in CHOICES if key in given and "flow" not in given]
    if lacking:
        found.append(f"{', '.join(lacking)}: only with flow=FILE.csv.")
    return found


def _name_and_path(given: Mapping[str, str], mistakes: list[str]) -> tuple[str, Path]:
    """Name of the region and path of its file; each is made from the other where one is lacking."""
    if "name" not in given and "out" not in given:
        mistakes.append("name=: a name is needed, for example name=my_border.")
    out = Path(given.get("out", f"{given.get('name', 'my_border')}.yaml")).expanduser()
    name = given.get("name", out.stem)
    if not name.replace("_", "").replace("-", "").isalnum() or len(name) > 60:
        mistakes.append(f"name={name}: letters, digits, '_' and '-' only, at most 60 of them.")
    if out.suffix != ".yaml":
        mistakes.append(f"out={out}: the name of a region file ends in .yaml.")
    return name, out


def _number(key: str, value: str | None, field: Field, mistakes: list[str]) -> float:
    if value is None:
        return float(field.default or 0.0)
    try:
        number = float(value)
    except ValueError:
        mistakes.append(f"{key}={value}: not a number. Allowed: {field.allowed} ({field.label}).")
        return float(field.lo)
    if not field.lo <= number <= field.hi:
        mistakes.append(f"{key}={value}: outside {field.allowed} ({field.label}).")
        return float(field.lo)
    return number


def _choice(key: str, value: str | None, mistakes: list[str]) -> str:
    allowed = CHOICES[key]
    if value is not None and value not in allowed:
        mistakes.append(f"{key}={value}: {nearest(value, allowed)} Allowed: {', '.join(allowed)}.")
    return value if value in allowed else allowed[0]


def _made(request: Request, words: Sequence[str]) -> Made:
    """Towns, flows and map lines, and the texts that come of them."""
    radius = request.numbers["radius_km"]
    given = request.words
    flows = read_flows(Path(given["flow"])) if "flow" in given else None
    towns, nations, origin = _towns(request)
    pairs = nation_pairs(towns, radius)
    met = {nation for pair in pairs for nation in pair}
    alone = [label for code, label in nations.items() if code not in met]
    if alone:
        raise UsageError(
            f"radius_km={radius:g}: no town of {', '.join(alone)} lies so close to a town of "
            "another nation. Give a larger radius_km."
        )
    fitted = fit(flows.flows, request.choices["flow_unit"]) if flows is not None else None
    record = f"{request.out.stem}.inflow.csv" if request.choices["weather"] == "recorded" else None
    draft = Draft(
        request.name, request.out.name, _command(words), nations, pairs, towns, origin, radius,
        request.numbers["scarcity"], fitted, Path(given.get("flow", "")).name, record,
        BORDER_SOURCE if "map" in given else "",
    )  # fmt: skip
    files = {request.out.name: text_of(draft)}
    if record is not None and flows is not None:
        files = {record: _record(flows, draft.flow_origin), **files}
    if "map" in given:
        lines = lines_within(Path(given["map"]), box_around([town._asdict() for town in towns]))
        files = {f"{request.out.stem}.borders.json": as_text(lines), **files}
    return Made(draft, files, _remarks(flows, fitted, need_on("river", towns)))


def _towns(request: Request) -> tuple[list[Town], dict[str, str], str]:
    """Towns, nations by code with their labels, and where they come from."""
    given, numbers = request.words, request.numbers
    if "towns" in given:
        towns = read_towns(Path(given["towns"]))
        return towns, {t.nation: t.nation for t in towns}, Path(given["towns"]).name
    countries = tuple(given["countries"].split(","))
    nations = nations_of(countries)
    search = Search(
        countries, numbers["radius_km"], int(numbers["most"]), int(numbers["least_population"]),
        given.get("near"),
    )  # fmt: skip
    return towns_of(search, nations), nations, "GeoNames"


def _remarks(flows: Flows | None, fitted: Fit | None, need: float) -> list[str]:
    if flows is None or fitted is None:
        return []
    left = f" ({flows.left_out} months of incomplete years left out)" if flows.left_out else ""
    told = f"flow: {fitted.years} years from {flows.first_year}{left}, mean {fitted.inflow:,.0f} "
    told += f"million m3 a year, variation {fitted.variation:.2f}, memory "
    return [told + f"{fitted.memory_years:.2f} years; need is {need / fitted.inflow:.1%} of it"]


def _command(words: Sequence[str]) -> str:
    """The command line that makes the same file again, without line ends."""
    return " ".join(["thalweg regions build", *(shlex.quote(" ".join(w.split())) for w in words)])


def _record(flows: Flows, origin: str) -> str:
    """The series as a file that a basin's ``record`` reads."""
    rows = [
        f"{flows.first_year + row // 12}-{row % 12 + 1:02d},{flow:.6g}"
        for row, flow in enumerate(flows.flows)
    ]
    return "\n".join([f"# Whole years of {origin}", "month,flow", *rows, ""])


def checked(files: Mapping[str, str], out: Path) -> Any:
    """The region of the new files, read from a folder that is thrown away."""
    from experiments.regions import load_region
    from sim.region import RegionError

    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        try:
            return load_region(str(Path(folder) / out.name))
        except RegionError as error:
            told = "\n  ".join(error.messages)
            raise StoppedError(
                f"the region cannot be built; nothing was written.\n  {told}"
            ) from None
