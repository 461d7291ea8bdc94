"""What all tests share: property tests that come out the same on every machine."""

import os

from hypothesis import settings

# So many random cases a property; CI looks at fewer where it tries the same code a second time.
EXAMPLES = int(os.environ.get("FAIRLOT_EXAMPLES", "100"))

# No deadline: the first example pays for compiling a kernel. Derandomized: a red run can be redone.
settings.register_profile(
    "fairlot", deadline=None, derandomize=True, database=None, max_examples=EXAMPLES
)
settings.load_profile("fairlot")
