"""The terms of a scheme: how a round is scored, every number a decimal string.

Several provinces that hold the same scheme score identically: nothing is left to a default of the
software that could change, and the digest of the whole stands in every report.
"""

import re
from collections import Counter
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from fairlot._base.settings import Part, Settings
from fairlot._base.written import DECIMAL, Date, Decimal, Text, as_text
from fairlot.proficiency.grading import Grading

SIGNED = re.compile(f"-?{DECIMAL.pattern}")

__all__ = ["ABSENT", "Followup", "Measurand", "Scale", "Sigma", "Terms", "Value", "Verdict"]


ABSENT = "缺席"
"""The verdict on who took no part, and among ``fails`` a sample that was left out."""


def _above_zero(value: str) -> str:
    if Fraction(value) <= 0:
        raise ValueError(f'got "{value}"; want a number above 0')
    return value


def _signed(value: str) -> str:
    if not SIGNED.fullmatch(value):
        raise ValueError(f'got "{value}"; want a plain decimal such as "-0.15"')
    return value


Signed = Annotated[str, BeforeValidator(as_text), AfterValidator(_signed)]
Positive = Annotated[Decimal, AfterValidator(_above_zero)]


class Scale(Part):
    """How the size of a score becomes a grade: labels from good to bad, a limit between two.

    at_limit  whether a score of exactly each limit is "better" or "worse"
    digits    decimals to which a score is rounded before it is graded, none if it is not
    """

    limits: tuple[Positive, ...] = ("2", "3")
    labels: tuple[Text, ...] = ("满意", "可疑", "不满意")
    at_limit: tuple[Literal["better", "worse"], ...] = ("better", "worse")
    digits: Annotated[int, Field(ge=0, le=12)] | None = None

    @model_validator(mode="after")
    def _can_grade(self) -> Self:
        self.grading()
        return self

    def grading(self) -> Grading:
        """Return the scale as scores are graded by."""
        return Grading(self.limits, self.labels, self.at_limit, self.digits)


_E_N = Scale(limits=("1",), labels=("满意", "不满意"), at_limit=("better",))


class Value(Part):
    """Where the assigned value comes from (ISO 13528:2022 clause 7).

    method  formulation, crm, reference (one laboratory): ``x_pt`` with ``u``, or ``U`` and ``k``.
            experts: the laboratories named in ``labs``, whose results carry uncertainties, combined
            by ``combine``. All others: the consensus of the participants.
    edition of Algorithm A: its fixed point, or as the standard of 2022 prints constant and stop
    """

    method: Literal[
        "formulation", "crm", "reference", "experts",
        "mean", "median", "algorithm_a", "hampel", "likelihood",
    ] = "algorithm_a"  # fmt: skip
    x_pt: Signed | None = None
    u: Positive | None = None
    U: Positive | None = None
    k: Positive | None = None
    labs: tuple[Text, ...] = ()
    edition: Literal["exact", "iso2022"] = "exact"
    combine: Literal["weighted_mean", "dersimonian_laird", "mandel_paule", "reml"] = "mandel_paule"

    @property
    def consensus(self) -> bool:
        """Whether the participants' own results decide the value."""
        return self.method not in ("formulation", "crm", "reference", "experts")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known = self.method in ("formulation", "crm", "reference")
        if known != (self.x_pt is not None):
            raise ValueError("x_pt goes with formulation, crm and reference, and only with them")
        if (self.method == "experts") != bool(self.labs):
            raise ValueError('labs go with method = "experts", and only with it')
        if (self.U is None) != (self.k is None) or (self.u and self.U):
            raise ValueError("want u, or U with its coverage factor k")
        if self.edition != "exact" and self.method != "algorithm_a":
            raise ValueError('edition goes with method = "algorithm_a", and only with it')
        if not known and (self.u or self.U):
            raise ValueError("u and U go with x_pt; a consensus has its own uncertainty")
        return self


class Sigma(Part):
    """Where the standard deviation for proficiency assessment comes from (clause 8).

    method  fixed: ``sigma_pt``. percent: ``percent`` of x_pt. delta_e: ``delta_e`` / 3. horwitz:
            of x_pt as a mass fraction, ``per_unit`` of one unit (1e-6 for mg/kg). precision:
            ``sigma_R``, ``sigma_r``, ``replicates``. earlier: ``intercept`` + ``slope`` x_pt, from
            earlier rounds. round: the robust scale of this round, within ``lower`` and ``upper``.
    """

    method: Literal["fixed", "percent", "delta_e", "horwitz", "precision", "earlier", "round"]
    sigma_pt: Positive | None = None
    percent: Positive | None = None
    delta_e: Positive | None = None
    per_unit: Positive | None = None
    sigma_R: Positive | None = None  # noqa: N815 (the standard tells R from r)
    sigma_r: Positive | None = None
    replicates: Annotated[int, Field(ge=1, le=1000)] | None = None
    intercept: Signed | None = None
    slope: Signed | None = None
    lower: Positive | None = None
    upper: Positive | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wanted = _SIGMA_NEEDS[self.method]
        given = {name for name in type(self).model_fields if getattr(self, name) is not None}
        missing, extra = wanted - given, given - wanted - {"method"}
        if missing or extra:
            raise ValueError(
                f"method {self.method} wants {', '.join(sorted(wanted))}; "
                f"missing {sorted(missing)}, too many {sorted(extra)}"
            )
        if self.lower and self.upper and Fraction(self.lower) > Fraction(self.upper):
            raise ValueError(f"lower {self.lower} is above upper {self.upper}")
        return self


