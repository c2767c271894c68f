"""Regions in a study folder: a document of each for the report, and the user's own files.

``region.json`` describes the region of the first case. A study of several regions has a document of
each: ``region-NAME.json``, or ``region-NAME-DIGITS.json`` where regions of one name differ (other
options of an invented one). A region that does not come with Thalweg is kept as
``region-NAME.yaml``, which ``config.yaml`` beside it names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from experiments.shipped import config_folder
from experiments.store import write_json, write_text
from experiments.study import Study

FIRST, BORDERS = "region.json", ".borders.json"
DIGITS = 8
_HEAD = "# A region of this study; config.yaml names it.\n"


def document_files(cases: Sequence[Study]) -> list[str]:
    """Name of the file that describes the region of each case."""
    contents: dict[str, set[str]] = {}
    for case in cases:
        contents.setdefault(_stem(case), set()).add(_content(case))
    if sum(map(len, contents.values())) == 1:
        return [FIRST] * len(cases)
    several = [len(contents[_stem(case)]) > 1 for case in cases]
    return [f"{_stem(case)}{f'-{_content(case)[:DIGITS]}' * more}.json"
            for case, more in zip(cases, several, strict=True)]  # fmt: skip


def named(study: Study) -> str:
    """How ``config.yaml`` names the region: packaged ones by name, else the file beside it."""
    packaged = study.region_path.resolve().parent == (config_folder() / "region").resolve()
    return study.region_path.stem if packaged else f"{_stem(study)}.yaml"


def write_regions(cases: Sequence[Study], folder: Path) -> None:
    """Write documents and own files of the regions; those that no case has go."""
    documents = dict(zip(document_files(cases), [case.document for case in cases], strict=True))
    documents[FIRST] = cases[0].document
    own = {name: case for case in cases if (name := named(case)).endswith(".yaml")}
    for name, case in own.items():
        spec = yaml.safe_dump(json.loads(json.dumps(case.source["spec"])), sort_keys=False,
                              allow_unicode=True, default_flow_style=None)  # fmt: skip
        if not _is_source(case, folder / name):
            write_text(folder / name, _HEAD + spec)
        if lines := _borders(case.document):
            documents[name.removesuffix(".yaml") + BORDERS] = lines
    for name, document in documents.items():
        write_json(folder / name, document)
    for path in (*folder.glob("region-*.json"), *folder.glob("region-*.yaml")):
        if path.name not in documents and path.name not in own and _is_written(path):
            path.unlink()


def _is_source(study: Study, path: Path) -> bool:
    """True where the user's own file lies here by this name: it stays as it was written."""
    return path.is_file() and path.samefile(study.region_path)


def _is_written(path: Path) -> bool:
    """True for a file that a command of ours wrote."""
    if path.suffix == ".json":
        return True
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline() == _HEAD


def _stem(study: Study) -> str:
    """``region-NAME``, with digits of the content where NAME holds signs that no file should."""
    name = study.region.name
    plain = re.sub(r"[^\w.-]+", "_", name)
    return f"region-{plain}" + (f"-{_content(study)[:DIGITS]}" if plain != name else "")


def _borders(document: dict[str, Any]) -> dict[str, Any]:
    """Lines for the map, as they stood beside the region's file; empty without any."""
    if not (document["borders"] or document["coast"]):
        return {}
    return {"lines": document["borders"], "coast": document["coast"],
            "source": document["border_source"]}  # fmt: skip


def _content(case: Study) -> str:
    return str(case.parts["region content"])
