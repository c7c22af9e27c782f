"""The only place that chooses concrete parts: a module per function, which imports just what that one needs.

A function's module knows none of the others (a contract holds it): each Lambda would pay for them at its start.
What several functions are made of stands beside them: `gateway`, `creating`, `moving`, `asking`, `announcing`.
"""

import gc
from functools import cache
from typing import Final

LOADING: Final = 100_000
"""How many more objects there are before Python looks for garbage, while a function is loaded.

Loading makes some seventy thousand, all of which stay. By Python's own number it would look through them thirty times
at every cold start, a tenth of it, and find nothing.
"""

_of_python = gc.get_threshold()
gc.set_threshold(LOADING)


@cache
def loaded() -> None:
    """Ends it: what is loaded stays, and from now on garbage is looked for as Python does. Once in a process.

    What strangers send must not pile up until there are a hundred thousand objects of it.
    """
    gc.freeze()
    gc.set_threshold(*_of_python)
