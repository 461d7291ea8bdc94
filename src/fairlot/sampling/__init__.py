"""Who is drawn: probabilities, designs and what they promise; and what the drawn say of all.

Chapters, each a few files of this folder:

designs        srs, poisson, systematic, order (on ranking), conditional_poisson (on
               poisson_binomial), sampford, brewer, tille, midzuno, pivotal, nested_pivotal (on
               shuffle, two_way), local_pivotal, scps (on kd_tree), cube, stratified_cube,
               local_cube (on cube_flight); stratified lifts any of them, audit_design tests any
probabilities  probabilities, cap_iteration, clipping, sizes; order_probabilities,
               conditional_poisson_odds
joint          joint_probabilities, joint_designs, joint_approximations, nested_joint
before         allocation, controlled_rounding, sample_size, permanent, overlap
after          estimate, totals, calibration, *_variance, design_variance, bootstrap, intervals,
               approximate_intervals, dispositions, visits, frames
"""

from fairlot.sampling.allocation import allocate
from fairlot.sampling.approximate_intervals import approximate_interval
from fairlot.sampling.audit import Audit, audit_design
from fairlot.sampling.balance import Balance, balance
from fairlot.sampling.balanced_variance import balanced_variance
from fairlot.sampling.bootstrap import bootstrap_weights
from fairlot.sampling.brewer import brewer
from fairlot.sampling.calibration import Calibrated, calibrate
from fairlot.sampling.conditional_poisson import conditional_poisson
from fairlot.sampling.conditional_poisson_odds import (
    conditional_poisson_odds,
    conditional_poisson_probabilities,
)
from fairlot.sampling.controlled_rounding import controlled_allocation
from fairlot.sampling.cube import cube
from fairlot.sampling.estimate import Covered, Estimate
from fairlot.sampling.frames import Combined, combine_frames
from fairlot.sampling.intervals import Interval, exact_interval
from fairlot.sampling.joint import Joint
from fairlot.sampling.joint_probabilities import joint_probabilities, pair_probability
from fairlot.sampling.local_cube import local_cube
from fairlot.sampling.local_pivotal import local_pivotal
from fairlot.sampling.midzuno import midzuno
from fairlot.sampling.neighbour_variance import local_mean_variance
from fairlot.sampling.nested_joint import (
    NestedJoint,
    nested_pivotal_joint,
    nested_pivotal_joint_over_orders,
)
from fairlot.sampling.nested_pivotal import nested_pivotal
from fairlot.sampling.order import pareto, sequential_poisson, successive
from fairlot.sampling.order_probabilities import order_inclusion_probabilities
from fairlot.sampling.overlap import Overlap, expected_overlap, overlap
from fairlot.sampling.pair_variance import horvitz_thompson_variance, sen_yates_grundy_variance
from fairlot.sampling.permanent import PermanentNumbers
from fairlot.sampling.pivotal import pivotal, random_pivotal
from fairlot.sampling.poisson import bernoulli, poisson
from fairlot.sampling.probabilities import clip_probabilities, inclusion_probabilities, numerators
from fairlot.sampling.sampford import sampford
from fairlot.sampling.sample import Sample
from fairlot.sampling.sample_size import (
    SampleSize,
    sample_size_mean,
    sample_size_proportion,
    sample_size_stratified,
)
from fairlot.sampling.scps import scps
from fairlot.sampling.spatial_balance import spatial_balance
from fairlot.sampling.srs import srs
from fairlot.sampling.stratified import stratified
from fairlot.sampling.stratified_cube import stratified_cube
from fairlot.sampling.stratified_variance import collapse
from fairlot.sampling.systematic import random_systematic, systematic
from fairlot.sampling.tille import tille
from fairlot.sampling.totals import difference, mean, ratio, total
from fairlot.sampling.visits import Prevalence, prevalence
from fairlot.sampling.whole_numbers import D

__all__ = [
    "Audit",
    "Balance",
    "Calibrated",
    "Combined",
    "Covered",
    "D",
    "Estimate",
    "Interval",
    "Joint",
    "NestedJoint",
    "Overlap",
    "PermanentNumbers",
    "Prevalence",
    "Sample",
    "SampleSize",
    "allocate",
    "approximate_interval",
    "audit_design",
    "balance",
    "balanced_variance",
    "bernoulli",
    "bootstrap_weights",
    "brewer",
    "calibrate",
    "clip_probabilities",
    "collapse",
    "combine_frames",
    "conditional_poisson",
    "conditional_poisson_odds",
    "conditional_poisson_probabilities",
    "controlled_allocation",
    "cube",
    "difference",
    "exact_interval",
    "expected_overlap",
    "horvitz_thompson_variance",
    "inclusion_probabilities",
    "joint_probabilities",
    "local_cube",
    "local_mean_variance",
    "local_pivotal",
    "mean",
    "midzuno",
    "nested_pivotal",
    "nested_pivotal_joint",
    "nested_pivotal_joint_over_orders",
    "numerators",
    "order_inclusion_probabilities",
    "overlap",
    "pair_probability",
    "pareto",
    "pivotal",
    "poisson",
    "prevalence",
    "random_pivotal",
    "random_systematic",
    "ratio",
    "sampford",
    "sample_size_mean",
    "sample_size_proportion",
    "sample_size_stratified",
    "scps",
    "sen_yates_grundy_variance",
    "sequential_poisson",
    "spatial_balance",
    "srs",
    "stratified",
    "stratified_cube",
    "successive",
    "systematic",
    "tille",
    "total",
]
