"""The documentation names what there is."""

from pathlib import Path

from fairlot.planning.terms import Terms
from fairlot.registers import REGISTERS

DOCS = Path(__file__).parent.parent / "docs"


def test_every_column_of_every_register_is_listed() -> None:
    text = (DOCS / "registers.md").read_text(encoding="utf-8")
    names = {f"`{c.name}`" for columns in REGISTERS.values() for c in columns}
    headers = {header for columns in REGISTERS.values() for c in columns for header in c.zh}
    assert [name for name in sorted(names | headers) if name not in text] == []


def test_every_name_of_a_plan_is_explained() -> None:
    text = (DOCS / "plan.md").read_text(encoding="utf-8")
    parts = {n: f.annotation for n, f in Terms.model_fields.items()}
    own = [n for part in parts.values() for n in getattr(part, "model_fields", {})]
    assert [name for name in [*parts, *own] if name not in text] == []
