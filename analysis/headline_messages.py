"""The sentences of the headline, with their places, and the outcomes as phrases in them."""

from __future__ import annotations

from analysis.language import marked

PHRASES = {
    "crisis_resource": marked("the chance of an interstate crisis over the shared resource"),
    "uncontained_rate": marked("the rate of uncontained incidents"),
    "violent_incidents": marked("the rate of violent local incidents"),
    "worst_livelihood": marked("the livelihood of the worst-off group"),
}
FALLS = marked(
    "In this model, {phrase} in {years} years of {region} falls from about {before} with "
    "{reference} to about {after} with {arm}: a difference of {change}, in {pairs}."
)
RISES = marked(
    "In this model, {phrase} in {years} years of {region} rises from about {before} with "
    "{reference} to about {after} with {arm}: a difference of {change}, in {pairs}."
)
UNSEEN = marked("No difference was seen in {pairs} (about {before} with both).")
UNSEEN_BOUND = marked(
    "No difference was seen in {pairs} (about {before} with both); a true difference above {bound} "
    "is unlikely (rule of three)."
)
ALIKE = marked(
    "In this model it is about {before} with {reference} and with {arm} alike, a difference of "
    "{change}, in {pairs}."
)
MOVED = marked(
    "In this model it goes from about {before} with {reference} to about {after} with {arm}, a "
    "difference of {change}, in {pairs}."
)
