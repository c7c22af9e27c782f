"""Puts the local run together, in the order in which its parts need each other, and takes it apart again."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from freedompay_sandbox import Clock, Sandbox
from freedompay_sandbox import running as running_sandbox
from paylink_local.console import Console
from paylink_local.embedded_aws import embedded_aws
from paylink_local.environment import function_environment
from paylink_local.errors import TemplateError
from paylink_local.event_flow import EventFlow
from paylink_local.front import Front
from paylink_local.greeting import Addresses, greeting
from paylink_local.heard import EVENTS_PATH
from paylink_local.listening import ANY_HOST, LOOPBACK, address, bind, serving
from paylink_local.messaging import make_queues, make_topics, sqs_client, webhook_key
from paylink_local.offers import example_offer
from paylink_local.options import Options, is_loopback
from paylink_local.payload import Api
from paylink_local.provisioning import dynamodb_client, make_secrets, make_tables, secrets_client
from paylink_local.routes import Routes
from paylink_local.schedules import SCHEDULES_PATH, Schedules
from paylink_local.seeds import put_seeds, read_seeds
from paylink_local.shop import SCRIPT, Shop, swaps
from paylink_local.stopping import StopSignals
from paylink_local.template import ACCOUNT_ID, REGION, Template
from paylink_local.thanks import THANKS_PATH, thanks_page
from paylink_local.whereabouts import SYSTEM_PATH, Whereabouts, system_page
from paylink_local.workers import Workers

_SECRET_VARIABLE = "STACK_SECRET"  # noqa: S105 - the name of a variable
_TABLE_VARIABLE = "TABLE_NAME"
_WEBHOOK_VARIABLE = "WEBHOOK_SECRET"


def project_root() -> Path:
    """Return the checkout that this package was installed from; raises TemplateError outside of one."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "template.yaml").is_file():
        raise TemplateError(
            "paylink local runs the template.yaml of a checkout, and there is none beside this installation; "
            "install from the checkout with: pip install -e '.[local]'"
        )
    return root


def run(options: Options, signals: StopSignals) -> None:
    """Serve until a signal to stop comes; raises LocalError when it cannot start."""
    options.require_sound()
    console = Console(json_logs=options.json_logs)
    with _local_system(project_root(), options, console) as lines:
        if not signals.asked:
            for line in lines:
                console.say(line)
            signals.wait()


@contextmanager
def _local_system(root: Path, options: Options, console: Console) -> Iterator[list[str]]:
    """Run everything for the length of the block; gives the lines that say so."""
    links = read_seeds(options.seed) if options.seed else []
    with ExitStack() as stack:
        listener = stack.enter_context(bind(options.host, options.port, "--port"))
        front_url = address(listener)
        shop_listener = shop_url = None
        if options.shop is not None:
            shop_listener = stack.enter_context(bind(options.host, options.shop_port, "--shop-port"))
            shop_url = address(shop_listener)
        sandbox_url = None
        # With a gateway elsewhere nobody turns it, and it is this machine's.
        clock = Clock()
        if options.gateway_url is None:
            sandbox_url = stack.enter_context(_sandbox(options, clock))
        gateway_url = options.gateway_url or sandbox_url or ""
        parameters = options.parameters(front_url, gateway_url, shop_url)
        template = Template(root, parameters)

        aws_url = stack.enter_context(embedded_aws())
        dynamodb_url = options.dynamodb_endpoint or aws_url
        dynamodb, secrets = dynamodb_client(dynamodb_url), secrets_client(aws_url)
        notes = make_tables(template, dynamodb)
        merchant = {"merchant_id": options.merchant_id, "secret_key": options.secret_key}
        make_secrets(template, secrets, merchant)
        make_queues(template, sqs_client(aws_url))
        make_topics(template, aws_url)
        flow = EventFlow(template, aws_url, dynamodb_url, console.log)

        environments = {
            function.logical_id: template.environment(function) for function in template.functions
        }
        put_seeds(links, dynamodb, _variable(environments, _TABLE_VARIABLE))
        workers = {
            function.logical_id: Workers(
                function,
                function_environment(function, environments[function.logical_id], aws_url, dynamodb_url),
                console.log,
                ahead=lambda: round((clock.now() - datetime.now(UTC)).total_seconds(), 2),
            )
            for function in template.functions
        }
        # Taken apart from below: no new work, then the workers, whose end ends what the loops wait for.
        schedules = Schedules(template, clock.now, console.log)
        stack.callback(schedules.join)
        stack.callback(flow.join)
        stack.callback(_all_at_once, [pool.close for pool in workers.values()])
        stack.callback(flow.stop)
        stack.callback(schedules.stop)
        flow.prepare({logical_id: pool.invoke for logical_id, pool in workers.items()})
        flow.start()
        schedules.start({logical_id: pool.invoke for logical_id, pool in workers.items()})
        whereabouts = Whereabouts(
            region=REGION,
            aws=aws_url,
            dynamodb=dynamodb_url,
            gateway=gateway_url,
            sandbox=sandbox_url,
            outputs=template.outputs(),
            parameters=template.parameters(),
        )
        front = Front(
            Routes(template.routes()),
            template.cors(),
            {logical_id: pool.invoke for logical_id, pool in workers.items()},
            Api(ACCOUNT_ID, "local", REGION),
            pages={
                THANKS_PATH: thanks_page,
                SYSTEM_PATH: system_page(whereabouts),
                EVENTS_PATH: flow.heard.page,
            },
            controls={SCHEDULES_PATH: schedules.page},
            access=console.access,
            log=console.log,
        )
        stack.enter_context(serving(front, listener))
        offer = example_offer(secrets, _variable(environments, _SECRET_VARIABLE))
        if options.shop is not None and shop_listener is not None:
            placeholders = swaps(parameters["PublicUrl"], offer, sandbox_url)
            shop = Shop(options.shop, root / "storefront" / SCRIPT, placeholders)
            stack.enter_context(serving(shop, shop_listener))
        addresses = Addresses(
            front=front_url,
            public=parameters["PublicUrl"],
            gateway=gateway_url,
            aws=aws_url,
            dynamodb=dynamodb_url,
            shop=parameters["ShopUrl"],
            sandbox=sandbox_url,
            site=shop_url,
            webhook=options.webhook_url,
            webhook_key=webhook_key(secrets, _variable(environments, _WEBHOOK_VARIABLE)),
        )
        yield list(greeting(addresses, links, offer, [*notes, *flow.notes]))


@contextmanager
def _sandbox(options: Options, clock: Clock) -> Iterator[str]:
    sandbox = Sandbox(
        merchant_id=options.merchant_id,
        secret_key=options.secret_key,
        check_call=options.check_call,
        clock=clock,
    )
    # Tried first: a server that meets a taken port ends the program instead of saying so.
    bind(options.host, options.sandbox_port, "--sandbox-port").close()
    with running_sandbox(sandbox, options.host, options.sandbox_port) as url:
        own_url = url.replace(ANY_HOST, LOOPBACK)
        if options.public_url and not is_loopback(options.host):
            # Another machine's browser opens the payment page at the host by which it knows this one.
            sandbox.settings.public_url = (
                f"http://{urlsplit(options.public_url).hostname}:{urlsplit(url).port}"
            )
        yield own_url


def _variable(environments: dict[str, dict[str, str]], name: str) -> str:
    for environment in environments.values():
        if name in environment:
            return environment[name]
    raise TemplateError(f"template.yaml gives no function the variable {name}")


def _all_at_once(actions: Iterable[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=action, daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
