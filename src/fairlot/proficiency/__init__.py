"""Proficiency testing by ISO 13528: from the results of a round to scores, grades and follow-up.

Chapters, each a few files of this folder:

numbers     batch (many measurands at once), cells and replicates (of a laboratory), decimals and
            rows (as they were written), words, enough, significance
location    estimate, what each gives back: classical, mad_e, n_iqr, algorithm_a (clipping,
            third_figure), algorithm_s, huber, small_sample, hampel; likelihood with limits:
            censored_normal, likelihood_below; summary of all (on ordered)
scale       from pairs of results: scale, qn, sn, q_method (on differences, quadrature)
modes       density, density_curve, kde_modes, bootstrap_mode, modality; one_group, what a round
            says of them, with subgroups by method
value       value, experts, value_checks; sigma, earlier_rounds
scores      score, scores, combined; grading, roll_up
material    homogeneity, stability (on criterion); material, the checks of a round
precision   outliers: grubbs, grubbs_pair, dixon, cochran, mandel, screening; repeatability,
            precision; blunders
words       results that are no numbers: ordinal, variation
honesty     split_levels, agreement, last_digits (on on_grid)
round       round: terms (terms_of_value) and scheme; received, expected, submitted; level
            (estimators, assigning, scoring, choice); verdict, followup; round_tables. Over rounds:
            trend. To be drawn: pictured, youden
"""

from fairlot.proficiency.agreement import Agreement, Agreements, pairwise_agreement
from fairlot.proficiency.algorithm_a import algorithm_a
from fairlot.proficiency.algorithm_s import AlgorithmS, algorithm_s
from fairlot.proficiency.batch import Batch
from fairlot.proficiency.blunders import Blunder, Blunders, blunders
from fairlot.proficiency.bootstrap_mode import ModeEstimate, bootstrap_mode
from fairlot.proficiency.censored_normal import CensoredNormal, censored_normal
from fairlot.proficiency.classical import mean_sd
from fairlot.proficiency.cochran import Cochran, cochran, cochran_critical
from fairlot.proficiency.combined import CombinedScores, combined_scores, j_score
from fairlot.proficiency.density_curve import density_curve
from fairlot.proficiency.dixon import Dixon, dixon, dixon_critical
from fairlot.proficiency.earlier_rounds import SpreadByLevel, spread_by_level
from fairlot.proficiency.estimate import Estimate
from fairlot.proficiency.experts import ExpertConsensus, expert_consensus
from fairlot.proficiency.grading import (
    E_N_GRADING,
    PA_GRADING,
    Z_GRADING,
    GradeRange,
    Grades,
    Grading,
    grade,
    grade_e_z,
    grade_range,
)
from fairlot.proficiency.grubbs import Grubbs, grubbs, grubbs_critical
from fairlot.proficiency.grubbs_pair import grubbs_pair_critical
from fairlot.proficiency.hampel import hampel
from fairlot.proficiency.homogeneity import Anova, Homogeneity, expanded_factors, homogeneity
from fairlot.proficiency.huber import huber
from fairlot.proficiency.kde_modes import Modes, kde_modes
from fairlot.proficiency.last_digits import DigitUse, LastDigits, last_digits
from fairlot.proficiency.mad_e import mad_e
from fairlot.proficiency.mandel import Mandel, mandel, mandel_h_critical, mandel_k_critical
from fairlot.proficiency.modality import Modality, critical_bandwidth, silverman_test
from fairlot.proficiency.n_iqr import n_iqr
from fairlot.proficiency.ordinal import Nominal, Ordinal, category_distances, nominal, ordinal
from fairlot.proficiency.precision import (
    Precision,
    Relation,
    precision,
    precision_by_level,
    precision_relation,
)
from fairlot.proficiency.q_method import q_method
from fairlot.proficiency.qn import qn
from fairlot.proficiency.repeatability import Repeatability, repeatability
from fairlot.proficiency.roll_up import TooFew, TooMany, VerdictRule, Verdicts, roll_up
from fairlot.proficiency.round import Round, score_round
from fairlot.proficiency.round_tables import tables
from fairlot.proficiency.scale import PairScale
from fairlot.proficiency.scheme import Scheme
from fairlot.proficiency.score import Score, ScoreRange, score_range
from fairlot.proficiency.scores import (
    EzScores,
    ceiling,
    d,
    d_percent,
    e_n,
    e_z,
    pa,
    z,
    z_prime,
    zeta,
)
from fairlot.proficiency.screening import Screened, SetAside, screened
from fairlot.proficiency.sigma import (
    SigmaPt,
    horwitz_thompson,
    sigma_by_perception,
    sigma_from_delta_e,
    sigma_from_precision,
    sigma_from_round,
    widened,
)
from fairlot.proficiency.small_sample import small_sample
from fairlot.proficiency.sn import sn
from fairlot.proficiency.split_levels import WrongLevel, split_levels, wrong_level
from fairlot.proficiency.stability import Stability, stability
from fairlot.proficiency.subgroups import MethodPair, Subgroups, method_subgroups
from fairlot.proficiency.summary import Summary, robust_summary
from fairlot.proficiency.trend import Trend, trend
from fairlot.proficiency.value import (
    AssignedValue,
    Budget,
    by_experts,
    by_likelihood,
    by_one_laboratory,
    by_participants,
    certified,
    formulated,
)
from fairlot.proficiency.value_checks import AgainstReference, against_reference, negligible
from fairlot.proficiency.variation import Catanova, Ordanova, catanova, ordanova
from fairlot.proficiency.youden import Youden, youden

