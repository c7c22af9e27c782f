"""What a buyer does on the stand-in gateway's payment page."""

from playwright.sync_api import FrameLocator, Page, expect

PAYS, DECLINED = "4716047261941981", "5335215945367703"


def there(page: Page | FrameLocator) -> None:
    expect(page.get_by_label("Card number")).to_be_visible(timeout=15_000)


def pay(page: Page | FrameLocator, card: str = PAYS) -> None:
    there(page)
    page.locator(f'[data-card="{card}"]').click()
    expect(page.get_by_label("CVV")).to_have_value("123")
    page.get_by_role("button", name="Pay", exact=False).first.click()


def decline_and_return(page: Page) -> None:
    there(page)
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("link", name="Return to the shop").click()
