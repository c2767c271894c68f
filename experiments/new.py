"""``thalweg new NAME``: a folder with a commented study, an own region, and what to do next.

The folder is put together beside its place and moved there whole: it is there and runs, or it is
not there. Templates lie in ``experiments/new_files``.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments import console
from experiments.exits import OK, UsageError
from experiments.region_build import checked, made_of, with_schema
from experiments.shipped import config_folder, region_names
from sim.region_reader import nearest

TEMPLATES = Path(__file__).resolve().parent / "new_files"
EXAMPLE = "thalweg new mystudy"
REGION, TOWNS, STUDY, README = "border.yaml", "towns.csv", "study.yaml", "README.md"
SCHEMAS = ("settings", "region")
FILES = ("towns", "flow")  # words that name a file, which is copied into the folder
OWN_WORDS = ("name", "out", "map")  # words of regions build that have no place here
SCARCITY = "1"  # need as large as mean supply: where every year is plenty there is no quarrel
INVENTED = f"five invented towns, built from `{TOWNS}`"
COPY = "It is a copy: the packaged region stays as it is."
PLACES = "Its towns are places, the rest is assumed."
TABLE = (f"Other towns: change `{TOWNS}` first and build the region\n"
         "   again by the command at its head, with `--replace`.")  # fmt: skip
WHAT = {
    STUDY: "what is compared, for how long, with how many histories",
    REGION: "the region: {}", README: "what to do next",
    "schema": "completion and checks in your editor", TOWNS: "its towns", "flow.csv": "its flow",
}  # fmt: skip


def new(arguments: argparse.Namespace) -> int:
    """Write the folder; returns the exit code. Raises UsageError before anything is there."""
    folder, given = _asked(list(arguments.words))
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as room:
        made = Path(room) / folder.name
        made.mkdir()
        region = _region(made, folder.name, given)
        _write(made, folder.name, region)
        made.rename(folder)
    names = sorted(path.name for path in folder.iterdir())
    console.say(f"{folder}: a study that runs as it is. Simulated, not observed.")
    console.say(*(f"  {name:<14}{WHAT[name].format(region.replace('`', ''))}"
                  for name in names if name in WHAT))  # fmt: skip
    console.say("Next:", f"  cd {folder}", f"  thalweg compare --config {STUDY}")
    return OK


def _asked(words: Sequence[str]) -> tuple[Path, dict[str, str]]:
    """The folder to make, and the words about its region."""
    plain = [word for word in words if "=" not in word]
    if len(plain) != 1:
        what = f"'{plain[1]}': one folder at a time" if plain else "a name is needed"
        raise UsageError(f"{what}. Example: {EXAMPLE}")
    folder = Path(plain[0]).expanduser()
    if not re.fullmatch(r"[\w-]{1,60}", folder.name):
        raise UsageError(f"{folder.name}: letters, digits, '_' and '-' only, at most 60 of them. "
                         f"Example: {EXAMPLE}")  # fmt: skip
    if folder.exists():
        raise UsageError(f"{folder} is there already and is left as it is. Give another name.")
    if not folder.parent.is_dir():
        raise UsageError(f"{folder.parent}: no such folder to make {folder.name} in.")
    given = dict(word.split("=", 1) for word in words if "=" in word)
    if wrong := [key for key in OWN_WORDS if key in given]:
        told = {"map": "afterwards: thalweg regions borders region=border.yaml map=FILE"}
        raise UsageError([f"{key}=: {told.get(key, 'the folder gives the name')}."
                          for key in wrong])  # fmt: skip
    return folder, given


def _region(made: Path, name: str, given: Mapping[str, str]) -> str:
    """Write the region into the folder; returns what it is, in words."""
    if "from" in given:
        if len(given) > 1:
            raise UsageError("from= copies a region as it is: leave the other words out.")
        return _copied(made, name, given["from"])
    words = dict(given)
    if not {"towns", "countries"} & set(words):
        shutil.copyfile(TEMPLATES / TOWNS, made / TOWNS)
        words = {"towns": TOWNS, "scarcity": SCARCITY, **words}
    for key in FILES:
        if key in given:
            _take(made, key, Path(given[key]))
            words[key] = f"{key}.csv"
    with contextlib.chdir(made):
        built = made_of([f"name={name}", f"out={REGION}", *(f"{k}={v}" for k, v in words.items())])
        checked(built.files, Path(REGION))
        for file, text in built.files.items():
            Path(file).write_text(with_schema(text) if file == REGION else text, encoding="utf-8")
    if "countries" in given:
        return f"{len(built.draft.towns)} towns of {given['countries']}"
    return f"{len(built.draft.towns)} towns, built from `{TOWNS}`" if given else INVENTED


def _take(made: Path, key: str, path: Path) -> None:
    if not path.is_file():
        raise UsageError(f"{key}={path}: no such file.")
    shutil.copyfile(path, made / f"{key}.csv")


def _copied(made: Path, name: str, region: str) -> str:
    """A region that comes with Thalweg, under the name of the folder, with what lies beside it."""
    if region not in region_names():
        guess = nearest(region, region_names(), "regions")
        raise UsageError(f"from={region}: no region of that name comes with Thalweg. {guess}")
    folder = config_folder() / "region"
    text = (folder / f"{region}.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^name: .*$", f"name: {name}", text, count=1, flags=re.MULTILINE)
    text = re.sub(rf"region={region}\b", f"region=./{REGION}", text)
    text = text.replace("$schema=../schema/", "$schema=schema/")
    for path in folder.glob(f"{region}.*"):
        if path.suffix == ".csv":
            shutil.copyfile(path, made / path.name)
        elif path.suffix == ".json":
            shutil.copyfile(path, made / path.name.replace(region, Path(REGION).stem, 1))
    (made / REGION).write_text(text, encoding="utf-8")
    return f"{region}, as it comes with Thalweg"


def _write(made: Path, name: str, region: str) -> None:
    """Study, README and the schemas that their first lines name."""
    change = COPY if "comes with" in region else TABLE if (made / TOWNS).is_file() else PLACES
    shutil.copyfile(TEMPLATES / STUDY, made / STUDY)
    text = (TEMPLATES / README).read_text(encoding="utf-8")
    filled = text.format(name=name, region=region, first_change=change)
    (made / README).write_text(filled, encoding="utf-8")
    (made / "schema").mkdir()
    for schema in SCHEMAS:
        shutil.copyfile(config_folder() / "schema" / f"{schema}.json",
                        made / "schema" / f"{schema}.json")  # fmt: skip
