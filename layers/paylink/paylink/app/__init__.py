"""The use cases: create a payment, answer a check, settle a result, take the buyer back, tell the status."""
