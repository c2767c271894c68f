"""All parameters of the model: one row of numbers, one NamedTuple per rule, declared in the rules.

A run's parameters are one row of a matrix, in the order of the fields below and then of the
mechanisms. Inside the compiled loop the row is unpacked into the NamedTuples that rules and
mechanisms take; outside it is addressed by keys such as ``drought.severity_mean``.
"""

from __future__ import annotations

from typing import NamedTuple, get_type_hints

import numpy as np

from sim import mechanisms as m
from sim.declare import Declared, describe
from sim.parameter_row import unpacker
from sim.rules.abstraction import AbstractionParameters
from sim.rules.agreement_money import MoneyParameters
from sim.rules.agreements import AgreementParameters
from sim.rules.answering import AnswerParameters
from sim.rules.background_quarrel import QuarrelParameters
from sim.rules.bargain import BargainParameters
from sim.rules.blame import BlameParameters
from sim.rules.demarcation import DemarcationParameters
from sim.rules.displacement import DisplacementParameters
from sim.rules.drought import DroughtParameters
from sim.rules.erosion import ErosionParameters
from sim.rules.exposure import ExposureParameters
from sim.rules.flood import FloodParameters
from sim.rules.hazard_response import HazardParameters
from sim.rules.heat_wave import HeatParameters
from sim.rules.identity import IdentityParameters
from sim.rules.interstate_bodies import BodyParameters
from sim.rules.interstate_ladder import InterstateParameters
from sim.rules.interstate_settlement import SettlementParameters
from sim.rules.lived import LivedParameters
from sim.rules.livelihood import LivelihoodParameters
from sim.rules.local_ladder import LadderParameters
from sim.rules.local_onset import OnsetParameters
from sim.rules.mobilisation import MobilisationParameters
from sim.rules.municipal_budget import BudgetParameters
from sim.rules.municipal_politics import PoliticsParameters
from sim.rules.negotiation import NegotiationParameters
from sim.rules.paradiplomacy import ParadiplomacyParameters
from sim.rules.perception import PerceptionParameters
from sim.rules.political_shock import ShockParameters
from sim.rules.public_opinion import OpinionParameters
from sim.rules.quality import QualityParameters
from sim.rules.relative_deprivation import DeprivationParameters
from sim.rules.renewal import RenewalParameters
from sim.rules.resources import ResourceParameters
from sim.rules.review import ReviewParameters
from sim.rules.state_act import CrisisParameters
from sim.rules.storm import StormParameters
from sim.rules.talk import TalkParameters
from sim.rules.tension import TensionParameters
from sim.rules.trust import TrustParameters
from sim.rules.unilateral_project import ProjectParameters
from sim.rules.voice import VoiceParameters
from sim.rules.weather import WeatherParameters


class Parameters(NamedTuple):
    """Every parameter of a run; field names are the prefixes of the keys."""

    weather: WeatherParameters
    drought: DroughtParameters
    flood: FloodParameters
    heat: HeatParameters
    storm: StormParameters
    project: ProjectParameters
    erosion: ErosionParameters
    resource: ResourceParameters
    quality: QualityParameters
    perception: PerceptionParameters
    abstraction: AbstractionParameters
    livelihood: LivelihoodParameters
    voice: VoiceParameters
    deprivation: DeprivationParameters
    blame: BlameParameters
    mobilisation: MobilisationParameters
    identity: IdentityParameters
    hazard: HazardParameters
    exposure: ExposureParameters
    displacement: DisplacementParameters
    budget: BudgetParameters
    politics: PoliticsParameters
    agreement: AgreementParameters
    money: MoneyParameters
    review: ReviewParameters
    lived: LivedParameters
    shock: ShockParameters
    bargain: BargainParameters
    negotiation: NegotiationParameters
    renewal: RenewalParameters
    onset: OnsetParameters
    ladder: LadderParameters
    trust: TrustParameters
    quarrel: QuarrelParameters
    answer: AnswerParameters
    crisis: CrisisParameters
    interstate: InterstateParameters
    settlement: SettlementParameters
    talk: TalkParameters
    tension: TensionParameters
    opinion: OpinionParameters
    demarcation: DemarcationParameters
    body: BodyParameters
    paradiplomacy: ParadiplomacyParameters
    mechanism: m.MechanismParameters


# Prefix of a key -> the numbers under it: rules in the order of the fields, then mechanisms.
_RULES = {name: cls for name, cls in get_type_hints(Parameters).items() if name != "mechanism"}
_CLASSES: dict[str, type] = {**_RULES, **get_type_hints(m.MechanismParameters)}
DECLARED: tuple[Declared, ...] = tuple(
    declared for prefix, cls in _CLASSES.items() for declared in describe(prefix, cls)
)
KEYS: tuple[str, ...] = tuple(d.key for d in DECLARED)
# One row of the parameter matrix as NamedTuples: in the compiled loop, and for Python.
unpack, parameters_of = unpacker(Parameters)


def default_row() -> np.ndarray:
    """All defaults as one row [parameter]."""
    return np.array([d.default for d in DECLARED])
