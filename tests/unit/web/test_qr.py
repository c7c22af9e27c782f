"""QR codes of addresses."""

from paylink.web.qr import qr_data_uri


def test_a_code_is_a_png() -> None:
    code = qr_data_uri("https://customer.freedompay.kz/pay.html?customer=1")
    assert code is not None
    assert code.startswith("data:image/png;base64,iVBOR")


def test_an_address_that_no_code_can_hold_has_none() -> None:
    assert qr_data_uri("https://customer.freedompay.kz/" + "a" * 3000) is None
