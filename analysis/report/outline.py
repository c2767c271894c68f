"""The outline of the report: its sections in order, each with its question and its figures."""

from __future__ import annotations

from typing import NamedTuple

from analysis.language import marked


class Section(NamedTuple):
    """One section. ``figures`` are keys of `analysis.figures.FIGURES`."""

    key: str
    nav: str
    title: str
    intro: str
    figures: tuple[str, ...]


SECTIONS = (
    Section(
        "time",
        marked("Over time"),
        marked("How far does trouble climb over the years?"),
        marked(
            "Every history is scored each quarter on two ladders: one between towns, one between "
            "nations. Most histories stay low; the bands show how many do not."
        ),
        ("ladder",),
    ),
    Section(
        "works",
        marked("What works"),
        marked("What does each bundle of mechanisms change?"),
        marked(
            "Histories are compared in pairs that share the same weather, elections and "
            "temperaments. What differs within a pair is due to the mechanisms, inside this model."
        ),
        ("forest", "profile"),
    ),
    Section(
        "drives",
        marked("What drives risk"),
        marked("Which setting moves the outcome, and when does the package fail?"),
        marked(
            "Settings that no source fixes were varied together over ranges. What follows says "
            "which of them the outcome hangs on, whether that is known yet, and under which of "
            "them the package fails."
        ),
        ("drives", "convergence", "fails"),
    ),
    Section(
        "money",
        marked("Value for money"),
        marked("Which mix of mechanisms for which money?"),
        marked(
            "Every mechanism costs money, by assumptions of the model. What follows sets what a "
            "mix costs beside what it changes."
        ),
        ("frontier", "worth"),
    ),
    Section(
        "where",
        marked("Where"),
        marked("Where does violence start?"),
        marked(
            "A violent incident is people of two partner towns fighting over the resource. It is "
            "the top of the local ladder and the bottom of most crises that begin locally."
        ),
        ("places", "quarters"),
    ),
    Section(
        "history",
        marked("One history"),
        marked("How does one history unfold?"),
        marked(
            "Behind every number stand histories like this one: acts with dates, actors and "
            "causes. It is an illustration chosen by a stated rule, not a typical case."
        ),
        ("timeline", "chain"),
    ),
    Section(
        "whatif",
        marked("What if"),
        marked("Try your own mix"),
        marked(
            "Move the sliders. A fast stand-in for the simulation (an emulator) answers at once, "
            "in this page. It answers for the model's mean, with its own range, never for the "
            "world."
        ),
        (),
    ),
    Section(
        "robust",
        marked("Robustness"),
        marked("Does the headline hold under other assumptions?"),
        marked(
            "The same two arms, simulated again under settings that may be doubted. A finding is "
            "worth more when it survives them."
        ),
        ("robust",),
    ),
)

UNASKED = (
    (("drives", "fails"), marked(
        "Which assumption moves the outcome, and when does the package fail?"
    ),
     "thalweg sweep study=doubts out=DOUBTS"),
    (("robust",), marked("Does the headline hold under other assumptions?"),
     "thalweg compare ... parameters=tight_purse out=TIGHT"),
    (("chain",), marked("Why did the crisis of one history happen?"), "thalweg trace {folder} ROW"),
    (("whatif",), marked("What would the model say in between?"),
     "thalweg sweep study=sliders out=SLIDERS"),
)  # fmt: skip

LIMITS = (
    (
        marked("It is not a forecast."),
        marked(
            "Shares are shares of simulated histories under one set of assumptions. They are not "
            "the odds of anything at the real border."
        ),
    ),
    (
        marked("It cannot say that a mechanism works in the world."),
        marked(
            "No study that could be found measures the effect of municipal cooperation on "
            "escalation between states, so nothing here was fitted to such an effect. It follows "
            "from the declared rules and their parameters."
        ),
    ),
    (
        marked("Its intervals are about chance only."),
        marked(
            "They cover the luck of the simulated histories. They do not cover other parameter "
            "values, other rules, or what the model leaves out."
        ),
    ),
    (
        marked("Its places are names on assumptions."),
        marked(
            "Towns, borders and populations are real where the sources below say so. Trust, "
            "rivalry, capacity and the like are assumptions, listed below, and no statement about "
            "the people of any town."
        ),
    ),
    (
        marked("It takes no position on any border."),
        marked("Lines on the map are drawn as the source draws them."),
    ),
)

GLOSSARY = (
    (
        marked("arm"),
        marked(
            "A bundle of cooperation mechanisms that is switched on in all histories of a set. "
            "The first arm is the reference that the others are compared with."
        ),
    ),
    (
        marked("BAR scale"),
        marked(
            "Basins at Risk scale of events between states over water, from \u22127 (war) over 0 "
            "(neutral) to +7 (union)."
        ),
    ),
    (
        marked("competing risk"),
        marked(
            "A crisis over another issue, which can come first. Towns cannot prevent it, and it "
            "is counted beside the crises over the resource."
        ),
    ),
    (
        marked("contained"),
        marked(
            "An incident that reached protest or more and from which no hostile act of a national "
            "organ followed within 26 weeks (hostility 2 or above, or BAR \u22123 or worse)."
        ),
    ),
    (
        marked("crisis"),
        marked(
            "The first act of hostility 3 or above by a state organ of one nation against the "
            "other. Its root is a local incident, an interstate dispute over the resource, or "
            "another issue."
        ),
    ),
    (
        marked("hostility level"),
        marked(
            "As for militarized interstate disputes: 1 no militarized act, 2 threat of force, 3 "
            "display, 4 use of force, 5 war."
        ),
    ),
    (marked(
        "incident"
    ), marked(
        "All local acts of one pair of towns on one issue until four quiet weeks."
    )),
    (
        marked("interval, 95 %"),
        marked(
            "A range made so that, in about 95 of 100 repetitions of the whole study with fresh "
            "seeds, it would hold the model's own true difference."
        ),
    ),
    (
        marked("pair of histories"),
        marked(
            "Two histories with the same seed, one in each arm, so that they share every draw of "
            "chance (common random numbers)."
        ),
    ),
    (
        marked("restricted mean"),
        marked(
            "Mean time to a first event within the years simulated: a history without the event "
            "counts with all of them (Royston and Parmar 2013)."
        ),
    ),
    (
        marked("variance reduction"),
        marked(
            "How many times more independent histories would be needed for the same precision "
            "without pairing."
        ),
    ),
)

LICENCES = (
    (marked("Place names and populations"), marked("GeoNames (geonames.org), CC BY 4.0")),
    (marked("Border lines"), marked("Natural Earth (naturalearthdata.com), public domain")),
    (marked(
        "Charts"
    ), marked(
        "plotly.js, copyright Plotly, Inc., MIT licence; this copy keeps its notice"
    )),
)
