"""A stack whose outages the tests choose, with a clock that they turn."""

from integration.conftest import aws_clients, deployment, load_function, outlets
from integration.reconcile.conftest import gateway, sandbox, stack

__all__ = ["aws_clients", "deployment", "gateway", "load_function", "outlets", "sandbox", "stack"]
