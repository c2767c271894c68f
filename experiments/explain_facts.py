"""What is known of one key, as plain values: read from declarations, files and stored results.

Every entry has the same keys (`FACTS`). What does not apply is an empty text, list or mapping.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from experiments import explain_find as kinds
from experiments.explain_find import Entry
from experiments.explain_shipped import composed, in_sets, in_studies, studies, typed

Facts = dict[str, Any]
FACTS = ("key", "kind", "label", "meaning", "unit", "default", "allowed", "source", "read_by",
         "channels", "sets", "studies", "screening", "campaign", "use")  # fmt: skip
CHOICE = "a choice of the study, no number of the model"
COMPUTED = "computed from every history; it is not set"


def facts(entry: Entry) -> Facts:
    """Everything known of one entry."""
    blank: Facts = dict.fromkeys(FACTS, "")
    blank |= {"read_by": [], "channels": [], "sets": {}, "studies": {}}
    blank |= {"screening": {}, "campaign": {}}
    return {**blank, "key": entry.key, "kind": entry.kind, **OF_KIND[entry.kind](entry.key)}


def _parameter(key: str) -> Facts:
    from experiments.explain_readers import channels_read, readers_of
    from sim.parameters import DECLARED

    own = key.removeprefix("parameters.")
    one = next(d for d in DECLARED if d.key == own)
    readers = readers_of(own)
    return {
        "label": one.label, "meaning": f"{one.label}.", "unit": one.unit, "default": one.default,
        "allowed": _span(one.lo, one.hi), "source": one.source, "read_by": _told(readers),
        "channels": _channels(channels_read(readers)), "sets": in_sets(own),
        "studies": in_studies(key), "screening": _screened(own), "campaign": _campaign(),
        "use": f"thalweg compare {key}={one.default:g}",
    }  # fmt: skip


def _setting(key: str) -> Facts:
    from experiments.settings import settings
    from sim.mechanisms import MECHANISMS

    one = settings()[key]
    changed = next((m.channels for m in MECHANISMS if key.startswith(f"mechanisms.{m.name}.")), ())
    default = composed().get(key, one.default)
    return {
        "label": one.label, "meaning": f"{one.label[:1].upper()}{one.label[1:]}.",
        "unit": one.unit, "default": default, "source": CHOICE, "studies": in_studies(key),
        "allowed": one.allowed.removeprefix("Allowed: ").removesuffix("."),
        "channels": _channels(changed),
        "use": f"{key}={'...' if default is None else typed(default)}",
    }  # fmt: skip


def _mechanism(name: str) -> Facts:
    from sim.mechanisms import MECHANISMS, parameter_class

    one = next(m for m in MECHANISMS if m.name == name)
    keys = ", ".join(f"parameters.{d.key}" for d in one.parameters)
    return {
        "label": one.label, "meaning": f"{one.about} Fails when {one.fails_when}.",
        "unit": "intensity, 0 to 1", "default": "absent",
        "allowed": f"mechanisms.{name}.mode, .intensity, .from_year, .dyads; {keys}",
        "source": _source_of(parameter_class(name).__module__), "channels": _channels(one.channels),
        "read_by": [_place(parameter_class(name).__module__, 0)], "studies": in_studies(name),
        "use": f"thalweg compare arms=none,{name}",
    }  # fmt: skip


def _outcome(key: str) -> Facts:
    from sim.outcomes import OUTCOMES

    one = OUTCOMES[key]
    better = {"none": "neither direction is better"}.get(one.better, f"{one.better} is better")
    return {
        "label": one.label, "meaning": one.about, "unit": one.unit, "default": COMPUTED,
        "allowed": f"{one.kind}; {better}", "source": f"definition in {_family_of(key)}",
        "screening": _moved_by(key), "campaign": _campaign(),
        "use": f"thalweg sensitivity DIR --outcome {key}",
    }  # fmt: skip


def _arm(word: str) -> Facts:
    from experiments import arm_lists
    from experiments.arms_text import label_of
    from experiments.subsets import SUBSETS
    from experiments.subsets import __doc__ as about_subsets

    listed = word in arm_lists.LISTS
    if word == SUBSETS or listed:
        label = f"stands for {len(arm_lists.expanded([word]))} arms" if listed else "several arms"
        meaning = _row_of(word) if listed else str(about_subsets).splitlines()[0].replace("`", "")
    else:
        whole = word in arm_lists.BUNDLES or word.startswith(arm_lists.WITHOUT)
        label = label_of(word if whole else "", *arm_lists.members_of(word))
        meaning = f"One arm: {label}."
    default = "in the default of arms=" if word in composed()["arms"] else "not in the default"
    shown = f"{word}A,B,C" if word == SUBSETS else word
    return {
        "label": label, "meaning": meaning, "unit": "arms of a comparison", "default": default,
        "allowed": "a word of arms=", "source": CHOICE, "studies": in_studies(word),
        "use": f"thalweg compare arms={shown}" if listed or word in {SUBSETS, arm_lists.NONE}
        else f"thalweg compare arms=none,{shown}",
    }  # fmt: skip


def _region(name: str) -> Facts:
    from experiments.regions import open_region
    from experiments.regions import region_document as document

    opened, held = open_region(name), document(name)
    return {
        "label": opened.region.label, "unit": "a region",
        "meaning": _opening(opened.path.read_text(encoding="utf-8")),
        "default": "the default region" if composed()["region"] == name else "not the default",
        "allowed": "region=NAME or the path of a file",
        "source": f"configs/region/{name}.yaml; {len(held['assumptions'])} assumptions stand there",
        "studies": in_studies(name), "use": f"thalweg compare region={name}",
    }  # fmt: skip


def _set(name: str) -> Facts:
    from experiments.shipped import config_folder, parameter_values

    text = (config_folder() / "parameters" / f"{name}.yaml").read_text(encoding="utf-8")
    values = {f"parameters.{group}.{key}": value for group, held in parameter_values(name).items()
              for key, value in held.items()}  # fmt: skip
    reasons = [line[2:] for line in text.splitlines()
               if line.startswith("# ") and "Use it:" not in line
               and "yaml-language-server" not in line][1:]  # fmt: skip
    return {
        "label": name, "meaning": _opening(text), "unit": "a set of parameter values",
        "default": "the numbers as declared", "sets": values, "allowed": "parameters=NAME",
        "source": " ".join(reasons) or f"configs/parameters/{name}.yaml",
        "use": f"thalweg compare parameters={name}",
    }  # fmt: skip


def _study(name: str) -> Facts:
    from experiments.shipped import config_folder

    text = (config_folder() / "study" / f"{name}.yaml").read_text(encoding="utf-8")
    use = re.search(r"^# Use it: +(thalweg [^(\n]+?)(?: {2,}|\s*\(|$)", text, re.MULTILINE)
    return {
        "label": name, "meaning": _opening(text), "unit": "a file of settings",
        "default": "no study: the settings as they stand", "allowed": "study=NAME of thalweg sweep",
        "source": f"configs/study/{name}.yaml", "studies": studies().get(name, {}),
        "use": use[1] if use else "",
    }  # fmt: skip


def _channel(key: str) -> Facts:
    from experiments.explain_readers import channel_readers
    from sim.channels import Channels
    from sim.state import fields

    name = key.removeprefix("channel.")
    one = fields(Channels)[name]
    about, _, way = one.about.rpartition("; ")
    return {
        "label": about, "meaning": f"{about[:1].upper()}{about[1:]}; mechanisms combine by {way}.",
        "unit": one.unit, "default": one.start, "allowed": _span(one.lo, one.hi),
        "source": "changed by mechanisms, set by nobody", "channels": _channels((name,)),
        "read_by": _told(channel_readers(name)),
    }  # fmt: skip


OF_KIND: dict[str, Callable[[str], Facts]] = {
    kinds.SETTING: _setting, kinds.PARAMETER: _parameter, kinds.MECHANISM: _mechanism,
    kinds.OUTCOME: _outcome, kinds.ARM: _arm, kinds.REGION: _region, kinds.SET: _set,
    kinds.STUDY: _study, kinds.CHANNEL: _channel,
}  # fmt: skip


def _channels(names: tuple[str, ...]) -> list[dict[str, Any]]:
    from sim.channels import Channels
    from sim.mechanisms import MECHANISMS
    from sim.state import fields

    about = fields(Channels)
    return [{"channel": name, "meaning": about[name].about.rpartition("; ")[0],
             "changed_by": [m.name for m in MECHANISMS if name in m.channels]}
            for name in names]  # fmt: skip


def _screened(key: str) -> dict[str, Any]:
    from experiments.screening import kept_screening

    found: dict[str, Any] = kept_screening().get("found", {}).get(key, {})
    return found


def _campaign() -> dict[str, Any]:
    """Under which conditions everything was screened, and by which model; empty where nothing."""
    from experiments.provenance import age_of
    from experiments.screening import kept_screening
    from sim.parameters import KEYS

    kept = kept_screening()
    if not kept:
        return {}
    done = len(kept["found"])
    return {**{key: value for key, value in kept.items() if key != "found"}, "screened": done,
            "left": len(KEYS) - done, "model": age_of(kept["kernel"])}  # fmt: skip


def _moved_by(outcome: str) -> dict[str, Any]:
    """Parameters that moved an outcome most in the screening: [end, state, difference ...]."""
    from experiments.screening import kept_screening

    found: dict[str, Any] = {}
    for key, ends in kept_screening().get("found", {}).items():
        for end, states in ends.items():
            for state, said in states.items():
                if isinstance(said, dict) and outcome in said["most"]:
                    found.setdefault(key, []).append([end, state, *said["most"][outcome]])
    return found


def _told(readers: Any) -> list[dict[str, Any]]:
    return [{"rule": one.name, "file": one.file, "stages": list(one.stages)} for one in readers]


def _place(module: str, stage: int) -> dict[str, Any]:
    file = module.replace(".", "/") + ".py"
    return {"rule": module.rsplit(".", 1)[-1], "file": file, "stages": [stage]}


def _source_of(module: str) -> str:
    """What the docstring of a mechanism says after its word Source."""
    import sys

    text = " ".join(str(sys.modules[module].__doc__).split())
    found = re.search(r"Source: (.+?)(?: [A-Z]\w*: |$)", text)
    return found[1] if found else f"see {module.replace('.', '/')}.py"


def _family_of(outcome: str) -> str:
    import sys

    return next(f"{name.replace('.', '/')}.py" for name, module in sorted(sys.modules.items())
                if name.startswith("sim.outcomes.")
                and any(one.key == outcome for one in getattr(module, "FAMILY", ())))  # fmt: skip


def _row_of(word: str) -> str:
    """What the table above `experiments.arm_lists` says of a word."""
    from experiments import arm_lists

    text = str(arm_lists.__doc__)
    found = re.search(rf"^``{word}``( .+(?:\n  +.+)*)", text, re.MULTILINE)
    return " ".join(found[1].split()).replace("``", "") if found else word


def _opening(text: str) -> str:
    """The sentence with which a file of choices opens."""
    return text.partition("\n")[0].removeprefix("#").strip()


def _span(lo: float, hi: float) -> str:
    from experiments.markdown import span

    return span(lo, hi)
