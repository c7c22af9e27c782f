"""Money operations: refund, capture, cancel, resolve, sync.

use_case    finds or claims the operation of a key in the order's row
conducting  the one call for a claimed operation, and writing how it ended
calling     what is sent, and what an error means
"""

from paylink.app.operations.task import OperationResult
from paylink.app.operations.use_case import Operations

__all__ = ["OperationResult", "Operations"]
