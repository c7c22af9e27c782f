"""A QR code of an address, made anew each time it is asked for."""


def qr_data_uri(address: str) -> str:
    """A PNG as a data URI."""
    import segno  # noqa: PLC0415 — few requests ask for a picture, and every cold start would pay for it

    uri: str = segno.make(address, error="m").png_data_uri(scale=5)
    return uri
