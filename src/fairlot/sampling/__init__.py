"""Who is drawn: probabilities from weights, designs, and what they promise."""

from fairlot.sampling.pivotal import nested_pivotal
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
    "nested_pivotal",
    "numerators",
]
