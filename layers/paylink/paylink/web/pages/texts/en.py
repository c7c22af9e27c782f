"""The pages in English."""

from typing import Final

from paylink.web.pages.texts.shape import State, Texts

EN: Final = Texts(
    own_name="English",
    short_name="Eng",
    languages="Language of this page",
    pay="Pay {sum}",
    go_on="Continue to payment",
    each="each",
    quantity="Quantity",
    amount="Amount, {currency}",
    name="Name",
    phone="Telephone",
    email="E-mail",
    address="Address",
    comment="Comment",
    optional="optional",
    bounds="From {least} to {most}",
    left="Left: {count}",
    amount_later="You choose an amount from {least} to {most} on the next page.",
    phone_hint="With the country code, for example {example}",
    next_step="You enter your card on the next step, on Freedom Pay’s own page.",
    held="The sum is held on your card first; the seller takes it later.",
    test="Test mode: no money is taken.",
    closes="On sale until {moment}",
    error="Error",
    check="Please check what you entered",
    required="Fill in this field",
    quantity_wrong="Enter a whole number from {least} to {most}",
    amount_wrong="Enter an amount from {least} to {most}",
    email_wrong="Enter an e-mail address, for example name@example.com",
    phone_wrong="Enter a number with its country code, for example {example}",
    text_wrong="At most 255 characters, none of them control characters",
    form_wrong="What was sent does not fit this link. Check it and send it again.",
    too_many="There are not that many. Left: {count}",
    stale="This page was out of date. Check what you entered and press the button again.",
    reused=(
        "You have already begun a payment with other details. If it went through, there is no need to pay again. "
        "To pay with the new details, press the button."
    ),
    unknown=State(
        "Link not found",
        "There is no such payment link. Check the address, or ask the seller to send it again.",
    ),
    off=State("This link is switched off", "It can’t be paid at the moment. Ask the seller."),
    not_open=State("Not on sale yet", "On sale from {moment}"),
    closed=State("The sale is over", "It ended {moment}"),
    sold_out=State(
        "Sold out",
        "If you have begun to pay, finish on the payment page. "
        "If somebody does not pay, a place becomes free: look here later.",
    ),
    paused=State("Payments are paused", "Try again later, or ask the seller."),
    not_configured=State(
        "Payments are not set up yet", "The seller cannot take payments yet. Please ask them."
    ),
    silent=State(
        "The payment system does not answer",
        "Press “Try again”: the same payment continues, there will be no second one.",
    ),
    misconfigured=State(
        "Payment is not possible right now",
        "Try again a little later: the same payment continues. Or ask the seller.",
    ),
    refused=State(
        "The payment was not accepted",
        "The payment system refused it. Start again, or ask the seller.",
    ),
    running=State(
        "Your payment is being prepared",
        "Wait a few seconds and press the button. There will be no second payment.",
    ),
    cancelled=State("The order was cancelled", "It can no longer be paid. You can start a new one."),
    unpaid=State("The payment did not go through", "You can try again."),
    unavailable=State(
        "Something is not working",
        "Try again in a minute. If you have paid already, there will be no second payment.",
    ),
    too_large=State("Too much text", "Go back, shorten the text and send it again."),
    onward=State("Going on to payment", "If the payment page does not open by itself, press the button."),
    paid=State("Your order is paid", "If the shop’s page does not open by itself, press the button."),
    again="Try again",
    look="Check again",
    anew="Start again",
    carry_on="Continue",
    seller="Seller",
    bin="BIN/IIN",
    tax_number="TIN",
    seller_address="Address",
    seller_phone="Telephone",
    seller_email="E-mail",
    terms="Terms of sale",
    refund_terms="Returns and refunds",
)
