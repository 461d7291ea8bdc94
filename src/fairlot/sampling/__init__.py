"""Who is drawn: probabilities, designs and what they promise; and what the drawn say of all."""

from fairlot.sampling.allocation import allocate
from fairlot.sampling.controlled_rounding import controlled_allocation
from fairlot.sampling.probabilities import (
    D,
    clip_probabilities,
    inclusion_probabilities,
    numerators,
)
from fairlot.sampling.sample import Sample
from fairlot.sampling.sample_size import (
    SampleSize,
    sample_size_mean,
    sample_size_proportion,
    sample_size_stratified,
)

__all__ = [
    "D",
    "Sample",
    "SampleSize",
    "allocate",
    "clip_probabilities",
    "controlled_allocation",
    "inclusion_probabilities",
    "numerators",
    "sample_size_mean",
    "sample_size_proportion",
    "sample_size_stratified",
]
