"""The Mesa facade: agents are views of the real state, a step is one compiled tick, bits agree."""

from __future__ import annotations

import subprocess
import sys

import mesa
import numpy as np
import pytest
from conftest import ROOT

import sim
from experiments.regions import load_region
from sim.agents import Municipality, Nation, StateValue, UserGroup
from sim.mechanisms import NAMES
from sim.model import BorderModel, reporters
from sim.record import KEYS
from sim.scenario import ScenarioError, scenario
from sim.simulate import simulate, simulate_many
from sim.state import Government, People, Town, fields
from sim.synthetic import synthetic_region

FULL = dict.fromkeys(NAMES, 1.0)
VIEWS = ((Nation, Government), (Municipality, Town), (UserGroup, People))


@pytest.fixture(scope="module")
def fergana():
    return load_region("fergana")


def small(**settings) -> BorderModel:
    """A model of a small invented region, just started."""
    return BorderModel(synthetic_region(), years=2, spinup_years=1, **settings)


# ── the door ────────────────────────────────────────────────────────────────────────────────────


def test_importing_the_room_imports_nothing_heavy() -> None:
    code = (
        "import sys, sim; "
        "print([m for m in ('numba', 'mesa', 'numpy', 'pandas', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_the_door_has_at_most_ten_names_and_each_opens() -> None:
    assert len(sim.__all__) <= 10
    for name in sim.__all__:
        assert getattr(sim, name).__name__ == name
        assert name in dir(sim)
    with pytest.raises(AttributeError, match="no attribute 'Nope'"):
        sim.Nope  # noqa: B018


# ── the same numbers as the ensemble ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("arm", [{}, FULL], ids=["none", "full"])
def test_a_data_collector_and_the_ensemble_give_the_same_numbers(fergana, arm) -> None:
    """Same seed, equal bits at every quarter's end, in the log and in every outcome."""
    model = BorderModel(fergana, mechanisms=arm, seed=7, years=10)
    collector = mesa.DataCollector(model_reporters=reporters())
    while model.running:
        model.step()
        if model.ticks % 13 == 0:
            collector.collect(model)
    ensemble = simulate_many([model.scenario, model.scenario._replace(seed=8)], threads=2, chunk=1)
    collected = collector.get_model_vars_dataframe().to_numpy()
    assert collected.shape == (40, len(KEYS))
    assert np.array_equal(collected.astype(np.float32), ensemble.series[0])
    assert np.array_equal(model.series.astype(np.float32), ensemble.series[0])
    for key, value in model.outcomes().items():
        assert np.array_equal(value, ensemble.outcomes[key][0], equal_nan=True), key
    assert np.array_equal(model.events, simulate(model.scenario).events)


def test_looking_changes_nothing(fergana) -> None:
    """A model that is looked at every week and one that is not end in the same bits."""
    watched, left_alone = (BorderModel(fergana, seed=3, years=2, spinup_years=1) for _ in "ab")
    while watched.running:
        watched.step()
        watched.now("local_rung_max")
        watched.outcomes()
        watched.agents_by_type[UserGroup].agg("grievance", np.mean)
    left_alone.run_model()
    assert np.array_equal(watched.series, left_alone.series)
    assert np.array_equal(watched.events, left_alone.events)


@pytest.mark.parametrize("weeks", [0.5, 2.0])
def test_other_tick_lengths_work_too(weeks) -> None:
    model = small(tick_weeks=weeks, seed=0)
    model.run_model()
    history = simulate(model.scenario)
    assert model.ticks == round(104 / weeks)
    assert model.year == pytest.approx(2.0)
    assert np.array_equal(model.series.astype(np.float32), history.series)


def test_outcomes_on_the_way_are_those_of_the_years_so_far() -> None:
    """Rates are per year lived; a shorter scenario of the same seed gives the same."""
    region = synthetic_region(scarcity=1.2)
    model = BorderModel(region, years=20, seed=4)
    for _ in range(52 * 5):
        model.step()
    short = simulate(scenario(region, years=5, seed=4))
    for key, value in model.outcomes().items():
        assert np.array_equal(value, short.outcomes[key], equal_nan=True), key


def test_before_the_first_step_there_are_no_outcomes() -> None:
    with pytest.raises(RuntimeError, match="step the model first"):
        small().outcomes()


# ── agents are views ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("view", "part"), VIEWS)
def test_every_declared_state_has_a_documented_property(view, part) -> None:
    declared = fields(part)
    shown = {name: value for name, value in vars(view).items() if isinstance(value, StateValue)}
    assert list(shown) == list(declared), "add it to the view in sim/agents.py, in the same order"
    for name, value in shown.items():
        assert declared[name].about[1:] in value.__doc__
        assert declared[name].unit in value.__doc__


def test_there_is_one_agent_per_row_in_order() -> None:
    model = small()
    kinds = model.agents_by_type
    assert set(kinds) == {Nation, Municipality, UserGroup}
    for kind, names in ((Nation, model.region.nation_names),
                        (Municipality, model.region.municipality_names),
                        (UserGroup, model.region.group_names)):  # fmt: skip
        assert [agent.name for agent in kinds[kind]] == list(names)
        assert [agent.row for agent in kinds[kind]] == list(range(len(names)))


def test_agents_know_each_other() -> None:
    model = small()
    town = model.municipalities[3]
    assert town in town.nation.municipalities
    assert all(group.municipality is town for group in town.groups)
    assert [group.name.split("/")[0] for group in town.groups] == [town.name] * 3
    assert town.partners
    assert all(partner.nation is not town.nation for partner in town.partners)
    assert all(town in partner.partners for partner in town.partners)
    assert town.groups[0].kind == "irrigators"
    assert town.groups[0].unit in model.region.unit_names
    assert town.latitude == model.region.latitude[3]
    assert town.longitude == model.region.longitude[3]
    assert repr(town) == f"Municipality({town.name!r})"


def test_reading_and_writing_is_the_real_state() -> None:
    model = small()
    town, group = model.municipalities[2], model.groups[5]
    town.commitment = 0.2
    assert model.state.municipality.commitment[2] == 0.2
    model.state.group.grievance[5] = 0.7
    assert group.grievance == 0.7
    assert isinstance(group.grievance, float)
    group.grievance = 1  # whole numbers are numbers
    assert group.grievance == 1.0


def test_an_intervention_between_ticks_changes_what_follows() -> None:
    """Grieved people complain: the same seed with and without the intervention."""
    calm, angry = small(seed=5), small(seed=5)
    for group in angry.groups:
        group.grievance = 1.0
        group.blame = 1.0
    for model in (calm, angry):
        for _ in range(13):
            model.step()
    assert angry.events.size > calm.events.size + 20
    assert angry.state.climate.anomaly.tolist() == calm.state.climate.anomaly.tolist()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1.5, "commitment of M02: 1.5 is outside the allowed range 0 to 1 share."),
        (-0.1, "commitment of M02: -0.1 is outside"),
        (float("nan"), "commitment of M02: nan is outside"),
    ],
)
def test_a_value_outside_its_range_is_refused_in_plain_words(value, told) -> None:
    model = small()
    before = model.municipalities[1].commitment
    with pytest.raises(ValueError, match="commitment of M02") as caught:
        model.municipalities[1].commitment = value
    assert told in str(caught.value)
    assert model.municipalities[1].commitment == before


