"""Let the twin use exp and log of Python's own library: a faster speed peer, other last bits.

A Mesa model written for itself would call `math.exp`. The twin's own series exist only so that its
bits equal those of the compiled model, and they cost time that should not flatter the latter: the
benchmark therefore states the ratio with library functions as well.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from naive import numbers

OWN = {"exp": numbers.exp, "log": numbers.log}


@contextmanager
def library_functions() -> Iterator[None]:
    """Within this context every rule of the twin calls `math.exp` and `math.log`."""
    modules = [module for name, module in sys.modules.items() if name.startswith("naive.")]
    users = [
        (module, name, own)
        for module in modules
        for name, own in OWN.items()
        if getattr(module, name, None) is own
    ]
    try:
        for module, name, _ in users:
            setattr(module, name, getattr(math, name))
        yield
    finally:
        for module, name, own in users:
            setattr(module, name, own)
