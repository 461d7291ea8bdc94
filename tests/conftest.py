"""What all tests share: property tests that come out the same on every machine."""

from hypothesis import settings

# No deadline: the first example pays for compiling a kernel. Derandomized: a red run can be redone.
settings.register_profile("fairlot", deadline=None, derandomize=True, database=None)
settings.load_profile("fairlot")
