"""Parameters: each described, each held to a form, none of them secret."""

import re

import pytest

from engines.template import template
from paylink.domain.kinds import web_url
from paylink.domain.receipt import TAX_TYPES

PARAMETERS = template()["Parameters"]
INTERFACE = template()["Metadata"]["AWS::CloudFormation::Interface"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_is_described_and_bounded(name: str) -> None:
    parameter = PARAMETERS[name]
    assert len(parameter["Description"].split()) >= 4
    free = not {"AllowedValues", "AllowedPattern", "MinValue"} & set(parameter)
    assert not free, f"{name} takes anything"
    if {"AllowedPattern", "MinValue"} & set(parameter):
        assert parameter["ConstraintDescription"].startswith("must be")


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_default_is_allowed(name: str) -> None:
    parameter = PARAMETERS[name]
    if "Default" not in parameter:
        return_required = {"AllowedOrigins", "ShopUrl"}
        assert name in return_required
        return
    default = parameter["Default"]
    if "AllowedValues" in parameter:
        assert default in parameter["AllowedValues"]
    if "AllowedPattern" in parameter:
        assert re.fullmatch(parameter["AllowedPattern"], default)
    if "MinValue" in parameter:
        assert parameter["MinValue"] <= default <= parameter["MaxValue"]


def test_the_console_shows_all_of_them_in_groups() -> None:
    grouped = [name for group in INTERFACE["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(PARAMETERS)
    assert set(INTERFACE["ParameterLabels"]) == set(PARAMETERS)


def test_no_parameter_takes_a_key() -> None:
    for name in PARAMETERS:
        assert not re.search(r"key|secret|password|token", name, re.IGNORECASE), name


@pytest.mark.parametrize(
    "origins",
    [
        "https://shop.example",
        "https://shop.example,https://www.shop.example",
        "https://shop.example:8443",
        "http://localhost:3000,http://127.0.0.1",
    ],
)
def test_origins_that_may_be_given(origins: str) -> None:
    assert re.fullmatch(PARAMETERS["AllowedOrigins"]["AllowedPattern"], origins)


@pytest.mark.parametrize(
    "origins",
    [
        "",
        "*",
        "null",
        "https://*",
        "https://*.shop.example",
        "http://shop.example",
        "https://shop.example/",
        "https://shop.example/page",
        "https://Shop.example",
        "https://shop.example, https://www.shop.example",
        "https://shop.example,",
        "https://user@shop.example",
        "shop.example",
        "http://localhost.evil.example",
    ],
)
def test_origins_that_may_not(origins: str) -> None:
    assert not re.fullmatch(PARAMETERS["AllowedOrigins"]["AllowedPattern"], origins)


@pytest.mark.parametrize("name", ["PublicUrl", "GatewayUrl"])
def test_addresses_have_no_path(name: str) -> None:
    pattern = PARAMETERS[name]["AllowedPattern"]
    assert re.fullmatch(pattern, "")
    assert re.fullmatch(pattern, "https://pay.shop.example")
    for wrong in (
        "https://pay.shop.example/",
        "http://pay.shop.example",
        "https://pay.shop.example/v1",
        "pay",
    ):
        assert not re.fullmatch(pattern, wrong), wrong


def test_the_shop_may_have_a_page_but_no_fragment() -> None:
    pattern = PARAMETERS["ShopUrl"]["AllowedPattern"]
    for right in (
        "https://shop.example",
        "https://shop.example/thanks?from=pay",
        "http://localhost:3000/thanks",
    ):
        assert re.fullmatch(pattern, right), right
    for wrong in ("http://shop.example", "javascript:alert(1)", "https://shop.example/#thanks", ""):
        assert not re.fullmatch(pattern, wrong), wrong


@pytest.mark.parametrize("name", ["SellerTerms", "SellerRefundTerms"])
def test_the_sellers_pages_are_addresses_that_the_functions_can_read(name: str) -> None:
    pattern = PARAMETERS[name]["AllowedPattern"]
    for right in ("", "https://shop.example", "https://shop.example:8443/terms?of=sale&v=2#refund"):
        assert re.fullmatch(pattern, right), right
        assert not right or web_url(right) == right
    for wrong in (
        "http://shop.example/terms",
        "https://shop.example/a b",
        'https://shop.example/"',
        "https://shop.example/условия",
        "https://user@shop.example/",
        "javascript:alert(1)",
    ):
        assert not re.fullmatch(pattern, wrong), wrong


def test_the_webhook_is_an_address_that_deliver_can_read() -> None:
    pattern = PARAMETERS["WebhookUrl"]["AllowedPattern"]
    for right in (
        "",
        "https://shop.example/hook?shop=1&key=a~b",
        "http://127.0.0.1:8000/hook",
        "https://shop.example:8443",
    ):
        assert re.fullmatch(pattern, right), right
        assert not right or web_url(right) == right
    for wrong in (
        "http://shop.example/hook",
        "http://169.254.169.254/latest",
        "http://localhost.evil.example/",
        "https://user@shop.example/",
        "https://shop.example/#part",
        "https://shop.example/a b",
        "ftp://shop.example",
    ):
        assert not re.fullmatch(pattern, wrong), wrong


def test_where_short_messages_go_has_a_form() -> None:
    chat, email = (PARAMETERS[name]["AllowedPattern"] for name in ("TelegramChat", "MessageEmail"))
    assert all(re.fullmatch(chat, right) for right in ("", "-1001234567890", "42", "@shop_orders"))
    assert not any(re.fullmatch(chat, wrong) for wrong in ("shop", "@a", "-", "1 2", "@shop/orders"))
    assert all(re.fullmatch(email, right) for right in ("", "owner@shop.example"))
    assert not any(re.fullmatch(email, wrong) for wrong in ("owner", "a b@shop.example", "a@b@shop.example"))


def test_the_bus_is_named_and_not_addressed() -> None:
    pattern = PARAMETERS["EventBus"]["AllowedPattern"]
    assert all(re.fullmatch(pattern, right) for right in ("default", "shop-events", "a.b_c"))
    assert not any(
        re.fullmatch(pattern, wrong) for wrong in ("", "*", "arn:aws:events:x:1:event-bus/y", "a/b")
    )


def test_the_sellers_details_have_a_form() -> None:
    assert re.fullmatch(PARAMETERS["SellerBin"]["AllowedPattern"], "123456789012")
    assert not re.fullmatch(PARAMETERS["SellerBin"]["AllowedPattern"], "12345")
    assert re.fullmatch(PARAMETERS["SellerPhone"]["AllowedPattern"], "+7 (727) 123-45-67")
    assert not re.fullmatch(PARAMETERS["SellerPhone"]["AllowedPattern"], "87271234567")
    assert re.fullmatch(PARAMETERS["SellerName"]["AllowedPattern"], 'ИП «Кофейня "Абай"»')
    assert not re.fullmatch(PARAMETERS["SellerName"]["AllowedPattern"], "two\nlines")


def test_a_live_shop_tells_who_sells() -> None:
    rule = template()["Rules"]["LiveBuyersKnowTheSeller"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "TestMode"}, "false"]}
    needed = {name for name in PARAMETERS if name.startswith("Seller")} - {"SellerEmail"}
    asserted = [one["Assert"] for one in rule["Assertions"]]
    assert len(asserted) == len(needed)
    for name in needed:
        assert {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]} in asserted


def test_real_money_is_not_taken_through_the_test_gateway() -> None:
    rule = template()["Rules"]["LiveMoneyNeedsALiveGateway"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "TestMode"}, "false"]}
    region = {"Fn::Not": [{"Fn::Equals": [{"Ref": "GatewayRegion"}, "test"]}]}
    assert region in rule["Assertions"][0]["Assert"]["Fn::Or"]


def test_receipts_carry_tax_codes_that_the_region_knows() -> None:
    (assertion,) = template()["Rules"]["TheRegionKnowsTheTaxCode"]["Assertions"]
    known = {}
    for regions, codes in (branch["Fn::And"] for branch in assertion["Assert"]["Fn::Or"]):
        named, ref = regions["Fn::Contains"]
        assert ref == {"Ref": "GatewayRegion"}
        allowed, ref = codes["Fn::Contains"]
        assert ref == {"Ref": "ReceiptTaxType"}
        known |= {region: frozenset(map(int, allowed)) for region in named}
    assert known == TAX_TYPES
