"""The mechanisms' part of the parameter row: its last numbers, in the order of the registry.

Inside the compiled loop they are unpacked into one NamedTuple per mechanism. numba needs the length
of every slice as a constant, and generated code would hide the order: hence one line each.
"""

from __future__ import annotations

import numpy as np

from sim import mechanisms as m
from sim._jit import fixed, kernel
from sim.declare import describe


def _numbers(name: str) -> int:
    return len(describe(name, m.parameter_class(name)))


_LENGTHS = [_numbers(name) for name in m.NAMES]
MECHANISM_NUMBERS = sum(_LENGTHS)
_FROM = tuple(sum(_LENGTHS[:k]) for k in range(len(_LENGTHS)))
_JOINT_COMMITTEE = _numbers("joint_committee")
_DATA_SHARING = _numbers("data_sharing")
_ALLOCATION_RULES = _numbers("allocation_rules")
_COMMUNITY_MONITORING = _numbers("community_monitoring")
_WATERSHED_STEWARDSHIP = _numbers("watershed_stewardship")
_JOINT_INFRASTRUCTURE = _numbers("joint_infrastructure")
_JOINT_FINANCE = _numbers("joint_finance")
_MUTUAL_AID = _numbers("mutual_aid")
_CRISIS_COMMUNICATION = _numbers("crisis_communication")
_EXCHANGES = _numbers("exchanges")
_INCLUSION = _numbers("inclusion")
_SOCIAL_PROTECTION = _numbers("social_protection")
_ACCOUNTABILITY = _numbers("accountability")
_RESTRAINT_PROTOCOL = _numbers("restraint_protocol")
_REDUNDANCY = _numbers("redundancy")
_LEGAL_HARMONISATION = _numbers("legal_harmonisation")
_SUSTAINED_COMMITMENT = _numbers("sustained_commitment")


@kernel
def unpack_mechanisms(row: np.ndarray) -> m.MechanismParameters:
    """The mechanisms' part of a row as NamedTuples."""
    return m.MechanismParameters(
        m.joint_committee.JointCommitteeParameters(
            *fixed(row[_FROM[m.JOINT_COMMITTEE]:], _JOINT_COMMITTEE)),
        m.data_sharing.DataSharingParameters(
            *fixed(row[_FROM[m.DATA_SHARING]:], _DATA_SHARING)),
        m.allocation_rules.AllocationRulesParameters(
            *fixed(row[_FROM[m.ALLOCATION_RULES]:], _ALLOCATION_RULES)),
        m.community_monitoring.CommunityMonitoringParameters(
            *fixed(row[_FROM[m.COMMUNITY_MONITORING]:], _COMMUNITY_MONITORING)),
        m.watershed_stewardship.WatershedStewardshipParameters(
            *fixed(row[_FROM[m.WATERSHED_STEWARDSHIP]:], _WATERSHED_STEWARDSHIP)),
        m.joint_infrastructure.JointInfrastructureParameters(
            *fixed(row[_FROM[m.JOINT_INFRASTRUCTURE]:], _JOINT_INFRASTRUCTURE)),
        m.joint_finance.JointFinanceParameters(
            *fixed(row[_FROM[m.JOINT_FINANCE]:], _JOINT_FINANCE)),
        m.mutual_aid.MutualAidParameters(
            *fixed(row[_FROM[m.MUTUAL_AID]:], _MUTUAL_AID)),
        m.crisis_communication.CrisisCommunicationParameters(
            *fixed(row[_FROM[m.CRISIS_COMMUNICATION]:], _CRISIS_COMMUNICATION)),
        m.exchanges.ExchangesParameters(
            *fixed(row[_FROM[m.EXCHANGES]:], _EXCHANGES)),
        m.inclusion.InclusionParameters(
            *fixed(row[_FROM[m.INCLUSION]:], _INCLUSION)),
        m.social_protection.SocialProtectionParameters(
            *fixed(row[_FROM[m.SOCIAL_PROTECTION]:], _SOCIAL_PROTECTION)),
        m.accountability.AccountabilityParameters(
            *fixed(row[_FROM[m.ACCOUNTABILITY]:], _ACCOUNTABILITY)),
        m.restraint_protocol.RestraintProtocolParameters(
            *fixed(row[_FROM[m.RESTRAINT_PROTOCOL]:], _RESTRAINT_PROTOCOL)),
        m.redundancy.RedundancyParameters(
            *fixed(row[_FROM[m.REDUNDANCY]:], _REDUNDANCY)),
        m.legal_harmonisation.LegalHarmonisationParameters(
            *fixed(row[_FROM[m.LEGAL_HARMONISATION]:], _LEGAL_HARMONISATION)),
        m.sustained_commitment.SustainedCommitmentParameters(
            *fixed(row[_FROM[m.SUSTAINED_COMMITMENT]:], _SUSTAINED_COMMITMENT)),
    )
