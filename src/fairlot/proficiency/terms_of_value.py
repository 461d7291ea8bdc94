"""The terms of the assigned value and of sigma_pt of a measurand, every number a decimal string."""

import re
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from fairlot._base.settings import Part
from fairlot._base.written import DECIMAL, Decimal, Text, as_text

__all__ = ["Positive", "Sigma", "Value"]

SIGNED = re.compile(f"-?{DECIMAL.pattern}")


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
Quartiles = Literal["type6", "type7"]


class Value(Part):
    """Where the assigned value comes from (ISO 13528:2022 clause 7).

    method  formulation, crm, reference (one laboratory): ``x_pt`` with ``u``, or ``U`` and ``k``.
            experts: the laboratories named in ``labs``, whose results carry uncertainties, combined
            by ``combine``. All others: the consensus of the participants.
    edition of Algorithm A: its fixed point, or as the standard of 2022 prints constant and stop
    quartiles  by which n_iqr, the median with the normalised interquartile range, is taken: there
               is no default, because the rule decides
    """

    method: Literal[
        "formulation", "crm", "reference", "experts",
        "mean", "median", "n_iqr", "algorithm_a", "huber", "hampel", "likelihood",
    ] = "algorithm_a"  # fmt: skip
    x_pt: Signed | None = None
    u: Positive | None = None
    U: Positive | None = None
    k: Positive | None = None
    labs: tuple[Text, ...] = ()
    edition: Literal["exact", "iso2022"] = "exact"
    quartiles: Quartiles | None = None
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
        if (self.method == "n_iqr") != (self.quartiles is not None):
            raise ValueError(
                'quartiles, type6 or type7, go with method = "n_iqr", and only with it'
            )
        if not known and (self.u or self.U):
            raise ValueError("u and U go with x_pt; a consensus has its own uncertainty")
        return self


class Sigma(Part):
    """Where the standard deviation for proficiency assessment comes from (clause 8).

    method  fixed: ``sigma_pt``. percent: ``percent`` of x_pt. delta_e: ``delta_e`` / 3. horwitz:
            of x_pt as a mass fraction, ``per_unit`` of one unit (1e-6 for mg/kg). precision:
            ``sigma_R``, ``sigma_r``, ``replicates``. earlier: ``intercept`` + ``slope`` x_pt, from
            earlier rounds. round: the robust scale of this round, within ``lower`` and ``upper``.
    estimator  of the round's scale; left out: that of the consensus value. n_iqr wants ``quartiles``
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
    estimator: Literal["algorithm_a", "n_iqr", "mad_e", "qn", "q_method"] | None = None
    quartiles: Quartiles | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wanted = _SIGMA_NEEDS[self.method]
        if self.method == "round":
            wanted = wanted | ({"estimator"} if self.estimator else set())
            wanted = wanted | ({"quartiles"} if self.estimator == "n_iqr" else set())
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