def test_an_unbounded_value_must_still_be_a_number() -> None:
    with pytest.raises(ValueError, match="reserves of M01: inf"):
        small().municipalities[0].reserves = float("inf")


def test_what_belongs_to_the_region_is_fixed() -> None:
    model = small()
    assert model.groups[0].size == model.topology.group.size[0]
    with pytest.raises(AttributeError, match="belongs to the region"):
        model.groups[0].size = 3.0


def test_mesas_own_tools_work() -> None:
    model = small()
    towns = model.agents_by_type[Municipality]
    towns.set("commitment", 0.3)
    assert (model.state.municipality.commitment == 0.3).all()
    assert towns.get("commitment") == [0.3] * len(towns)
    largest = towns.select(lambda town: town.population > 30_000)
    assert 0 < len(largest) < len(towns)
    assert towns.agg("population", sum) == pytest.approx(
        model.topology.municipality.population.sum()
    )
    assert len(model.agents) == len(towns) + len(model.nations) + len(model.groups)
    collector = mesa.DataCollector(
        model_reporters={"year": "year", "grievance": lambda m: m.now("grievance")},
        agenttype_reporters={UserGroup: {"grievance": "grievance"}},
    )
    for _ in range(3):
        model.step()
        collector.collect(model)
    assert collector.get_model_vars_dataframe()["year"].tolist() == [1 / 52, 2 / 52, 3 / 52]
    assert len(collector.get_agenttype_vars_dataframe(UserGroup)) == 3 * len(model.groups)


