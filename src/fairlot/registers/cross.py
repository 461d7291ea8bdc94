"""What must hold between registers: every name used in one is known in another."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from fairlot.registers.columns import REGISTERS
from fairlot.registers.problems import SENTENCES, Problem
from fairlot.registers.register import Register

__all__ = ["cross_check"]

All = Mapping[str, Register]
"""Every register by its kind."""


def cross_check(every: All) -> tuple[Problem, ...]:
    """Return what does not agree between registers; an empty register contradicts nothing."""
    checks = (_conflicts, _absences, _history, _bureaux, _persons_twice)
    return tuple(problem for check in checks for problem in check(every))


def _conflicts(every: All) -> Iterator[Problem]:
    persons = _names(every["officers"], "officer_id") | _names(every["experts"], "expert_id")
    targets = _names(every["sites"], "site_id", "uscc")
    want_person, want_target = "officer_id / expert_id", "site_id / uscc"
    yield from _unknown(every["conflicts"], "person_id", persons, "person_unknown", want_person)
    yield from _unknown(every["conflicts"], "target", targets, "target_unknown", want_target)


def _absences(every: All) -> Iterator[Problem]:
    officers = _names(every["officers"], "officer_id")
    yield from _unknown(every["absences"], "officer_id", officers, "officer_unknown", "officer_id")


def _history(every: All) -> Iterator[Problem]:
    # A site that closed since keeps its visits, so an unknown one is no error here.
    yield from _unknown(
        every["history"], "site_id", _names(every["sites"], "site_id"), "site_unknown"
    )


def _bureaux(every: All) -> Iterator[Problem]:
    sites, officers = _names(every["sites"], "bureau_id"), _names(every["officers"], "bureau_id")
    yield from _firsts(_unknown(every["officers"], "bureau_id", sites, "bureau_without_sites"))
    yield from _firsts(_unknown(every["sites"], "bureau_id", officers, "bureau_without_officers"))


def _persons_twice(every: All) -> Iterator[Problem]:
    experts = _names(every["experts"], "expert_id")
    yield from _flagged(every["officers"], "officer_id", experts.__contains__, "person_twice")


def _names(register: Register, *columns: str) -> set[str]:
    return {name for column in columns for name in register.frame[column] if name}


def _unknown(
    register: Register, column: str, known: set[str], code: str, want: str = ""
) -> Iterator[Problem]:
    if known:
        yield from _flagged(register, column, lambda name: name not in known, code, want)


def _flagged(
    register: Register, column: str, wrong: Callable[[str], bool], code: str, want: str = ""
) -> Iterator[Problem]:
    """Yield one problem for each row where ``column`` holds a wrong name."""
    severity, file = SENTENCES[code][0], register.source
    ids = register.frame[REGISTERS[register.kind][0].name]
    for at, (name, row_id) in enumerate(zip(register.frame[column], ids, strict=True)):
        if name and wrong(name):
            row = register.row_number(at)
            yield Problem(severity, code, file, row, column, row_id, name, want)


def _firsts(problems: Iterable[Problem]) -> Iterable[Problem]:
    """Return the first problem of each name."""
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(problem.got, problem)
    return first.values()
