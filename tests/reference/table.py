"""Which function each group of reference entries tests, and whether it is built.

A group that is not built yet is an expected failure under the name of its function: whoever builds
the function removes its ``unbuilt`` here, and from then on every entry of the group counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import checks
from entries import Entry


@dataclass(frozen=True)
class Row:
    """Groups whose name matches ``pattern``; ``check(function, entry)`` compares."""

    file: str
    pattern: str
    function: str
    check: Callable[[Any, Entry], None]
    unbuilt: bool = False
    informational: bool = False


def built(file: str, pattern: str, function: str, check: Callable[[Any, Entry], None]) -> Row:
    return Row(file, pattern, f"fairlot.{function}", check)


def unbuilt(file: str, pattern: str, function: str, check: Callable[[Any, Entry], None]) -> Row:
    return Row(file, pattern, f"fairlot.{function}", check, unbuilt=True)


def informational(group: str, check: Callable[[Any, Entry], None]) -> Row:
    """A rival's own algorithm: its numbers are kept and read, and no function of ours answers."""
    return Row("proof", group, "", check, informational=True)


NOW = "plain|districts|dropout"

TABLE = (
    built("sampling", "inclusion_probabilities_exact", "sampling.inclusion_probabilities", checks.inclusion),
    built("sampling", "take_all_units_1based", "sampling.inclusion_probabilities", checks.take_all),
    built("sampling", "R (inclusionprobabilities|sps_inclusion_prob_alpha0)",
          "sampling.inclusion_probabilities", checks.inclusion_loosely),
    unbuilt("sampling", "joint .*", "sampling.joint_probabilities", checks.joint),
    unbuilt("sampling", "cps odds", "sampling.conditional_poisson_odds", checks.odds),
    unbuilt("sampling", "estimate .*", "sampling.total", checks.unsaid),
    unbuilt("sampling", "R draw_(sps|ps|pareto|successive).*", "sampling.PermanentNumbers", checks.unsaid),
    unbuilt("sampling", "R (prop_allocation_.*)", "sampling.allocate", checks.unsaid),
    unbuilt("sampling", "R (stratified_.*)", "sampling.stratified", checks.unsaid),
    unbuilt("sampling", "R (sps_inclusion_prob_.*|cutoff)", "sampling.take_all", checks.unsaid),
    unbuilt("pt", ".*", "proficiency.{group}", checks.proficiency),
    built("proof", "drand_chain_info", "public.beacon.Chain", checks.chain),
    built("proof", "drand_quicknet_rounds", "public.beacon.Drand", checks.quicknet),
    built("proof", "drand_other_rfc9380", "public.beacon.verify_round", checks.other_chain),
    built("proof", "drand_must_reject", "public.beacon.verify_round", checks.must_reject),
    unbuilt("proof", "drand_default_rounds", "public.beacon.verify_chained_round", checks.chained),
    unbuilt("proof", "nist_beacon_2_0", "public.beacon.Nist", checks.nist),
    built("proof", "rfc6962_roots", "public.merkle.root", checks.root),
    built("proof", "merkle inclusion", "public.merkle.verify_inclusion", checks.inclusion_proof),
    built("proof", "merkle consistency", "public.merkle.verify_consistency", checks.consistency),
    built("proof", "jcs files", "public.canonical.encode", checks.jcs_file),
    built("proof", "jcs numbers", "public.canonical.encode", checks.jcs_number),
    built("proof", "signed_note", "public.note.verify", checks.signed_note),
    built("proof", "digest_to_u", "public.stream.unit", checks.digest_to_u),
    built("proof", "unicode", "public.canonical.canonical_id", checks.unicode),
    informational("rfc3797", checks.rfc3797),
    informational("thomson_vrs", checks.thomson),
    informational("consistent_sampler", checks.read_only),
    informational("cryptorandom", checks.cryptorandom),
    built("assignment", f"({NOW}) feasible", "assignment.feasible", checks.feasible),
    built("assignment", f"({NOW}) hall_certificates", "assignment.feasible", checks.certificate),
    unbuilt("assignment", ".* (feasible|hall_certificates|min_infeasible_task_sets|kind)",
            "assignment.smallest_blocking_set", checks.unsaid),
    unbuilt("assignment", ".* (maxent_.*|impossible_edges|forced_edges|maxmin_share|minmax_share|leximin_load)",
            "assignment.probabilities", checks.unsaid),
    unbuilt("assignment", ".* (n_assignments|uniform_marginals)", "assignment.enumerate_teams", checks.unsaid),
    unbuilt("assignment", ".* dropout", "assignment.replace", checks.unsaid),
)  # fmt: skip


def row_of(entry: Entry) -> Row:
    """Return the first row that answers for an entry; a group nobody answers for is an error."""
    for row in TABLE:
        if row.file == entry.file and re.fullmatch(row.pattern, entry.group):
            return row
    raise LookupError(
        f"{entry.file}.json: no row of the table answers for the group {entry.group!r}"
    )
