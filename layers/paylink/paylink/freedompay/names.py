"""The documented names of fields that start with `pg_`, and what the lint must know of some of them.

Freedom Pay protocol, "Request parameters", "Callbacks", "Status" and "Cancel, clearing, refund".
"""

from __future__ import annotations

RECEIPT = "pg_receipt_positions"
MARKS = "mark_list"
LISTS = frozenset({RECEIPT, MARKS})
"""Names whose values are lists even where they hold a single item."""

AMOUNTS = frozenset(
    {
        *("pg_amount", "pg_amount_interval_from", "pg_amount_interval_to", "pg_clearing_amount"),
        *("pg_refund_amount", "pg_loyalty_amount", "price"),
    }
)
"""Names whose values are amounts in major units."""

REQUEST = frozenset(
    {
        *("pg_merchant_id", "pg_order_id", "pg_payment_id", "pg_amount", "pg_currency", "pg_description"),
        *("pg_salt", "pg_sig", "pg_testing_mode", "pg_lifetime", "pg_language", "pg_encoding"),
        *("pg_user_id", "pg_user_ip", "pg_user_phone", "pg_user_contact_email"),
        *("pg_need_email_notification", "pg_need_phone_notification"),
        *("pg_payment_method", "pg_payment_system", "pg_payment_route", "pg_template_params"),
        *("pg_request_method", "pg_check_url", "pg_result_url", "pg_refund_url", "pg_capture_url"),
        *("pg_success_url", "pg_failure_url", "pg_success_url_method", "pg_failure_url_method"),
        *("pg_site_url", "pg_state_url", "pg_state_url_method", "pg_timeout_after_payment"),
        *("pg_param1", "pg_param2", "pg_param3"),
        *("pg_auto_clearing", "pg_postpone_payment", "pg_3ds_challenge", "pg_generate_qr"),
        *("pg_recurring_start", "pg_recurring_lifetime", "pg_recurring_profile"),
        *("pg_idempotency_key", "pg_loyalty_id", "pg_loyalty_amount", "pg_freedom_id"),
        *("pg_commission_discount", "pg_commission_discount_fix", RECEIPT),
        *("pg_amount_interval_from", "pg_amount_interval_to", "pg_clearing_amount", "pg_refund_amount"),
    }
)
"""What a merchant sends in a request."""

REPLY = frozenset(
    {
        *("pg_status", "pg_description", "pg_error_code", "pg_error_description", "pg_timeout"),
        *("pg_salt", "pg_sig"),
    }
)
"""What a merchant sends in the answer to a callback."""
