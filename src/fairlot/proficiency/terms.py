"""The terms of a scheme: how a round is scored, every number a decimal string.

Several provinces that hold the same scheme score identically: nothing is left to a default of the
software that could change, and the digest of the whole stands in every report.
"""

from collections import Counter
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from fairlot._base.settings import Part, Settings
from fairlot._base.written import Date, Decimal, Text
from fairlot.proficiency.grading import Grading
from fairlot.proficiency.terms_of_value import Positive, Sigma, Value

__all__ = [
    "ABSENT",
    "OPEN",
    "Followup",
    "GradeTerms",
    "Measurand",
    "Sigma",
    "Terms",
    "Value",
    "VerdictTerms",
]


ABSENT = "缺席"
"""The verdict on who took no part, and among ``fails`` a sample that was left out."""

OPEN = "未评"
"""The verdict on who has nothing that could be graded, and among ``fails`` a sample reported so."""

LABELS = ("满意", "可疑", "不满意")


class GradeTerms(Part):
    """How the size of a score becomes a grade: labels from good to bad, a limit between two.

    at_limit  whether a score of exactly each limit is "better" or "worse"
    digits    decimals to which a score is rounded before it is graded, none if it is not
    """

    limits: tuple[Positive, ...] = ("2", "3")
    labels: tuple[Text, ...] = LABELS
    at_limit: tuple[Literal["better", "worse"], ...] = ("better", "worse")
    digits: Annotated[int, Field(ge=0, le=12)] | None = None

    @model_validator(mode="after")
    def _can_grade(self) -> Self:
        self.grading()
        return self

    def grading(self) -> Grading:
        """Return the scale as scores are graded by."""
        return Grading(self.limits, self.labels, self.at_limit, self.digits)


def _of_e_n(labels: tuple[str, ...]) -> dict[str, Any]:
    return {"limits": ("1",), "labels": (labels[0], labels[-1]), "at_limit": ("better",)}


def _fails(labels: tuple[str, ...]) -> dict[str, int]:
    """Return what fails by default: one of the worst, two of the next, one sample left out."""
    next_worst = {labels[-2]: 2} if len(labels) > 2 else {}
    return {labels[-1]: 1, **next_worst, ABSENT: 1}


class Measurand(Part):
    """What is measured, at one level or at all: unit, assigned value, sigma_pt, score.

    level       of the sample; "" stands for every level that has no entry of its own
    score       auto: z, and z' where u(x_pt) is not negligible; pa: 100 (x - x_pt) / delta_e
    least       numeric results below which no consensus is formed
    u_hom, u_stab, u_trans   parts of u(x_pt) beside its characterisation; u_hom = "homogeneity"
                takes s_s from the homogeneity data that are handed in with the results
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
    u_hom: Literal["homogeneity"] | Decimal = "0"
    u_stab: Decimal = "0"
    u_trans: Decimal = "0"
    below: Literal["range", "unscored"] = "range"
    replicates: Literal["mean", "median"] = "mean"
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    round_x_pt: Annotated[int, Field(ge=0, le=12)] | None = None
    round_sigma_pt: Annotated[int, Field(ge=0, le=12)] | None = None

    @property
    def has_budget(self) -> bool:
        """Whether u(x_pt) has parts beside its characterisation."""
        parts = (self.u_hom, self.u_stab, self.u_trans)
        return any(part == "homogeneity" or Fraction(part) for part in parts)

    @model_validator(mode="after")
    def _can_score(self) -> Self:
        if self.score in ("auto", "z", "z_prime") and self.sigma is None:
            raise ValueError(f"{self.name}: score {self.score} wants sigma")
        if (self.score == "pa") != (self.delta_e is not None):
            raise ValueError(f'{self.name}: delta_e goes with score = "pa", and only with it')
        if self.sigma and self.sigma.method == "round":
            own = self.value.consensus or self.sigma.estimator
            if not own:
                raise ValueError(f"{self.name}: sigma of the round wants an estimator, because the "
                                 "value is no consensus")  # fmt: skip
        stated = self.value.consensus or self.value.labs or self.value.u or self.value.U
        if self.has_budget and not stated:
            raise ValueError(f"{self.name}: u_hom, u_stab and u_trans go with a stated u or U; "
                             "parts alone are no uncertainty of x_pt")  # fmt: skip
        if self.score in ("z_prime", "zeta", "e_n") and not stated:
            raise ValueError(f"{self.name}: score {self.score} wants the uncertainty of x_pt")
        return self


class VerdictTerms(Part):
    """How the grades of a laboratory's levels and measurands become one verdict.

    fails  a verdict is the bad one from so many grades of a label, or worse ones, on; from so many
           samples on that were left out ("缺席") or reported so that they cannot be graded ("未评",
           as "未检出" without a limit). By default one 不满意, two 可疑 or one 缺席
    """

    labels: tuple[Text, Text] = ("合格", "不合格")
    fails: dict[Text, Annotated[int, Field(ge=1, le=10_000)]] = Field(
        default_factory=lambda: _fails(LABELS)
    )
    by: Literal["laboratory", "measurand"] = "measurand"


class Followup(Part):
    """Who is ordered to correct, and by when: working days after the report is issued.

    absent    whether a sample that was left out leads to an order
    ungraded  whether one that was reported so that it cannot be graded does
    """

    grades: tuple[Text, ...] = LABELS[1:]
    absent: bool = True
    ungraded: bool = True
    working_days: Annotated[int, Field(ge=1, le=1000)] = 30


class Terms(Settings):
    """Everything that decides how a round is scored.

    What is left out of ``grades_e_n``, ``verdict.fails`` and ``followup.grades`` follows from the
    labels of ``grades``.
    """

    spec: Literal["fairlot.pt/v1"]
    provider: Text
    round: Text
    title: Text
    issued: Date
    negligible: Literal["below", "at_most"] = "below"
    blunders: Literal["removed", "kept"] = "removed"
    grades: GradeTerms = GradeTerms()
    grades_e_n: GradeTerms = GradeTerms(**_of_e_n(LABELS))
    verdict: VerdictTerms = VerdictTerms()
    followup: Followup = Followup()
    measurands: Annotated[tuple[Measurand, ...], Field(min_length=1, max_length=100_000)]

    @model_validator(mode="before")
    @classmethod
    def _by_labels(cls, raw: Any) -> Any:
        grades = raw.get("grades", {}) if isinstance(raw, dict) else None
        labels = grades.get("labels", LABELS) if isinstance(grades, dict) else None
        if not isinstance(labels, tuple) or len(labels) < 2:
            return raw  # nothing can be told of it; what is wrong will be
        follows = {
            "grades_e_n": _of_e_n(labels),
            "verdict": {"fails": _fails(labels)},
            "followup": {"grades": labels[1:]},
        }
        given = {name: raw.get(name, {}) for name in follows}
        merged = {name: {**follows[name], **own} for name, own in given.items()
                  if isinstance(own, dict)}  # fmt: skip
        return raw | merged

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
        for label in (*self.verdict.fails.keys() - {ABSENT, OPEN}, *self.followup.grades):
            if label not in known:
                raise ValueError(f"{label} is no grade of this scheme; want one of {known}")
        return self
