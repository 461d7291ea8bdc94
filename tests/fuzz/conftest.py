"""The records and proofs that fuzzing starts from are those of the tests beside it."""

import sys
from pathlib import Path

for beside in ("tampering", "public"):
    sys.path.append(str(Path(__file__).parents[1] / beside))
