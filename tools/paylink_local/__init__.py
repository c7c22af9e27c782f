"""Paylink on one machine: the template's functions behind an HTTP front, an embedded AWS, a gateway."""
