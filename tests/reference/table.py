"""Which function answers each group of reference entries, and whether it is built.

What is not built yet is an expected failure under the name of its function. Whoever builds the
function removes ``unbuilt`` from its row, and from then on every entry of the group counts; a mark
left on a function that exists fails a test, and so does a group that no row names.

A name with parentheses, ``inclusion_probabilities(alpha)``, asks for a parameter of a function.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any

import assignment_checks as assigned
import checks
import literal_readings as literal
import pt_differences
import pt_material
import pt_robust
import pt_scores
import sampling_checks as sampled
from entries import Entry

Check = Callable[[Any, Entry], None]


@dataclass(frozen=True)
class Row:
    """The answer to a group: ``check(function, entry)`` compares, with the function resolved.

    A row without a function is informational: a rival's own numbers, or an exact count that no
    function of ours returns. They are read, and redone literally where that is short.
    """

    function: str
    check: Check
    unbuilt: bool = False


class NotBuilt(Exception):
    """The function under test does not exist yet."""


def built(file: str, groups: str, function: str, check: Check) -> Iterator[tuple[Any, Row]]:
    """Rows of one function, for groups parted by commas; ``{a b}`` in a group stands for each."""
    return ((group, Row(f"fairlot.{function}", check)) for group in _spread(file, groups))


def unbuilt(
    file: str, groups: str, function: str, check: Check = checks.unwritten
) -> Iterator[tuple[Any, Row]]:
    return ((group, Row(f"fairlot.{function}", check, True)) for group in _spread(file, groups))


def informational(file: str, groups: str, check: Check) -> Iterator[tuple[Any, Row]]:
    return ((group, Row("", check)) for group in _spread(file, groups))


def _spread(file: str, groups: str) -> Iterator[tuple[str, str]]:
    for group in groups.split(","):
        head, _, names = group.strip().partition("{")
        for name in names.rstrip("}").split() or [""]:
            yield file, head + name


DESIGNS = ("cps sampford tille_elimination midzuno systematic_fixed_order pivotal_ordered brewer "
           "sequential_poisson pareto successive")  # fmt: skip
RIVALS = ("UPmaxentropypi2 UPsampfordpi2 UPtillepi2 UPsystematicpi2 UPmidzunopi2 UPMEpiktilde UPMEq "
          "UPMEpikfromq UPMEpik2frompikw sondage_cps sondage_sampford sondage_systematic "
          "sondage_brewer sondage_sps sondage_pareto hajek_jip he_jip")  # fmt: skip
VARIANCES = " ".join(f"varHT_{design} SYG_{design}" for design in DESIGNS.split())
R_ESTIMATES = ("HT_total Hajek_mean Hajek_total varest_deville varHT_maxentropy SYG_maxentropy "
               "varHT_sampford SYG_sampford varHT_tille SYG_tille varHT_midzuno SYG_midzuno "
               "calib_linear calib_raking calib_total ratioest")  # fmt: skip

_SAMPLING = (
    built("sampling", "inclusion_probabilities_exact",
          "sampling.inclusion_probabilities", sampled.probabilities),
    built("sampling", "R {inclusionprobabilities sps_inclusion_prob_alpha0}",
          "sampling.inclusion_probabilities", sampled.probabilities_of_r),
    built("sampling", "take_all_units_1based",
          "sampling.inclusion_probabilities", sampled.take_all),
    built("sampling", "becomes_take_all_n_sps_alpha0",
          "sampling.inclusion_probabilities", sampled.becomes_take_all),
    built("sampling", "R {sps_inclusion_prob_alpha0.001 sps_inclusion_prob_alpha0.05}",
          "sampling.inclusion_probabilities(alpha)", sampled.probabilities_with_alpha),
    built("sampling", "R sps_inclusion_prob_cutoff",
          "sampling.inclusion_probabilities(cutoff)", sampled.probabilities_with_cutoff),
    built("sampling", "R cutoff", "sampling.inclusion_probabilities(cutoff)", sampled.cutoff),
    built("sampling", f"joint exact {{{DESIGNS}}}, joint_probe exact_cps_block",
          "sampling.joint_probabilities", sampled.joint),
    built("sampling", "cps_odds_w_normalised_sum1_inner_units",
          "sampling.conditional_poisson_odds", sampled.conditional_poisson_odds),
    built("sampling", "R {draw_sps draw_sps_shift035 draw_sps_flip}",
          "sampling.sequential_poisson", sampled.draw),
    built("sampling", "R draw_ps", "sampling.poisson", sampled.draw),
    built("sampling", "R draw_pareto", "sampling.pareto", sampled.draw),
    built("sampling", "R draw_successive", "sampling.successive", sampled.draw),
    built("sampling", "R {prop_allocation_dhondt prop_allocation_webster "
          "prop_allocation_dhondt_init1}", "sampling.allocate", sampled.allocation),
    built("sampling", "R stratified_inclusion_prob",
          "sampling.stratified", sampled.stratified_probabilities),
    built("sampling", "R stratified_draw_sps", "sampling.stratified", sampled.stratified_draw),
    built("sampling", "estimates_exact {HT_total N_hat}",
          "sampling.total", sampled.estimate_of_total),
    built("sampling", "estimates_exact {Hajek_mean Hajek_total}",
          "sampling.mean", sampled.estimate_of_mean),
    built("sampling", "estimates_exact ratioest", "sampling.ratio", sampled.estimate_of_ratio),
    built("sampling", f"estimates_exact {{varest_deville {VARIANCES}}}",
          "sampling.total", sampled.variance_of_total),
    built("sampling", "estimates_exact {calib_linear_g calib_raking_g}",
          "sampling.calibrate", sampled.calibration),
    built("sampling", "estimates_R {calib_truncated calib_logit}",
          "sampling.calibrate", sampled.calibration_of_r),
    built("sampling", "estimates_R {survey_wr_total survey_wr_se survey_brewer_se "
          "survey_overton_se}", "sampling.total", sampled.survey),
    built("sampling", "estimates_R {survey_wr_mean survey_wr_mean_se}",
          "sampling.mean", sampled.survey),
    # What R packages print where an exact answer stands beside it: the exact one counts.
    informational("sampling", f"joint R {{{RIVALS}}}, joint_probe {{{RIVALS}}}, "
                  f"estimates_R {{{R_ESTIMATES}}}", literal.printed),
    informational("sampling", f"joint max_abs_R_minus_exact {{{RIVALS}}}", literal.rival_error),
    informational("sampling", "max_abs_R_minus_exact_pik, joint_probe "
                  "{max_abs_UPmaxentropypi2_minus_exact max_abs_sondage_cps_minus_exact}",
                  literal.printed),
)  # fmt: skip

_PT_BUILT = (
    built("pt", "consensus_value_u", "proficiency.expert_consensus", pt_scores.consensus),
    built("pt", "u_negligible", "proficiency.negligible", pt_scores.u_negligible),
    built("pt", "scores", "proficiency.z", pt_scores.scores),
    built("pt", "ez_score", "proficiency.e_z", pt_scores.ez_score),
    built("pt", "niqr_z_grade", "proficiency.n_iqr", pt_scores.niqr_z_grade),
    built("pt", "z_classical_peer", "proficiency.z", pt_scores.classical_peer),
    built("pt", "combined_scores", "proficiency.combined_scores", pt_scores.combined),
    built("pt", "j_score", "proficiency.j_score", pt_scores.j),
    built("pt", "grade_z", "proficiency.grade", pt_scores.grades),
    built("pt", "horwitz_thompson", "proficiency.horwitz_thompson", pt_scores.horwitz),
    built("pt", "sigma_from_precision", "proficiency.sigma_from_precision", pt_scores.precision),
    built("pt", "simple_robust", "proficiency.robust_summary", pt_robust.simple),
    built("pt", "algorithm_a", "proficiency.algorithm_a", pt_robust.algorithm_a),
    built("pt", "algorithm_s", "proficiency.algorithm_s", pt_robust.algorithm_s),
    built("pt", "huber_location_fixed_mad", "proficiency.huber", pt_robust.huber),
    built("pt", "censored_normal_mle", "proficiency.censored_normal", pt_robust.censored),
)

_PT_MATERIAL = (
    built("pt", "homogeneity", "proficiency.homogeneity", pt_material.homogeneity),
    built("pt", "expanded_criterion_factors",
          "proficiency.expanded_factors", pt_material.expanded_factors),
    built("pt", "stability", "proficiency.stability", pt_material.stability),
    built("pt", "grubbs_statistic", "proficiency.grubbs", pt_material.grubbs),
    built("pt", "grubbs_critical", "proficiency.grubbs_critical", pt_material.critical),
    built("pt", "cochran_critical", "proficiency.cochran_critical", pt_material.critical),
    built("pt", "dixon_statistic", "proficiency.dixon", pt_material.dixon),
    built("pt", "mandel_hk", "proficiency.mandel", pt_material.mandel),
    built("pt", "mandel_h_critical", "proficiency.mandel_h_critical", pt_material.critical),
    built("pt", "mandel_k_critical", "proficiency.mandel_k_critical", pt_material.critical),
)  # fmt: skip

_PT_DIFFERENCES = (
    built("pt", "qn", "proficiency.qn", pt_differences.qn),
    built("pt", "sn", "proficiency.sn", pt_differences.sn),
    built("pt", "q_hampel", "proficiency.hampel", pt_differences.hampel),
    built("pt", "kde_modes", "proficiency.kde_modes", pt_differences.kde_modes),
)

_PROOF = (
    built("proof", "drand_chain_info chains", "public.drand.Chain", checks.chain),
    built("proof", "drand_quicknet_rounds", "public.drand.Drand", checks.quicknet),
    built("proof", "drand_other_rfc9380", "public.drand.verify_round", checks.other_chain),
    built("proof", "drand_must_reject", "public.drand.verify_round", checks.must_reject),
    built("proof", "rfc6962_roots", "public.merkle.root", checks.root),
    built("proof", "merkle_proofs inclusion", "public.merkle.verify_inclusion", checks.inclusion),
    built("proof", "merkle_proofs consistency",
          "public.merkle.verify_consistency", checks.consistency),
    built("proof", "jcs files", "public.canonical.encode", checks.jcs_file),
    built("proof", "jcs numbers", "public.canonical.encode", checks.jcs_number),
    built("proof", "signed_note", "public.note.verify", checks.signed_note),
    built("proof", "digest_to_u rows", "public.stream.unit", checks.digest_to_u),
    built("proof", "unicode", "public.canonical.canonical_id", checks.unicode),
    built("proof", "nist_beacon_2_0 pulses", "public.nist.Nist", checks.pulse),
    built("proof", "rfc3797", "public.lottery.key_string", checks.key_string),
    # Rivals' own algorithms, and the chain that a draw does not offer.
    informational("proof", "drand_default_rounds", literal.chained_round),
    informational("proof", "thomson_vrs", literal.thomson_vrs),
    informational("proof", "consistent_sampler", literal.consistent_sampler),
    informational("proof", "cryptorandom", literal.cryptorandom),
)  # fmt: skip

_ASSIGNMENT = (
    built("assignment", "eligible", "assignment.Problem.from_instance", assigned.eligible),
    built("assignment", "feasible", "assignment.feasible", assigned.feasible),
    built("assignment", "min_infeasible_task_sets, hall_certificates",
          "assignment.feasible", assigned.blocking),
    built("assignment", "forced_edges", "assignment.probabilities", assigned.forced),
    built("assignment", "impossible_edges", "assignment.probabilities", assigned.impossible),
    built("assignment", "maxent_marginals", "assignment.probabilities", assigned.marginals),
    built("assignment", "maxmin_share", "assignment.shares", assigned.least_share),
    built("assignment", "minmax_share", "assignment.shares", assigned.greatest_share),
    built("assignment", "leximin_load", "assignment.probabilities(loads)", assigned.leximin),
    built("assignment", "dropout", "assignment.replacement", assigned.dropout),
    informational("assignment", "n_assignments", literal.n_assignments),
    informational("assignment", "uniform_marginals", literal.uniform_marginals),
    informational("assignment", "kind", literal.kind),
    # What an instance needs beyond plain teams.
    built("needs", "field, departments, min_enforcement, min_lead, minimum loads, "
          "pair_exclusions, no_same_last_officer, no_same_last_pair",
          "assignment.Problem.from_instance", assigned.eligible),
)  # fmt: skip

TABLE: dict[tuple[str, str], Row] = {
    group: row
    for rows in (*_SAMPLING, *_PT_BUILT, *_PT_DIFFERENCES, *_PT_MATERIAL, *_PROOF, *_ASSIGNMENT)
    for group, row in rows
}


def row_of(file: str, group: str) -> Row:
    """Return the row of a group; a group that the table does not name is an error."""
    if (file, group) not in TABLE:
        raise LookupError(f"{file}.json: the table has no row for the group {group!r}")
    return TABLE[file, group]


def missing(entry: Entry) -> str:
    """Return what must be built before an entry can be answered, "" when all is there.

    Only what the table marks as unbuilt is looked for: a built function that has gone is an error
    of the entry itself.
    """
    row = row_of(entry.file, entry.group)
    for need in entry.needs:
        row_of("needs", need)
    return row.function if row.unbuilt and not exists(row.function) else ""


def exists(function: str) -> bool:
    try:
        resolve(function)
    except NotBuilt:
        return False
    return True


def resolve(function: str) -> Any:
    """Return what a dotted name stands for, module by module and then attribute by attribute."""
    name, _, parameters = function.rstrip(")").partition("(")
    found: Any = import_module("fairlot")
    path = "fairlot"
    for part in name.split(".")[1:]:
        path += f".{part}"
        found = getattr(found, part) if hasattr(found, part) else _module(path, function)
    # A module may bear the name that a function will have.
    if not callable(found) or (parameters and parameters not in signature(found).parameters):
        raise NotBuilt(function)
    return found


def _module(path: str, function: str) -> Any:
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        if error.name not in (path, path.rpartition(".")[0]):
            raise
        raise NotBuilt(function) from None
