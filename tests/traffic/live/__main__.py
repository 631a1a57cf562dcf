"""Run the path of a stack's models here, until Ctrl-C or for some seconds, then print what happened."""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console

from facts.product import NAME
from sandbox.engine.go import BuildError
from sandbox.engine.pin import EngineUnavailableError
from serving.gateway.gateway_plan import GatewayPlan
from tests.traffic.live import stack, tally
from tests.traffic.live.stack import Chosen
from tests.traffic.parts import limits
from tests.traffic.parts.fleet import Fleet, fleet, stable, wait_for
from tests.traffic.parts.limiter import limiter
from tests.traffic.parts.path import Gate, gate
from tools import gateway as gateway_parts
from tools.entry import start
from tools.rate_limit import build as rate_limit
from tools.system_tools import REDIS, ensure
from tools.traffic import build

TOKEN_MS = 33
"""Time to the next token of a fake engine: 30 tokens a second."""

console = Console(highlight=False, width=tally.WIDTH)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", default="staging")
@click.option("--seconds", type=click.IntRange(1), help="End after this time. Default: Ctrl-C ends it.")
def main(name: str, seconds: int | None) -> None:
    """Run the models' path of stack NAME on this machine, with fake engines."""
    if sys.platform != "linux":
        sys.exit("`make traffic` needs Linux: each fake engine has an address of its own below 127.1")
    # Pulumi renders the objects and leaves event loops open. What Python says of that at the end is no news.
    sys.unraisablehook = lambda _: None
    wanted = stack.read(name)
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    with tempfile.TemporaryDirectory(prefix=f"{NAME}-traffic-") as folder:
        begun = time.monotonic()
        with running(wanted, Path(folder), ended) as gateway:
            if gateway is not None:
                begun = time.monotonic()
                introduce(wanted, gateway, seconds)
                ended.wait(seconds)
        if gateway is not None:
            console.print(f"\n[bold]{name}, {time.monotonic() - begun:.0f} s[/bold]")
            tally.show(console, tally.read(gateway.folder / "access.log"))


def say(text: str) -> None:
    """Print a line of progress."""
    console.print(text)
    sys.stdout.flush()


@contextmanager
def running(wanted: Chosen, folder: Path, ended: threading.Event) -> Iterator[Gate | None]:
    """All parts. None if it was ended before they ran."""
    say(f"[bold]The models' path of {wanted.name} on this machine[/bold]")
    say("installing Envoy and the router, if they are missing")
    build.obtain()
    try:
        gateway_parts.obtain(say)
    except (BuildError, EngineUnavailableError) as failure:
        sys.exit(f"`make traffic` needs Envoy Gateway's translator, which cannot be built: {failure}")
    counted = wanted.counted and can_count()
    # The parts are on this machine, each engine at an address of its own. Only the downloads above need a proxy.
    for variable in [each for each in os.environ if each.lower().endswith("_proxy")]:
        del os.environ[variable]
    with ExitStack() as parts:
        made = parts.enter_context(fleet(folder))
        upstream: dict[str, int] = {}
        for name in wanted.models:
            if not ended.is_set():
                upstream[name] = parts.enter_context(serving(wanted, name, made))
        if ended.is_set():
            yield None
            return
        counting = None
        if counted:
            say("starting Redis, with TLS and a password, and the rate limit service")
            service = parts.enter_context(limiter(folder / "limiter", limits.service_config(wanted.args)))
            counting = limits.Counting(port=service.port, fail_closed=wanted.fail_closed)
        say("starting Envoy")
        shown = tally.fields(GatewayPlan(wanted.args).header)
        yield parts.enter_context(
            gate(
                folder / "envoy",
                wanted.args,
                wanted.keys,
                upstream,
                counting,
                logged=shown,
            )
        )


@contextmanager
def serving(wanted: Chosen, name: str, made: Fleet) -> Iterator[int]:
    """The fake engines and the router of a model. Returns the router's port."""
    model, count, program = wanted.models[name], wanted.engines[name], wanted.router.implementation
    say(f"starting {count} fake engine{'s' * (count > 1)} of {name}, and its router {program}")
    choices = wanted.router.model_dump(exclude={"image", "image_digest", "implementation"})
    times = {
        "longest_answer_seconds": model.answer_seconds,
        "longest_stream_seconds": model.stream_seconds,
    }
    with made.router(program, name, **times, **choices) as router:
        for place in range(count):
            made.engine(
                f"{name}-{place}", stable(name), model=name, context=model.context_tokens, first_ms=100,
                token_ms=TOKEN_MS, enable_force_include_usage=int(bool(model.counts_tokens)),
            )  # fmt: skip
        wait_for(router.ready)
        yield router.port


def can_count() -> bool:
    """Install Redis and build the rate limit service. False, with the reason, if that is not possible."""
    try:
        if ensure([REDIS]):
            say(f"left out: limits per minute, because Redis is missing (apt-get install {REDIS.debian})")
            return False
        rate_limit.obtain(say)
    except (BuildError, EngineUnavailableError) as failure:
        say(f"left out: limits per minute, because the rate limit service cannot be built: {failure}")
        return False
    return True


def introduce(wanted: Chosen, gateway: Gate, seconds: int | None) -> None:
    """Print who may call what, and how."""
    say("")
    for tenant in wanted.args.tenants:
        minute = {"requests": tenant.requests_per_minute, "tokens": tenant.tokens_per_minute}
        bounds = [f"{GatewayPlan(wanted.args).concurrent(tenant)} at once"]
        bounds += [f"{limit:,} {what} a minute" for what, limit in minute.items() if limit is not None]
        say(f"{tenant.name} may call {', '.join(tenant.models)}:\n  {', '.join(bounds)}")
    if not wanted.counted:
        say("No tenant of this stack has a limit per minute, so no Redis runs.")
    first = wanted.args.tenants[0]
    key = wanted.keys[f"{first.name}.1"]
    say(f"\nThe key of {first.name}, generated for this run:\n\n{key}\n")
    console.print(call(gateway, key, first.models[0]), soft_wrap=True, markup=False)
    say("\nStand-ins: the engines (test programs without a GPU) and AI Gateway's processor.")
    say("There is no TLS before Envoy.")
    say(f"\nIt ends after {seconds} s." if seconds else "\nCtrl-C ends it, and prints what happened.")


def call(gateway: Gate, key: str, model: str) -> str:
    """A command line that sends one request."""
    return f"""\
curl --no-buffer --noproxy '*' http://127.0.0.1:{gateway.port}/v1/chat/completions \\
  --header 'Host: {gateway.args.host_name}' \\
  --header 'Authorization: Bearer {key}' \\
  --header 'Content-Type: application/json' \\
  --data '{{"model": "{model}", "stream": true, "max_tokens": 30,
    "messages": [{{"role": "user", "content": "Hello"}}]}}'"""


if __name__ == "__main__":
    start(main)
