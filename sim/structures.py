"""The same parts, passed by reference inside compiled code.

A NamedTuple of two hundred arrays is copied, field by field, into every compiled function that it is
handed to; that costs compile time and time per call. Inside the loop the parts of `Topology`,
`State`, `Scratch` and `Parameters` therefore travel as reference structures with the same field
names: ``s.group.grievance`` reads the same in a rule, a test and a notebook. With the compiler
switched off the NamedTuples themselves are used.
"""

from __future__ import annotations

from typing import Any

from sim import state, topology
from sim._jit import JIT, kernel, structure
from sim.parameters import Parameters

if JIT:
    _namespace: dict[str, Any] = globals()
    for _cls in (
        *state.PARTS, state.State, state.Scratch, topology.Nations, topology.Pairs,
        topology.Municipalities, topology.Groups, topology.Units, topology.Basins,
        topology.Dyads, topology.Topology, Parameters,
    ):  # fmt: skip
        _type, _proxy = structure(_cls.__name__, _cls._fields, __name__)
        _namespace[f"{_cls.__name__}Type"] = _type
        _namespace[f"{_cls.__name__}Struct"] = _proxy

    @kernel
    def by_reference_state(s: Any) -> Any:
        """State as a reference structure over the same arrays."""
        return StateStruct(  # noqa: F821
            ClimateStruct(*s.climate), ResourceStruct(*s.unit), PeopleStruct(*s.group), TownStruct(*s.municipality),  # noqa: F821
            LinkStruct(*s.dyad), AccordStruct(*s.accord), GovernmentStruct(*s.nation), RelationStruct(*s.pair),  # noqa: F821
            TrackStruct(*s.track), ChannelsStruct(*s.channel), s.tally)  # noqa: F821

    @kernel
    def by_reference_scratch(w: Any) -> Any:
        """Work arrays as a reference structure."""
        return ScratchStruct(*w)  # noqa: F821

    @kernel
    def by_reference_topology(t: Any) -> Any:
        """Topology as a reference structure."""
        return TopologyStruct(  # noqa: F821
            NationsStruct(*t.nation), PairsStruct(*t.pair), MunicipalitiesStruct(*t.municipality), GroupsStruct(*t.group),  # noqa: F821
            UnitsStruct(*t.unit), BasinsStruct(*t.basin), DyadsStruct(*t.dyad))  # noqa: F821

    @kernel
    def by_reference_parameters(p: Any) -> Any:
        """Parameters as a reference structure of NamedTuples."""
        return ParametersStruct(*p)  # noqa: F821
else:
    def by_reference_state(s: Any) -> Any:
        """The NamedTuples themselves."""
        return s

    by_reference_scratch = by_reference_topology = by_reference_parameters = by_reference_state