__all__ = [
    "E_N_GRADING",
    "PA_GRADING",
    "Z_GRADING",
    "AgainstReference",
    "Agreement",
    "Agreements",
    "AlgorithmS",
    "Anova",
    "AssignedValue",
    "Batch",
    "Blunder",
    "Blunders",
    "Budget",
    "Catanova",
    "CensoredNormal",
    "Cochran",
    "CombinedScores",
    "DigitUse",
    "Dixon",
    "Estimate",
    "ExpertConsensus",
    "EzScores",
    "GradeRange",
    "Grades",
    "Grading",
    "Grubbs",
    "Homogeneity",
    "LastDigits",
    "Mandel",
    "MethodPair",
    "Modality",
    "ModeEstimate",
    "Modes",
    "Nominal",
    "Ordanova",
    "Ordinal",
    "PairScale",
    "Precision",
    "Relation",
    "Repeatability",
    "Round",
    "Scheme",
    "Score",
    "ScoreRange",
    "Screened",
    "SetAside",
    "SigmaPt",
    "SpreadByLevel",
    "Stability",
    "Subgroups",
    "Summary",
    "TooFew",
    "TooMany",
    "Trend",
    "VerdictRule",
    "Verdicts",
    "WrongLevel",
    "Youden",
    "against_reference",
    "algorithm_a",
    "algorithm_s",
    "blunders",
    "bootstrap_mode",
    "by_experts",
    "by_likelihood",
    "by_one_laboratory",
    "by_participants",
    "catanova",
    "category_distances",
    "ceiling",
    "censored_normal",
    "certified",
    "cochran",
    "cochran_critical",
    "combined_scores",
    "critical_bandwidth",
    "d",
    "d_percent",
    "density_curve",
    "dixon",
    "dixon_critical",
    "e_n",
    "e_z",
    "expanded_factors",
    "expert_consensus",
    "formulated",
    "grade",
    "grade_e_z",
    "grade_range",
    "grubbs",
    "grubbs_critical",
    "grubbs_pair_critical",
    "hampel",
    "homogeneity",
    "horwitz_thompson",
    "huber",
    "j_score",
    "kde_modes",
    "last_digits",
    "mad_e",
    "mandel",
    "mandel_h_critical",
    "mandel_k_critical",
    "mean_sd",
    "method_subgroups",
    "n_iqr",
    "negligible",
    "nominal",
    "ordanova",
    "ordinal",
    "pa",
    "pairwise_agreement",
    "precision",
    "precision_by_level",
    "precision_relation",
    "q_method",
    "qn",
    "repeatability",
    "robust_summary",
    "roll_up",
    "score_range",
    "score_round",
    "screened",
    "sigma_by_perception",
    "sigma_from_delta_e",
    "sigma_from_precision",
    "sigma_from_round",
    "silverman_test",
    "small_sample",
    "sn",
    "split_levels",
    "spread_by_level",
    "stability",
    "tables",
    "trend",
    "widened",
    "wrong_level",
    "youden",
    "z",
    "z_prime",
    "zeta",
]