# ── stepping, imposing, changing ────────────────────────────────────────────────────────────────


def test_a_history_ends_at_its_horizon() -> None:
    model = small()
    model.run_model()
    assert (model.ticks, model.steps, model.running) == (104, 104, False)
    with pytest.raises(RuntimeError, match="ends after 2 years"):
        model.step()
    assert (model.ticks, model.steps) == (104, 104)


def test_a_scenario_or_a_region_with_settings_builds_the_same_model() -> None:
    region = synthetic_region()
    asked = scenario(region, seed=0, years=1, spinup_years=1, mechanisms={"exchanges": 0.5})
    first = BorderModel(asked)
    second = BorderModel(region, seed=0, years=1, spinup_years=1, mechanisms={"exchanges": 0.5})
    for model in (first, second):
        model.run_model()
    assert np.array_equal(first.series, second.series)
    with pytest.raises(ScenarioError, match="years"):
        BorderModel(asked, years=3)
    with pytest.raises(ScenarioError, match="exchange: unknown mechanism"):
        BorderModel(region, mechanisms={"exchange": 1.0})


def test_a_mechanism_can_be_imposed_and_ended_on_the_way() -> None:
    """Imposed at once it is the scenario's; ended it leaves no strength and costs nothing more."""
    region = synthetic_region()
    protocol = {"restraint_protocol": 0.8}  # goes on while the border is closed
    model = BorderModel(region, years=4, spinup_years=1)
    planned = BorderModel(region, years=4, spinup_years=1, mechanisms=protocol)
    model.impose("restraint_protocol", 0.8)
    for _ in range(104):
        model.step()
        planned.step()
    assert model.now("strength") == planned.now("strength") > 0.0
    model.impose("restraint_protocol", 0.0)
    model.step()
    spent = model.state.municipality.spent.sum()
    for _ in range(51):
        model.step()
    assert model.now("strength") == 0.0
    assert model.state.municipality.spent.sum() == spent > 0.0
    assert not model.state.accord.phase.any()


def test_a_mechanism_can_be_left_to_the_towns_on_the_way() -> None:
    """What was imposed ends; the towns begin from nothing and agree on no more than the ceiling."""
    willing = {"negotiation.propose_rate": 20.0, "negotiation.step_rate": 50.0,
               "negotiation.veto_budget": 0.0, "negotiation.veto_electorate": 0.0}  # fmt: skip
    model = BorderModel(synthetic_region(), years=12, spinup_years=1, parameters=willing,
                        mechanisms={"exchanges": 1.0})  # fmt: skip
    model.step()
    assert model.state.accord.phase.any()
    model.negotiate("exchanges", 0.5)
    assert not model.state.accord.phase.any()
    for _ in range(560):  # until they have lived through something that it answers
        model.step()
    assert model.state.dyad.signed.sum() > 0
    assert 0.0 < model.state.accord.intensity.max() <= 0.5
    with pytest.raises(ScenarioError, match="outside the allowed range"):
        model.negotiate("exchanges", 2.0)


def test_imposing_does_not_touch_the_scenario() -> None:
    model = small()
    model.impose("mutual_aid", 1.0)
    assert not model.scenario.intensity.any()


def test_a_parameter_can_be_changed_on_the_way() -> None:
    model, same = small(seed=2), small(seed=2)
    model.change("onset.complaint_rate", 200.0)
    model.change("onset.accident_rate", 5.0)
    for each in (model, same):
        for _ in range(52):
            each.step()
    assert model.events.size > same.events.size
    assert same.parameters.tolist() == same.scenario.parameters.tolist()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda m: m.impose("mutual_ade", 1.0), "mutual_ade: unknown mechanism"),
        (lambda m: m.impose("mutual_aid", 1.5), "1.5 is outside the allowed range 0 to 1"),
        (lambda m: m.change("onset.nothing", 1.0), "onset.nothing: unknown parameter"),
        (lambda m: m.change("onset.contagion", 70.0), "onset.contagion: 7"),
    ],
)
def test_a_wrong_intervention_is_refused(call, told) -> None:
    with pytest.raises(ScenarioError, match=r"outside|unknown") as caught:
        call(small())
    assert told in str(caught.value)


def test_an_unknown_series_is_refused() -> None:
    with pytest.raises(KeyError, match="grievances: unknown series"):
        small().now("grievances")
