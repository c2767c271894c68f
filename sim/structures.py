"""The same parts, passed by reference inside compiled code.

A NamedTuple of two hundred arrays is copied, field by field, into every compiled function that it
is handed to; that cost five times the compile time and ten times the run time of a small region.
Inside the loop the parts of `Topology`, `State`, `Scratch` and `Parameters` therefore travel as
reference structures with the same field names over the same arrays: ``s.group.grievance`` reads the
same in a rule, a test and a notebook. With the compiler switched off the NamedTuples themselves are
used.
"""

from __future__ import annotations

from typing import Any

from sim import schedule, scratch, state, topology
from sim._jit import JIT, kernel, structure
from sim.mechanisms import MechanismParameters
from sim.parameters import Parameters

if JIT:
    for _cls in (
        *state.PARTS, state.State, scratch.Scratch, topology.Nations, topology.Pairs,
        topology.Municipalities, topology.Groups, topology.Units, topology.Basins,
        topology.Dyads, topology.Topology, schedule.Schedule, Parameters, MechanismParameters,
    ):  # fmt: skip
        _pair = structure(_cls.__name__, _cls._fields, __name__)
        globals().update({f"{_cls.__name__}Type": _pair[0], f"{_cls.__name__}Struct": _pair[1]})

    @kernel
    def _climate(t: Any) -> Any:
        return ClimateStruct(*t)  # noqa: F821

    @kernel
    def _resource(t: Any) -> Any:
        return ResourceStruct(*t)  # noqa: F821

    @kernel
    def _people(t: Any) -> Any:
        return PeopleStruct(*t)  # noqa: F821

    @kernel
    def _town(t: Any) -> Any:
        return TownStruct(*t)  # noqa: F821

    @kernel
    def _link(t: Any) -> Any:
        return LinkStruct(*t)  # noqa: F821

    @kernel
    def _accord(t: Any) -> Any:
        return AccordStruct(*t)  # noqa: F821

    @kernel
    def _government(t: Any) -> Any:
        return GovernmentStruct(*t)  # noqa: F821

    @kernel
    def _relation(t: Any) -> Any:
        return RelationStruct(*t)  # noqa: F821

    @kernel
    def _track(t: Any) -> Any:
        return TrackStruct(*t)  # noqa: F821

    @kernel
    def _channels(t: Any) -> Any:
        return ChannelsStruct(*t)  # noqa: F821

    @kernel
    def _scratch(t: Any) -> Any:
        return ScratchStruct(*t)  # noqa: F821

    @kernel
    def _nations(t: Any) -> Any:
        return NationsStruct(*t)  # noqa: F821

    @kernel
    def _pairs(t: Any) -> Any:
        return PairsStruct(*t)  # noqa: F821

    @kernel
    def _municipalities(t: Any) -> Any:
        return MunicipalitiesStruct(*t)  # noqa: F821

    @kernel
    def _groups(t: Any) -> Any:
        return GroupsStruct(*t)  # noqa: F821

    @kernel
    def _units(t: Any) -> Any:
        return UnitsStruct(*t)  # noqa: F821

    @kernel
    def _basins(t: Any) -> Any:
        return BasinsStruct(*t)  # noqa: F821

    @kernel
    def _dyads(t: Any) -> Any:
        return DyadsStruct(*t)  # noqa: F821

    @kernel
    def _state(c: Any, u: Any, g: Any, m: Any, d: Any, k: Any, n: Any, p: Any, i: Any, h: Any,
               tally: Any) -> Any:
        return StateStruct(c, u, g, m, d, k, n, p, i, h, tally)  # noqa: F821

    @kernel
    def _topology(n: Any, p: Any, m: Any, g: Any, u: Any, b: Any, d: Any) -> Any:
        return TopologyStruct(n, p, m, g, u, b, d)  # noqa: F821

    @kernel
    def parameters_by_reference(p: Parameters) -> Any:
        """Parameters as a reference structure of NamedTuples (called in compiled code)."""
        mechanism = MechanismParametersStruct(*p.mechanism)  # noqa: F821
        return ParametersStruct(*(p[:-1] + (mechanism,)))  # noqa: F821, RUF005

    @kernel
    def _schedule(t: Any) -> Any:
        return ScheduleStruct(*t)  # noqa: F821

    schedule_by_reference = _schedule  # called in compiled code

    def state_by_reference(s: state.State) -> Any:
        """The state's arrays as reference structures."""
        return _state(_climate(s.climate), _resource(s.unit), _people(s.group),
                      _town(s.municipality), _link(s.dyad), _accord(s.accord),
                      _government(s.nation), _relation(s.pair), _track(s.track),
                      _channels(s.channel), s.tally)

    def topology_by_reference(t: topology.Topology) -> Any:
        """The topology's arrays as reference structures."""
        return _topology(_nations(t.nation), _pairs(t.pair), _municipalities(t.municipality),
                         _groups(t.group), _units(t.unit), _basins(t.basin), _dyads(t.dyad))

    def scratch_by_reference(w: scratch.Scratch) -> Any:
        """The work arrays as a reference structure."""
        return _scratch(w)
else:

    def state_by_reference(s: Any) -> Any:
        """The NamedTuple itself: the compiler is off."""
        return s

    topology_by_reference = scratch_by_reference = parameters_by_reference = state_by_reference
    schedule_by_reference = state_by_reference
