"""The only place that chooses concrete parts: a module per function, which imports just what that one needs.

A function's module knows none of the others (a contract holds it): each Lambda would pay for them at its start.
What several functions are made of stands beside them: `gateway`, `creating`, `moving`, `asking`, `announcing`.
"""

import gc
from typing import Final

LIVING: Final = 100_000
"""How many more objects there are before Python looks for garbage.

Loading a function makes some seventy thousand, all of which stay. By Python's own number it would look through them
thirty times at every cold start, a tenth of it, and find nothing.
"""

gc.set_threshold(LIVING)
