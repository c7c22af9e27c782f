"""What a repeated pg_idempotency_key does, in each of the three ways."""

import threading

import pytest

KEY = "pl_order-1"


@pytest.fixture
def mode(sandbox):
    return lambda name: sandbox.settings.update({"repeated_key": name})


def test_same_answers_with_the_first_payment(merchant, sandbox, mode):
    mode("same")
    first = merchant.create(pg_idempotency_key=KEY)
    again = merchant.create(pg_idempotency_key=KEY)
    assert again["pg_payment_id"] == first["pg_payment_id"]
    assert again["pg_redirect_url"] == first["pg_redirect_url"]
    assert again["pg_salt"] != first["pg_salt"]
    assert len(sandbox.payments()) == 1


def test_same_refuses_the_key_for_another_request(merchant, sandbox, mode):
    mode("same")
    merchant.create(pg_idempotency_key=KEY)
    answer = merchant.create(pg_idempotency_key=KEY, pg_amount="21.00")
    assert (answer["pg_status"], answer["pg_error_code"]) == ("error", "200")
    assert len(sandbox.payments()) == 1


def test_error_answers_with_an_error(merchant, sandbox, mode):
    mode("error")
    assert merchant.create(pg_idempotency_key=KEY)["pg_status"] == "ok"
    answer = merchant.create(pg_idempotency_key=KEY)
    assert (answer["pg_status"], answer["pg_error_code"]) == ("error", "200")
    assert "pg_idempotency_key" in answer["pg_error_description"]
    assert len(sandbox.payments()) == 1


def test_new_makes_a_new_payment(merchant, sandbox, mode):
    mode("new")
    assert merchant.created(pg_idempotency_key=KEY) != merchant.created(pg_idempotency_key=KEY)
    assert len(sandbox.payments()) == 2


@pytest.mark.parametrize("name", ["same", "error", "new"])
def test_requests_without_a_key_or_with_another_are_their_own(merchant, sandbox, mode, name):
    mode(name)
    for key in (None, None, "", "", "a", "b"):
        assert merchant.create(pg_idempotency_key=key)["pg_status"] == "ok"
    assert len(sandbox.payments()) == 6


@pytest.mark.parametrize("name", ["same", "error"])
def test_a_key_whose_first_request_created_nothing_is_free(merchant, sandbox, mode, name):
    mode(name)
    sandbox.faults.add("create", "http_500")
    assert merchant.send("/init_payment.php", merchant.order(pg_idempotency_key=KEY)).status_code == 500
    assert merchant.create(pg_idempotency_key=KEY)["pg_status"] == "ok"


@pytest.mark.parametrize("name", ["same", "error"])
def test_a_key_whose_answer_was_lost_is_taken(merchant, sandbox, mode, name):
    mode(name)
    sandbox.faults.add("create", "drop_after")
    with pytest.raises(ConnectionResetError):
        merchant.create(pg_idempotency_key=KEY)
    answer = merchant.create(pg_idempotency_key=KEY)
    assert answer["pg_status"] == ("ok" if name == "same" else "error")
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize("outcome", [("same", 1, 32), ("error", 1, 1), ("new", 32, 32)])
def test_thirty_two_at_once(merchant, sandbox, mode, outcome):
    name, count, succeed = outcome
    mode(name)
    answers, gate = [], threading.Barrier(32)

    def create():
        gate.wait(10)
        answers.append(merchant.create(pg_idempotency_key=KEY))

    threads = [threading.Thread(target=create) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    payments = sandbox.payments()
    assert len({payment.payment_id for payment in payments}) == len(payments) == count
    assert [answer["pg_status"] for answer in answers].count("ok") == succeed
