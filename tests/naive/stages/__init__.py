"""The stages of a tick, one file each, in order; see `naive.model`."""
