"""Paylink: serverless payment links for Freedom Pay."""
