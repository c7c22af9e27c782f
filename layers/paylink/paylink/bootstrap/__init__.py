"""The only place that chooses concrete parts: a module per function, which imports just what that one needs.

A function's module knows none of the others (a contract holds it): each Lambda would pay for them at its start.
What several functions are made of stands beside them: `gateway`, `creating`, `moving`, `asking`, `announcing`.
"""
