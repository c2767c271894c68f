"""All parameters of the model: one row of numbers, one NamedTuple per rule, declared in the rules.

A run's parameters are one row of a matrix. Inside the compiled loop the row is unpacked into the
NamedTuples that rules and mechanisms take; outside it is addressed by keys such as
``drought.severity_mean``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import mechanisms as m
from sim._jit import fixed, kernel
from sim.declare import Declared, describe
from sim.mechanism_row import MECHANISM_NUMBERS, unpack_mechanisms
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


_CLASSES: dict[str, type] = {
    "weather": WeatherParameters,
    "drought": DroughtParameters,
    "flood": FloodParameters,
    "heat": HeatParameters,
    "storm": StormParameters,
    "project": ProjectParameters,
    "erosion": ErosionParameters,
    "resource": ResourceParameters,
    "quality": QualityParameters,
    "perception": PerceptionParameters,
    "abstraction": AbstractionParameters,
    "livelihood": LivelihoodParameters,
    "voice": VoiceParameters,
    "deprivation": DeprivationParameters,
    "blame": BlameParameters,
    "mobilisation": MobilisationParameters,
    "identity": IdentityParameters,
    "hazard": HazardParameters,
    "exposure": ExposureParameters,
    "displacement": DisplacementParameters,
    "budget": BudgetParameters,
    "politics": PoliticsParameters,
    "agreement": AgreementParameters,
    "money": MoneyParameters,
    "review": ReviewParameters,
    "lived": LivedParameters,
    "shock": ShockParameters,
    "bargain": BargainParameters,
    "negotiation": NegotiationParameters,
    "renewal": RenewalParameters,
    "onset": OnsetParameters,
    "ladder": LadderParameters,
    "trust": TrustParameters,
    "quarrel": QuarrelParameters,
    "answer": AnswerParameters,
    "crisis": CrisisParameters,
    "interstate": InterstateParameters,
    "settlement": SettlementParameters,
    "talk": TalkParameters,
    "tension": TensionParameters,
    "opinion": OpinionParameters,
    "demarcation": DemarcationParameters,
    "body": BodyParameters,
    "paradiplomacy": ParadiplomacyParameters,
    **{name: m.parameter_class(name) for name in m.NAMES},
}
DECLARED: tuple[Declared, ...] = tuple(
    declared for prefix, cls in _CLASSES.items() for declared in describe(prefix, cls)
)
KEYS: tuple[str, ...] = tuple(d.key for d in DECLARED)
# Slices of the row: numba needs the lengths as constants.
_WEATHER_N = len(_CLASSES["weather"]._fields)  # type: ignore[attr-defined]
_WEATHER_END = 0 + _WEATHER_N
_DROUGHT_N = len(_CLASSES["drought"]._fields)  # type: ignore[attr-defined]
_DROUGHT_END = _WEATHER_END + _DROUGHT_N
_FLOOD_N = len(_CLASSES["flood"]._fields)  # type: ignore[attr-defined]
_FLOOD_END = _DROUGHT_END + _FLOOD_N
_HEAT_N = len(_CLASSES["heat"]._fields)  # type: ignore[attr-defined]
_HEAT_END = _FLOOD_END + _HEAT_N
_STORM_N = len(_CLASSES["storm"]._fields)  # type: ignore[attr-defined]
_STORM_END = _HEAT_END + _STORM_N
_PROJECT_N = len(_CLASSES["project"]._fields)  # type: ignore[attr-defined]
_PROJECT_END = _STORM_END + _PROJECT_N
_EROSION_N = len(_CLASSES["erosion"]._fields)  # type: ignore[attr-defined]
_EROSION_END = _PROJECT_END + _EROSION_N
_RESOURCE_N = len(_CLASSES["resource"]._fields)  # type: ignore[attr-defined]
_RESOURCE_END = _EROSION_END + _RESOURCE_N
_QUALITY_N = len(_CLASSES["quality"]._fields)  # type: ignore[attr-defined]
_QUALITY_END = _RESOURCE_END + _QUALITY_N
_PERCEPTION_N = len(_CLASSES["perception"]._fields)  # type: ignore[attr-defined]
_PERCEPTION_END = _QUALITY_END + _PERCEPTION_N
_ABSTRACTION_N = len(_CLASSES["abstraction"]._fields)  # type: ignore[attr-defined]
_ABSTRACTION_END = _PERCEPTION_END + _ABSTRACTION_N
_LIVELIHOOD_N = len(_CLASSES["livelihood"]._fields)  # type: ignore[attr-defined]
_LIVELIHOOD_END = _ABSTRACTION_END + _LIVELIHOOD_N
_VOICE_N = len(_CLASSES["voice"]._fields)  # type: ignore[attr-defined]
_VOICE_END = _LIVELIHOOD_END + _VOICE_N
_DEPRIVATION_N = len(_CLASSES["deprivation"]._fields)  # type: ignore[attr-defined]
_DEPRIVATION_END = _VOICE_END + _DEPRIVATION_N
_BLAME_N = len(_CLASSES["blame"]._fields)  # type: ignore[attr-defined]
_BLAME_END = _DEPRIVATION_END + _BLAME_N
_MOBILISATION_N = len(_CLASSES["mobilisation"]._fields)  # type: ignore[attr-defined]
_MOBILISATION_END = _BLAME_END + _MOBILISATION_N
_IDENTITY_N = len(_CLASSES["identity"]._fields)  # type: ignore[attr-defined]
_IDENTITY_END = _MOBILISATION_END + _IDENTITY_N
_HAZARD_N = len(_CLASSES["hazard"]._fields)  # type: ignore[attr-defined]
_HAZARD_END = _IDENTITY_END + _HAZARD_N
_EXPOSURE_N = len(_CLASSES["exposure"]._fields)  # type: ignore[attr-defined]
_EXPOSURE_END = _HAZARD_END + _EXPOSURE_N
_DISPLACEMENT_N = len(_CLASSES["displacement"]._fields)  # type: ignore[attr-defined]
_DISPLACEMENT_END = _EXPOSURE_END + _DISPLACEMENT_N
_BUDGET_N = len(_CLASSES["budget"]._fields)  # type: ignore[attr-defined]
_BUDGET_END = _DISPLACEMENT_END + _BUDGET_N
_POLITICS_N = len(_CLASSES["politics"]._fields)  # type: ignore[attr-defined]
_POLITICS_END = _BUDGET_END + _POLITICS_N
_AGREEMENT_N = len(_CLASSES["agreement"]._fields)  # type: ignore[attr-defined]
_AGREEMENT_END = _POLITICS_END + _AGREEMENT_N
_MONEY_N = len(_CLASSES["money"]._fields)  # type: ignore[attr-defined]
_MONEY_END = _AGREEMENT_END + _MONEY_N
_REVIEW_N = len(_CLASSES["review"]._fields)  # type: ignore[attr-defined]
_REVIEW_END = _MONEY_END + _REVIEW_N
_LIVED_N = len(_CLASSES["lived"]._fields)  # type: ignore[attr-defined]
_LIVED_END = _REVIEW_END + _LIVED_N
_SHOCK_N = len(_CLASSES["shock"]._fields)  # type: ignore[attr-defined]
_SHOCK_END = _LIVED_END + _SHOCK_N
_BARGAIN_N = len(_CLASSES["bargain"]._fields)  # type: ignore[attr-defined]
_BARGAIN_END = _SHOCK_END + _BARGAIN_N
_NEGOTIATION_N = len(_CLASSES["negotiation"]._fields)  # type: ignore[attr-defined]
_NEGOTIATION_END = _BARGAIN_END + _NEGOTIATION_N
_RENEWAL_N = len(_CLASSES["renewal"]._fields)  # type: ignore[attr-defined]
_RENEWAL_END = _NEGOTIATION_END + _RENEWAL_N
_ONSET_N = len(_CLASSES["onset"]._fields)  # type: ignore[attr-defined]
_ONSET_END = _RENEWAL_END + _ONSET_N
_LADDER_N = len(_CLASSES["ladder"]._fields)  # type: ignore[attr-defined]
_LADDER_END = _ONSET_END + _LADDER_N
_TRUST_N = len(_CLASSES["trust"]._fields)  # type: ignore[attr-defined]
_TRUST_END = _LADDER_END + _TRUST_N
_QUARREL_N = len(_CLASSES["quarrel"]._fields)  # type: ignore[attr-defined]
_QUARREL_END = _TRUST_END + _QUARREL_N
_ANSWER_N = len(_CLASSES["answer"]._fields)  # type: ignore[attr-defined]
_ANSWER_END = _QUARREL_END + _ANSWER_N
_CRISIS_N = len(_CLASSES["crisis"]._fields)  # type: ignore[attr-defined]
_CRISIS_END = _ANSWER_END + _CRISIS_N
_INTERSTATE_N = len(_CLASSES["interstate"]._fields)  # type: ignore[attr-defined]
_INTERSTATE_END = _CRISIS_END + _INTERSTATE_N
_SETTLEMENT_N = len(_CLASSES["settlement"]._fields)  # type: ignore[attr-defined]
_SETTLEMENT_END = _INTERSTATE_END + _SETTLEMENT_N
_TALK_N = len(_CLASSES["talk"]._fields)  # type: ignore[attr-defined]
_TALK_END = _SETTLEMENT_END + _TALK_N
_TENSION_N = len(_CLASSES["tension"]._fields)  # type: ignore[attr-defined]
_TENSION_END = _TALK_END + _TENSION_N
_OPINION_N = len(_CLASSES["opinion"]._fields)  # type: ignore[attr-defined]
_OPINION_END = _TENSION_END + _OPINION_N
_DEMARCATION_N = len(_CLASSES["demarcation"]._fields)  # type: ignore[attr-defined]
_DEMARCATION_END = _OPINION_END + _DEMARCATION_N
_BODY_N = len(_CLASSES["body"]._fields)  # type: ignore[attr-defined]
_BODY_END = _DEMARCATION_END + _BODY_N
_PARADIPLOMACY_N = len(_CLASSES["paradiplomacy"]._fields)  # type: ignore[attr-defined]
_PARADIPLOMACY_END = _BODY_END + _PARADIPLOMACY_N


def default_row() -> np.ndarray:
    """All defaults as one row [parameter]."""
    return np.array([d.default for d in DECLARED])


@kernel
def unpack(row: np.ndarray) -> Parameters:
    """One row of the parameter matrix as NamedTuples."""
    return Parameters(
        WeatherParameters(*fixed(row[0:_WEATHER_END], _WEATHER_N)),
        DroughtParameters(*fixed(row[_WEATHER_END:_DROUGHT_END], _DROUGHT_N)),
        FloodParameters(*fixed(row[_DROUGHT_END:_FLOOD_END], _FLOOD_N)),
        HeatParameters(*fixed(row[_FLOOD_END:_HEAT_END], _HEAT_N)),
        StormParameters(*fixed(row[_HEAT_END:_STORM_END], _STORM_N)),
        ProjectParameters(*fixed(row[_STORM_END:_PROJECT_END], _PROJECT_N)),
        ErosionParameters(*fixed(row[_PROJECT_END:_EROSION_END], _EROSION_N)),
        ResourceParameters(*fixed(row[_EROSION_END:_RESOURCE_END], _RESOURCE_N)),
        QualityParameters(*fixed(row[_RESOURCE_END:_QUALITY_END], _QUALITY_N)),
        PerceptionParameters(*fixed(row[_QUALITY_END:_PERCEPTION_END], _PERCEPTION_N)),
        AbstractionParameters(*fixed(row[_PERCEPTION_END:_ABSTRACTION_END], _ABSTRACTION_N)),
        LivelihoodParameters(*fixed(row[_ABSTRACTION_END:_LIVELIHOOD_END], _LIVELIHOOD_N)),
        VoiceParameters(*fixed(row[_LIVELIHOOD_END:_VOICE_END], _VOICE_N)),
        DeprivationParameters(*fixed(row[_VOICE_END:_DEPRIVATION_END], _DEPRIVATION_N)),
        BlameParameters(*fixed(row[_DEPRIVATION_END:_BLAME_END], _BLAME_N)),
        MobilisationParameters(*fixed(row[_BLAME_END:_MOBILISATION_END], _MOBILISATION_N)),
        IdentityParameters(*fixed(row[_MOBILISATION_END:_IDENTITY_END], _IDENTITY_N)),
        HazardParameters(*fixed(row[_IDENTITY_END:_HAZARD_END], _HAZARD_N)),
        ExposureParameters(*fixed(row[_HAZARD_END:_EXPOSURE_END], _EXPOSURE_N)),
        DisplacementParameters(*fixed(row[_EXPOSURE_END:_DISPLACEMENT_END], _DISPLACEMENT_N)),
        BudgetParameters(*fixed(row[_DISPLACEMENT_END:_BUDGET_END], _BUDGET_N)),
        PoliticsParameters(*fixed(row[_BUDGET_END:_POLITICS_END], _POLITICS_N)),
        AgreementParameters(*fixed(row[_POLITICS_END:_AGREEMENT_END], _AGREEMENT_N)),
        MoneyParameters(*fixed(row[_AGREEMENT_END:_MONEY_END], _MONEY_N)),
        ReviewParameters(*fixed(row[_MONEY_END:_REVIEW_END], _REVIEW_N)),
        LivedParameters(*fixed(row[_REVIEW_END:_LIVED_END], _LIVED_N)),
        ShockParameters(*fixed(row[_LIVED_END:_SHOCK_END], _SHOCK_N)),
        BargainParameters(*fixed(row[_SHOCK_END:_BARGAIN_END], _BARGAIN_N)),
        NegotiationParameters(*fixed(row[_BARGAIN_END:_NEGOTIATION_END], _NEGOTIATION_N)),
        RenewalParameters(*fixed(row[_NEGOTIATION_END:_RENEWAL_END], _RENEWAL_N)),
        OnsetParameters(*fixed(row[_RENEWAL_END:_ONSET_END], _ONSET_N)),
        LadderParameters(*fixed(row[_ONSET_END:_LADDER_END], _LADDER_N)),
        TrustParameters(*fixed(row[_LADDER_END:_TRUST_END], _TRUST_N)),
        QuarrelParameters(*fixed(row[_TRUST_END:_QUARREL_END], _QUARREL_N)),
        AnswerParameters(*fixed(row[_QUARREL_END:_ANSWER_END], _ANSWER_N)),
        CrisisParameters(*fixed(row[_ANSWER_END:_CRISIS_END], _CRISIS_N)),
        InterstateParameters(*fixed(row[_CRISIS_END:_INTERSTATE_END], _INTERSTATE_N)),
        SettlementParameters(*fixed(row[_INTERSTATE_END:_SETTLEMENT_END], _SETTLEMENT_N)),
        TalkParameters(*fixed(row[_SETTLEMENT_END:_TALK_END], _TALK_N)),
        TensionParameters(*fixed(row[_TALK_END:_TENSION_END], _TENSION_N)),
        OpinionParameters(*fixed(row[_TENSION_END:_OPINION_END], _OPINION_N)),
        DemarcationParameters(*fixed(row[_OPINION_END:_DEMARCATION_END], _DEMARCATION_N)),
        BodyParameters(*fixed(row[_DEMARCATION_END:_BODY_END], _BODY_N)),
        ParadiplomacyParameters(*fixed(row[_BODY_END:_PARADIPLOMACY_END], _PARADIPLOMACY_N)),
        unpack_mechanisms(row[-MECHANISM_NUMBERS:]),
    )
