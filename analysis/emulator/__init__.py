"""An emulator of a sweep: polynomial chaos on the logit scale, refused where it is not good enough.

``emulate(folder)`` fits; ``evaluate`` and ``average`` of the result predict; ``document`` is the
JSON that a page evaluates, ``read`` takes it back.
"""

from analysis.emulator.build import Ask, emulate
from analysis.emulator.export import document, read
from analysis.emulator.model import Emulator, Prediction
from analysis.emulator.told import quality_frame, told

__all__ = ["Ask", "Emulator", "Prediction", "document", "emulate", "quality_frame", "read", "told"]
