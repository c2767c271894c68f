"""What is counted in a finished run: names, and the positions that compiled code uses."""

from __future__ import annotations

_NAMES = (
    "events", "complaints", "protests", "unilateral_acts", "violent_acts", "settlements",
    "incidents", "serious_incidents", "contained", "uncontained", "censored",
    "crisis_local", "crisis_dispute", "crisis_other", "first_resource_crisis", "first_crisis",
    "highest_local_rung", "highest_interstate_rung", "near_misses", "violent_with_force",
    "fatal_acts",
    "cooperative", "neutral", "conflictive", "cooperative_reported", "neutral_reported",
    "conflictive_reported", "verbal", "severe", "answered", "asked", "interstate_agreements",
    "resource_disputes", "militarized_resource_disputes", "closures", "violent_incidents",
    "first_crisis_root", "crises_with_channels", "crises_heard",
    "disputes_settled", "disputes_renounced", "disputes_forgotten", "disputes_open",
    "dispute_years", "attempts_bilateral", "attempts_body", "attempts_third", "attempts_agreed",
    "agreements_kept", "agreements_broken", "agreements_by_body", "agreements_mediated",
    "local_disputes", "local_disputes_settled", "local_disputes_forgotten",
    "local_dispute_years", "bodies_founded", "borders_marked", "towns_reined_in",
)  # fmt: skip
(N_EVENTS, N_COMPLAINTS, N_PROTESTS, N_UNILATERAL, N_VIOLENT, N_SETTLED, N_INCIDENTS, N_SERIOUS,
 N_CONTAINED, N_UNCONTAINED, N_CENSORED, N_LOCAL, N_DISPUTE, N_OTHER, FIRST_RESOURCE, FIRST_ANY,
 TOP_LOCAL, TOP_INTERSTATE, NEAR_MISSES, VIOLENT_FORCE, FATAL, COOP, NEUTRAL_N, CONFLICT, COOP_SEEN,
 NEUTRAL_SEEN, CONFLICT_SEEN, VERBAL, SEVERE, ANSWERED, ASKED, AGREEMENTS, DISPUTES, MILITARIZED,
 CLOSURES, VIOLENT_INCIDENTS, FIRST_ROOT, OPEN_CHANNELS, HEARD, SETTLED, RENOUNCED, FORGOTTEN,
 OPEN_END, DISPUTE_YEARS, BILATERAL, BY_BODY, BY_THIRD, AGREED, KEPT, BROKEN, AGREED_BODY,
 AGREED_THIRD, LOCAL_DISPUTES, LOCAL_SETTLED, LOCAL_FORGOTTEN, LOCAL_YEARS, N_BODIES, N_MARKED,
 N_REINED) = range(len(_NAMES))  # fmt: skip
# Events by scale follow: acts of state organs over a shared resource by BAR value (-7 to 7), and
# over any issue by hostility level (1 to 5).
WORDS = ("seven", "six", "five", "four", "three", "two", "one")
BAR_NAMES = (*(f"bar_minus_{word}" for word in WORDS), "bar_zero",
             *(f"bar_plus_{word}" for word in reversed(WORDS)))  # fmt: skip
HOSTILITY_NAMES = ("hostility_none", "hostility_threat", "hostility_display", "hostility_force",
                   "hostility_war")  # fmt: skip
BY_BAR = len(_NAMES) + 7  # position of BAR 0
BY_HOSTILITY = len(_NAMES) + len(BAR_NAMES) - 1  # of hostility 0, which is not counted
COUNTS = (*_NAMES, *BAR_NAMES, *HOSTILITY_NAMES)
