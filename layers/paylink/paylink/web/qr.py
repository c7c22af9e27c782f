"""A QR code of an address, made anew each time it is asked for."""


def qr_data_uri(address: str) -> str | None:
    """A PNG as a data URI; None where the address is longer than a code can hold."""
    import segno  # noqa: PLC0415 — few requests ask for a picture, and every cold start would pay for it

    try:
        code = segno.make(address, error="m")
    except segno.DataOverflowError:
        return None
    uri: str = code.png_data_uri(scale=5)
    return uri
