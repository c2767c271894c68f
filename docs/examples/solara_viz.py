"""The border region in Mesa's own viewer: solara run docs/examples/solara_viz.py --host localhost.

Needs the pins of the extra 'viz' (docs/live.md). Simulated, not observed; one history is no result.
"""

from __future__ import annotations

import mesa
from mesa.visualization import Slider, SolaraViz, make_plot_component

from experiments import load_region
from sim import BorderModel
from sim.model import reporters

RUNGS = ("local_rung_max", "interstate_rung")


class Fergana(BorderModel):
    """SolaraViz builds the model anew from these names; the first must be called ``self``."""

    def __init__(self, seed: int = 7, joint_committee: float = 0.0, years: float = 20.0) -> None:
        chosen = {"joint_committee": joint_committee} if joint_committee else {}
        super().__init__(load_region("fergana"), mechanisms=chosen, years=years, seed=int(seed))
        self.datacollector = mesa.DataCollector(reporters("trust", "grievance", *RUNGS))

    def step(self) -> None:
        """A week, and what the plots show of it."""
        super().step()
        self.datacollector.collect(self)


PARAMETERS = {
    "seed": {"type": "InputText", "value": 7, "label": "Seed"},
    "joint_committee": Slider("Joint committee, intensity", 0.0, 0.0, 1.0, 0.1),
}
PLOTS = [make_plot_component(list(RUNGS)), make_plot_component(["trust", "grievance"])]
page = SolaraViz(Fergana(), components=PLOTS, model_params=PARAMETERS, name="Simulated border")
