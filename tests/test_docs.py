"""The documentation names what there is."""

import re
from pathlib import Path
from typing import Any

import pytest

from fairlot import sampling
from fairlot.planning.terms import Terms
from fairlot.registers import REGISTERS
from fairlot.sampling.design_variance import DEFAULTS, WITH_X

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


def test_every_design_is_in_the_table_of_designs() -> None:
    text = (DOCS / "designs.md").read_text(encoding="utf-8")
    public = [name for name in sampling.__all__ if name not in ("D", "Sample")]
    named = set(re.findall(r"`([a-z_]+)[`(*]", text))
    designs = [name for name in public if name in DEFAULTS or name in WITH_X]
    assert len(designs) == 21
    assert [name for name in designs if name not in named] == []


def test_the_defaults_of_the_table_are_those_of_the_code() -> None:
    text = (DOCS / "designs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|.*?\|.*?\|.*?\| `(\w+)`", text, flags=re.M)
    told = {name: default for names, default in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == DEFAULTS


def test_the_examples_of_the_designs_page_run() -> None:
    text = (DOCS / "designs.md").read_text(encoding="utf-8")
    scope: dict[str, Any] = {}
    for part in text.split("```python\n")[1:]:
        exec(part.split("```")[0], scope)
    assert len(scope["sample"]) == 4
    assert len(scope["listed"]) == scope["frame"].pi.sum()


@pytest.mark.parametrize(
    "page", [*DOCS.glob("*.md"), *DOCS.parent.glob("*.md")], ids=lambda p: p.name
)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
