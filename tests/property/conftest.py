"""How much hypothesis tries: the same each time in CI, something new each time at a desk."""

import os

from hypothesis import HealthCheck, settings

# A shared or busy machine is slow now and then; how long one example takes says nothing here.
UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}

settings.register_profile("desk", max_examples=100, **UNHURRIED)
settings.register_profile("ci", max_examples=100, derandomize=True, database=None, **UNHURRIED)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
