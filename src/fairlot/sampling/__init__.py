"""Who is drawn: probabilities, designs and what they promise; and what the drawn say of all."""

from fairlot.sampling.probabilities import (
    D,
    clip_probabilities,
    inclusion_probabilities,
    numerators,
)
from fairlot.sampling.sample import Sample

__all__ = [
    "D",
    "Sample",
    "clip_probabilities",
    "inclusion_probabilities",
    "numerators",
]