_SIGMA_NEEDS: dict[str, set[str]] = {
    "fixed": {"sigma_pt"},
    "percent": {"percent"},
    "delta_e": {"delta_e"},
    "horwitz": {"per_unit"},
    "precision": {"sigma_R", "sigma_r", "replicates"},
    "earlier": {"intercept", "slope"},
    "round": {"lower", "upper"},
}


class Measurand(Part):
    """What is measured, at one level or at all: unit, assigned value, sigma_pt, score.

    level       of the sample; "" stands for every level that has no entry of its own
    score       auto: z, and z' where u(x_pt) is not negligible; pa: 100 (x - x_pt) / delta_e
    least       numeric results below which no consensus is formed
    u_hom, u_stab, u_trans   parts of u(x_pt) beside its characterisation
    below       what becomes of "<L": the range of scores it allows, or no score
    decimals    that the laboratories were asked to report; fewer are noticed
    round_x_pt, round_sigma_pt   decimals to which they are rounded before grading, as printed
    """

    name: Text
    level: Text | Literal[""] = ""
    unit: Text | Literal[""] = ""
    value: Value = Value()
    sigma: Sigma | None = None
    score: Literal["auto", "z", "z_prime", "zeta", "e_n", "pa"] = "auto"
    delta_e: Positive | None = None
    least: Annotated[int, Field(ge=3, le=1000)] = 12
    u_hom: Decimal = "0"
    u_stab: Decimal = "0"
    u_trans: Decimal = "0"
    below: Literal["range", "unscored"] = "range"
    replicates: Literal["mean", "median"] = "mean"
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    round_x_pt: Annotated[int, Field(ge=0, le=12)] | None = None
    round_sigma_pt: Annotated[int, Field(ge=0, le=12)] | None = None

    @model_validator(mode="after")
    def _can_score(self) -> Self:
        if self.score in ("auto", "z", "z_prime") and self.sigma is None:
            raise ValueError(f"{self.name}: score {self.score} wants sigma")
        if (self.score == "pa") != (self.delta_e is not None):
            raise ValueError(f'{self.name}: delta_e goes with score = "pa", and only with it')
        stated = self.value.consensus or self.value.labs or self.value.u or self.value.U
        if self.score in ("z_prime", "zeta", "e_n") and not stated:
            raise ValueError(f"{self.name}: score {self.score} wants the uncertainty of x_pt")
        return self


class Verdict(Part):
    """How the grades of a laboratory's levels and measurands become one verdict.

    fails  a verdict is the bad one from so many grades of a label on: {"不满意" = 1, "可疑" = 2};
           "缺席" = 1 fails who took part and left a sample out
    """

    labels: tuple[Text, Text] = ("合格", "不合格")
    fails: dict[Text, Annotated[int, Field(ge=1, le=10_000)]] = Field(
        default_factory=lambda: {"不满意": 1, "可疑": 2}
    )
    by: Literal["laboratory", "measurand"] = "measurand"


class Followup(Part):
    """Who is ordered to correct, and by when: working days after the report is issued."""

    grades: tuple[Text, ...] = ("可疑", "不满意")
    absent: bool = True
    working_days: Annotated[int, Field(ge=1, le=1000)] = 30


class Terms(Settings):
    """Everything that decides how a round is scored."""

    spec: Literal["fairlot.pt/v1"]
    provider: Text
    round: Text
    title: Text
    issued: Date
    negligible: Literal["below", "at_most"] = "below"
    blunders: Literal["removed", "kept"] = "removed"
    grades: Scale = Scale()
    grades_e_n: Scale = _E_N
    verdict: Verdict = Verdict()
    followup: Followup = Followup()
    measurands: Annotated[tuple[Measurand, ...], Field(min_length=1, max_length=100_000)]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        times = Counter((each.name, each.level) for each in self.measurands)
        twice = next((key for key, n in times.items() if n > 1), None)
        if twice:
            raise ValueError(f"measurand {' '.join(twice).strip()} stands twice")
        known = self.grades.labels
        if [label for label in known if label in self.grades_e_n.labels] != [
            *self.grades_e_n.labels
        ]:
            raise ValueError(f"labels of grades_e_n must be of {known}, in that order")
        for label in (*self.verdict.fails.keys() - {ABSENT}, *self.followup.grades):
            if label not in known:
                raise ValueError(f"{label} is no grade of this scheme; want one of {known}")
        return self
