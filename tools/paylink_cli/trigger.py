"""`paylink trigger`: lets something happen to an order of the local system."""

import os
from typing import Any

import click

from paylink_cli.errors import WrongUse
from paylink_cli.operations import new_key
from paylink_cli.purchase import first_purchase, purchase_of
from paylink_cli.reaching.api import Api, in_path
from paylink_cli.reaching.sandbox import Sandbox
from paylink_cli.reaching.system import reach_local
from paylink_cli.reaching.target import API_VARIABLE, choose
from paylink_cli.showing.terminal import Column, Terminal, terminal_options
from paylink_cli.showing.values import amount_of, state


@click.command(
    epilog="""\b
Example:
  paylink trigger
  paylink trigger paid
  paylink trigger declined pl_00000000000000000000000000 --code 10009
  paylink trigger tampered --link coffee --advance 1800 --port 8081

Without SCENARIO it lists them; without ORDER it buys something first.
"""
)
@click.argument("scenario", required=False)
@click.argument("order", required=False)
@click.option("--link", metavar="LINK", help="The link to buy.  [default: the first that asks for nothing]")
@click.option("--code", metavar="CODE", help="The bank's answer of `declined`.")
@click.option("--seconds", type=float, metavar="N", help="The delay of `late`, on the sandbox's clock.")
@click.option(
    "--advance",
    type=click.FloatRange(0),
    metavar="N",
    help="Then turn the sandbox's clock on by N seconds; it repeats what was refused after 1800.",
)
@click.option("--local", is_flag=True, help="The system that `paylink local` runs: the only one there is.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help="Its port.  [default: 8080]")
@click.option("--api", metavar="URL", help="Its address, instead of a port.")
@terminal_options
def trigger(
    *,
    terminal: Terminal,
    scenario: str | None,
    order: str | None,
    link: str | None,
    code: str | None,
    seconds: float | None,
    advance: float | None,
    local: bool,
    port: int | None,
    api: str | None,
) -> None:
    """Let something happen to an order at the stand-in gateway."""
    if api is None and not local and port is None:
        api = os.environ.get(API_VARIABLE) or None
    url = choose(local=api is None, port=port, api=api).api_url or ""
    system = reach_local(url)
    sandbox = Sandbox(system)
    known = sandbox.scenarios()
    if scenario is None:
        _list(terminal, known)
        return
    if scenario not in known:
        raise WrongUse(f"there is no scenario {scenario!r}; there are {', '.join(known)}")
    if order is not None and link is not None:
        raise WrongUse("--link is for a new order; leave it out, or leave ORDER out")
    paylink = Api(url)
    order_id = order or _bought(paylink, link)
    with terminal.progress(f"playing {scenario}"):
        before = len(sandbox.callbacks())
        played = sandbox.trigger(scenario, order_id, code=code, seconds=seconds)
        if advance:
            sandbox.advance(advance)
            payments = {one["payment_id"] for one in played["payments"]}
            sent = sandbox.callbacks()[before:]
            played["callbacks"] = [one for one in sent if one["payment_id"] in payments]
    became = paylink.get(f"/payments/{in_path(order_id)}")
    if terminal.as_json:
        terminal.json(
            {"scenario": scenario, "order": became, "callbacks": [_callback(c) for c in played["callbacks"]]}
        )
        return
    _show(terminal, scenario, became, played)


def _bought(paylink: Api, link_id: str | None) -> str:
    if link_id is None:
        body = first_purchase(link for page in paylink.pages("/links") for link in page["links"])
    else:
        body = purchase_of(paylink.get(f"/links/{in_path(link_id)}"))
    return str(paylink.request("POST", "/payments", body, key=new_key()).content["order_id"])


def _list(terminal: Terminal, known: dict[str, str]) -> None:
    if terminal.as_json:
        terminal.json({"scenarios": known})
    else:
        terminal.table([Column("SCENARIO"), Column("WHAT HAPPENS", folds=True)], known.items())


def _show(terminal: Terminal, scenario: str, order: dict[str, Any], played: dict[str, Any]) -> None:
    terminal.facts(
        [
            ("Order", str(order["order_id"])),
            ("Scenario", scenario),
            ("Became", state(order["status"])),
            ("Amount", amount_of(order)),
            *(
                ("Payment", f"{one['payment_id']} is {one['status']} at the gateway")
                for one in played["payments"]
            ),
            *(("Told", _told(_callback(record))) for record in played["callbacks"]),
        ]
    )


def _callback(record: dict[str, Any]) -> dict[str, Any]:
    """What was sent and answered, without the signature."""
    reply = record["reply"]
    return {
        "kind": record["kind"],
        "payment_id": record["payment_id"],
        "delivered": record["delivered"],
        "fault": record["fault"],
        "http_status": reply["http_status"],
        "answer": reply["fields"].get("pg_status"),
    }


def _told(callback: dict[str, Any]) -> str:
    fault = f" ({str(callback['fault']).replace('_', ' ')})" if callback["fault"] else ""
    if not callback["delivered"] or callback["http_status"] is None:
        return f"{callback['kind']}{fault}: not answered"
    answer = f" {callback['answer']}" if callback["answer"] else ""
    return f"{callback['kind']}{fault}: answered {callback['http_status']}{answer}"
