"""What all tests share: property tests that come out the same on every machine."""

import os

from hypothesis import HealthCheck, settings

# So many random cases a property; CI looks at fewer where it tries the same code a second time.
EXAMPLES = int(os.environ.get("FAIRLOT_EXAMPLES", "100"))

# No deadline: the first example pays for compiling a kernel. Derandomized: a red run can be redone.
# Of few cases it is luck how many are filtered out.
FEW = [HealthCheck.filter_too_much] if EXAMPLES < 100 else []
settings.register_profile(
    "fairlot",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=FEW,
)
settings.load_profile("fairlot")
