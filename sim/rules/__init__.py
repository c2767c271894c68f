"""Rules: one claim of the literature per file, its numbers beside it, its loops compiled."""
