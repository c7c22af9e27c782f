"""A QR code of an address, made anew each time it is asked for."""

import io

from paylink.web.response import Response, picture_response

PIXELS_PER_MODULE = 10
"""About 400 pixels for the address of a link: sharp on a screen, and in print up to four centimetres."""


def qr_data_uri(address: str) -> str | None:
    """A PNG as a data URI; None where the address is longer than a code can hold."""
    import segno  # noqa: PLC0415 — few requests ask for a picture, and every cold start would pay for it

    try:
        code = segno.make(address, error="m", micro=False)
    except segno.DataOverflowError:
        return None
    uri: str = code.png_data_uri(scale=5)
    return uri


def qr_response(address: str, kind: str, file_name: str) -> Response:
    """A picture of kind `svg` (for print, of any size) or `png` as an answer that caches may keep for a day."""
    import segno  # noqa: PLC0415 — as above

    picture = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    if kind == "svg":
        # Black on white whatever is around it: a code in the colours of a dark page is not read everywhere.
        code.save(
            picture, kind="svg", omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None
        )
    else:
        code.save(picture, kind="png", scale=PIXELS_PER_MODULE)
    content_type = "image/svg+xml" if kind == "svg" else "image/png"
    return picture_response(content_type, picture.getvalue(), file_name)
