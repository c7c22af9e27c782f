"""The check call: when it is made, what it says, and what each answer does."""

import pytest

from freedompay_sandbox import State


@pytest.fixture
def checked(merchant, sandbox, shop):
    """Create a payment whose shop is asked first."""
    sandbox.settings.update({"check_call": True})

    def create(**changes):
        return merchant.created(pg_check_url=shop.at("/shop/check?from=link"), **changes)

    return create


def test_the_fields_of_a_check(checked, sandbox, shop):
    payment_id = checked(m_ref="A-1", pg_testing_mode="1")
    sandbox.pay(payment_id)
    check, result = shop.received
    assert check.verifies
    assert {name: value for name, value in check.fields.items() if name not in {"pg_salt", "pg_sig"}} == {
        "from": "link",
        "pg_order_id": "order-1",
        "pg_payment_id": payment_id,
        "pg_amount": "20",
        "pg_currency": "KZT",
        "pg_ps_amount": "20",
        "pg_ps_full_amount": "20",
        "pg_ps_currency": "KZT",
        "m_ref": "A-1",
    }
    assert (check.path, result.path) == ("/shop/check", "/shop/result")


def test_no_check_unless_the_shop_has_it_on_and_gives_an_address(checked, merchant, sandbox, shop):
    sandbox.pay(merchant.created())
    sandbox.settings.update({"check_call": False})
    sandbox.pay(checked())
    assert [call.path for call in shop.received] == ["/shop/result", "/shop/result"]


@pytest.mark.parametrize(
    "refusal",
    [
        ("rejected", "Sold out", "Sold out"),
        ("rejected", "", "The shop does not accept this payment."),
        ("error", "", "The shop could not confirm this payment."),
        (500, "", "The shop could not confirm this payment."),
        (b"ok", "", "The shop could not confirm this payment."),
    ],
)
def test_any_other_answer_takes_no_money(checked, sandbox, shop, refusal):
    answer, description, shown = refusal
    shop.answers["/shop/check"] = answer
    shop.description = description
    payment_id = checked()
    payment = sandbox.pay(payment_id)
    assert (payment.state, payment.refusal) == (State.NEW, shown)
    assert shop.results() == []
    shop.answers["/shop/check"] = "ok"
    assert sandbox.pay(payment_id).state is State.PAID


def test_an_ok_signed_with_another_key_takes_no_money(checked, sandbox, shop):
    shop.sign_with = "another key"
    assert sandbox.pay(checked()).state is State.NEW


def test_no_answer_takes_no_money(checked, sandbox, shop, merchant, refused_port):
    sandbox.settings.update({"check_call": True})
    payment_id = merchant.created(pg_check_url=f"{refused_port}/check")
    assert sandbox.pay(payment_id).state is State.NEW
    sandbox.faults.add("check", "lost")
    assert sandbox.pay(checked()).state is State.NEW
    assert shop.received == []


def test_a_check_under_a_fault(checked, sandbox, shop):
    sandbox.faults.add("check", "doubled")
    sandbox.pay(checked())
    first, second = shop.received[:2]
    assert first == second
    sandbox.faults.add("check", "wrong_signature")
    sandbox.pay(checked())
    assert not shop.received[3].verifies


def test_a_slow_check_still_counts(checked, sandbox, shop):
    sandbox.faults.add("check", "slow", seconds=0.05)
    assert sandbox.pay(checked()).state is State.PAID


def test_declines_are_checked_too(checked, sandbox, shop):
    shop.answers["/shop/check"] = "rejected"
    assert sandbox.decline(checked()).state is State.NEW
    assert shop.results() == []


def test_a_payment_whose_time_ran_out_during_the_check_expires(checked, sandbox, shop):
    payment_id = checked(pg_lifetime="300")
    shop.answers["/shop/check"] = "rejected"
    reply = shop.reply

    def slow_reply(path):
        if path == "/shop/check":
            sandbox.clock.advance(301)
        return reply(path)

    shop.reply = slow_reply
    assert sandbox.pay(payment_id).state is State.EXPIRED
    assert [call.fields["pg_failure_code"] for call in shop.results()] == ["101"]
