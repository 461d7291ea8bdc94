"""Which text can be seen, and what a name is: one answer a code point, in both languages."""

import json
import subprocess
import sys
from pathlib import Path

from fairlot._base.visible import is_line, is_visible

PAGE = Path(__file__).parents[2] / "src/fairlot/public/page"
EVERY = [chr(code) for code in range(sys.maxunicode + 1)]


def test_the_page_refuses_the_same_code_points() -> None:
    """Whatever version of Unicode each of the two was built with."""
    script = f"""
        const {{ isLine, isVisible }} = await import({json.dumps((PAGE / "visible.js").as_uri())});
        const told = [];
        for (let code = 0; code <= 0x10ffff; code++) {{
          const sign = String.fromCodePoint(code);
          told.push(String(2 * isVisible(sign) + isLine(sign)));
        }}
        process.stdout.write(told.join(""));
    """
    run = ["node", "--input-type=module", "-e", script]
    told = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60).stdout
    own = "".join(str(2 * is_visible(sign) + is_line(sign)) for sign in EVERY)
    differing = [hex(i) for i, (a, b) in enumerate(zip(told, own, strict=True)) if a != b]
    assert differing == []
