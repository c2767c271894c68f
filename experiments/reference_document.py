"""The pages of docs/reference: parameters, mechanisms and outcomes as their files declare them.

Nothing is typed here that a declaration holds; the commands have a file of their own
(`experiments.command_document`). The pages lie two folders deep, so that links to code climb twice.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from experiments.document_tables import acts, channels, classes, counts, parameters, series
from experiments.markdown import table

MARK = "<!-- written by python -m experiments.document; changes here are lost -->"


def parameters_page() -> str:
    """Every parameter, rule by rule in the order of the tick, then mechanism by mechanism."""
    from sim.parameters import DECLARED

    owners = [d.key.split(".")[0] for d in DECLARED]
    rows = [
        (f"[`{prefix}`](#{prefix})", owners.count(prefix), _claim(kind))
        for prefix, kind in classes().items()
    ]
    opening = (
        "Each is set by its key, as in `parameters.drought.severity_mean=0.4`; a value outside its "
        "range is refused. A source that opens with *assumption* is one: no reference carries the "
        "number."
    )
    return _page(
        "Parameters",
        opening,
        counts(),
        table(("of", "parameters", "what they belong to"), rows),
        *(_of_owner(prefix, kind) for prefix, kind in classes().items()),
    )


def mechanisms_page() -> str:
    """Every mechanism as its file declares it, and the channels that they change."""
    from sim.mechanisms import MECHANISMS

    opening = (
        "Each is switched on by its name, as in `mechanisms=joint_committee` or in an arm, and set "
        "by `mechanisms.joint_committee.intensity=0.5` (0 to 1), `.from_year=5`, "
        "`.mode=negotiated` and `.dyads=A-B,C-D`. What each was measured to change stands in "
        "[what each mechanism does](../mechanisms.md)."
    )
    rows = [(f"[{m.label}](#{_anchor(m.label)})", f"`{m.name}`", m.about) for m in MECHANISMS]
    return _page(
        "Mechanisms",
        opening,
        table(("mechanism", "name", "what it is"), rows),
        *(_mechanism(m) for m in MECHANISMS),
        "## Channels",
        "A mechanism changes named quantities, which the rules read. Where several change the same "
        "one they combine in the stated way, so that their order cannot matter.",
        channels(),
    )


def outcomes_page() -> str:
    """Every outcome, family by family; the quarterly series; the acts that the log can hold."""
    from sim.outcomes import OUTCOMES, _families

    opening = (
        f"A run has {len(OUTCOMES)} outcomes. The outcome of the headline is fixed beforehand: "
        "the chance of an interstate crisis rooted in the resource; where fewer than 30 histories "
        "of an arm hold one, the next in a fixed order."
    )
    return _page(
        "Outcomes, series and acts",
        opening,
        *(_family(name) for name in _families()),
        "## Series",
        "Kept once a quarter; `load(DIR).series(KEY)` reads one.",
        series(),
        "## Acts",
        "Every line of the event log is one of these. BAR is the scale of the event data on "
        "river basins, from -7 (war) to +7.",
        acts(),
    )


def _page(title: str, *blocks: str) -> str:
    return "\n\n".join([MARK, f"# {title}", *blocks]) + "\n"


def _of_owner(prefix: str, kind: type) -> str:
    path = kind.__module__.replace(".", "/") + ".py"
    code = f"Code: [`{path}`](../../{path})"
    return f"## {prefix}\n\n{_claim(kind)} {code}\n\n{parameters(prefix)}"


def _mechanism(mechanism: Any) -> str:
    from sim.mechanisms import TRAITS, module_of

    module = module_of(mechanism.name)
    path = module.__name__.replace(".", "/") + ".py"
    answers = ", ".join(f"{problem} {weight:g}" for problem, weight in module.ANSWERS.items())
    values = {d.key.split(".")[1]: d.default for d in mechanism.parameters}
    rows = [
        ("name", f"`{mechanism.name}`"),
        ("changes", ", ".join(f"`{channel}`" for channel in mechanism.channels)),
        ("fails when", mechanism.fails_when),
        ("costs", mechanism.cost_note),
        ("set-up", f"{values['setup_years']:g} years until 63 % mature"),
        ("answers", answers),
        *(("trait", f"{t}: {TRAITS[t]}") for t in getattr(module, "TRAITS", ())),
        ("parameters", f"[{len(values)}](parameters.md#{mechanism.name})"),
        ("measured", f"[what it does](../mechanisms.md#{_anchor(mechanism.label)})"),
        ("code", f"[`{path}`](../../{path})"),
    ]
    return f"## {mechanism.label}\n\n{mechanism.about}\n\n{table(('of it', 'declared'), rows)}"


def _family(name: str) -> str:
    module = import_module(f"sim.outcomes.{name}")
    rows = [(f"`{o.key}`", o.label, o.unit, o.better, o.kind, o.about) for o in module.FAMILY]
    columns = ("key", "label", "unit", "better", "kind", "definition")
    first = next(_paragraphs(module.__doc__ or ""))
    return f"## {name.capitalize()}\n\n{first}\n\n{table(columns, rows)}"


def _claim(kind: type) -> str:
    """The claim that opens the file in which parameters are declared."""
    return next(_paragraphs(sys.modules[kind.__module__].__doc__ or ""))


def _paragraphs(doc: str) -> Iterator[str]:
    """Paragraphs of a docstring, each on one line, as Markdown."""
    for paragraph in inspect.cleandoc(doc).split("\n\n"):
        yield " ".join(paragraph.split()).replace("``", "`")


def _anchor(label: str) -> str:
    return label.lower().replace(" ", "-")
