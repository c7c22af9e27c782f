"""CORS headers of the API itself."""

from paylink_local.cors import Cors

SHOP = "http://shop.example"
CORS = Cors.from_properties(
    {
        "AllowOrigins": [SHOP, "http://other.example"],
        "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["content-type", "idempotency-key"],
        "ExposeHeaders": ["retry-after"],
        "MaxAge": "600",
    }
)


def test_a_preflight_from_an_allowed_origin_gets_the_configuration() -> None:
    assert dict(CORS.preflight(SHOP)) == {
        "vary": "origin",
        "access-control-allow-origin": SHOP,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "content-type,idempotency-key",
        "access-control-expose-headers": "retry-after",
        "access-control-max-age": "600",
    }


def test_a_preflight_from_elsewhere_allows_nothing() -> None:
    assert CORS.preflight("http://evil.example") == [("vary", "origin")]
    assert CORS.preflight(None) == [("vary", "origin")]
    assert CORS.preflight(SHOP.upper()) == [("vary", "origin")]


def test_a_functions_own_cors_headers_never_get_out() -> None:
    own = [("Access-Control-Allow-Origin", "*"), ("content-type", "text/plain")]
    assert CORS.apply(own, "http://evil.example") == [("content-type", "text/plain"), ("vary", "origin")]
    assert dict(CORS.apply(own, SHOP)) == {
        "content-type": "text/plain",
        "vary": "origin",
        "access-control-allow-origin": SHOP,
        "access-control-expose-headers": "retry-after",
    }


def test_without_a_configuration_nothing_is_touched() -> None:
    cors = Cors.from_properties(None)
    own = [("access-control-allow-origin", "*")]
    assert not cors
    assert cors.apply(own, SHOP) == own


def test_any_origin_and_schemes() -> None:
    assert dict(Cors.from_properties(True).preflight(SHOP))["access-control-allow-origin"] == "*"
    secure = Cors.from_properties({"AllowOrigins": ["https://*"], "AllowCredentials": True})
    assert secure.preflight("http://a.example") == [("vary", "origin")]
    answer = dict(secure.preflight("https://a.example"))
    assert answer["access-control-allow-origin"] == "https://a.example"
    assert answer["access-control-allow-credentials"] == "true"


def test_the_one_string_form_of_a_list() -> None:
    cors = Cors.from_properties({"AllowOrigins": f"'{SHOP},http://b.example'"})
    assert cors.allow_origins == (SHOP, "http://b.example")
