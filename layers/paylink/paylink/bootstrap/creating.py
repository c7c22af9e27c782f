"""Creating a payment, for whichever function does it."""

from paylink.adapters.aws import dynamodb, secrets_manager
from paylink.adapters.contacts import Contacts
from paylink.adapters.links import Links
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.adapters.signals import PowertoolsSignals
from paylink.app.create_payment import CreatePayment
from paylink.app.policy import Policy
from paylink.app.watched_links import WatchedLinks
from paylink.bootstrap.gateway import api_url
from paylink.domain.receipt import ReceiptRules
from paylink.freedompay.client import FreedomPayClient
from paylink.settings import CreatePaymentSettings


def creating(settings: CreatePaymentSettings, signals: PowertoolsSignals) -> CreatePayment:
    """The use case. Raises SettingsError."""
    return CreatePayment(
        orders=Orders(dynamodb(), settings.table),
        links=WatchedLinks(Links(dynamodb(), settings.table), signals),
        places=Places(dynamodb(), settings.table),
        contacts=Contacts(dynamodb(), settings.table, settings.keep_contacts),
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        stack=StackSecret(secrets_manager(), settings.stack_secret),
        gateway=FreedomPayClient(api_url(settings), create_path=settings.gateway_path),
        policy=policy(settings),
        signals=signals,
    )


def policy(settings: CreatePaymentSettings) -> Policy:
    """The owner's decisions on new payments."""
    return Policy(
        allowed_origins=settings.allowed_origins,
        shop_url=settings.shop_url,
        language=settings.language,
        lifetime=settings.lifetime,
        test_mode=settings.test_mode,
        accept_payments=settings.accept_payments,
        payment_method=settings.payment_method,
        check_call=settings.check_call,
        receipts=ReceiptRules(settings.gateway_region, settings.receipt_tax_type, settings.receipts),
        offers_not_before=settings.offers_not_before,
    )
