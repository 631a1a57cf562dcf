"""`playground call`: one streamed request to a model through the gateway, as a tenant's application would send it."""

import os
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from math import isnan
from pathlib import Path
from typing import TextIO

import click

from facts.json_output import as_json
from facts.problem import InvalidInput
from facts.variables import misspelt_variable
from infra.account.login import ACCOUNT_ERRORS, log_in
from infra.account.stack_outputs import NoOutputsError, read_outputs
from infra.account.tunnel import TunnelError
from infra.calling.choice import Choice, choose
from infra.calling.forwarding import ForwardingError, forwarded
from infra.calling.key import HIDDEN, KEY_VARIABLE, ApiKey, NoKeyError, find_key
from infra.calling.stream import Answer, CallError
from infra.calling.stream import call as send
from infra.calling.way import Way, balancer_way, forwarded_way, given_way, url_problems
from infra.settings import Settings

from .common import file_option, json_option, progress, say, stack_argument
from .refusal import fail
from .settings import settings_or_exit


def _number(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    """Click's range lets `nan` pass."""
    if isnan(value):
        raise click.BadParameter("nan is not a number of seconds.")
    return value


@click.command()
@stack_argument
@click.argument("model")
@click.argument("text")
@click.option("--tenant", help="Tenant whose key is used. Required if several tenants may call the model.")
@click.option("--url", help="Address of the gateway, as in https://127.0.0.1:8443.")
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates in PEM that are trusted. Default: those of this machine.",
)
@click.option(
    "--max-tokens", type=click.IntRange(min=1), help="Most tokens of the answer. Default: the model's."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1, max=86_400),
    default=300,
    show_default=True,
    callback=_number,
    help="Seconds until the answer is complete.",
)
@click.option(
    "--outputs",
    type=click.File(),
    help="`pulumi stack output --json --show-secrets` as a file, or -.",
)
@click.option(
    "--public-key",
    type=click.Path(exists=True, path_type=Path),
    help="SSH public key for the tunnel. Default: one in ~/.ssh.",
)
@file_option
@json_option
def call(
    *,
    stack: str,
    model: str,
    text: str,
    tenant: str | None,
    url: str | None,
    ca_file: Path | None,
    max_tokens: int | None,
    timeout: float,
    outputs: TextIO | None,
    public_key: Path | None,
    config_file: Path | None,
    json_output: bool,
) -> None:
    """Send TEXT to MODEL of STACK as a tenant, and print the answer, its times, its tokens and its cost.

    The request goes to --url, else to the load balancer if the gateway is behind it, else through a port that kubectl
    forwards to the gateway, with a tunnel if the stack needs one. The key comes from the variable PLAYGROUND_API_KEY,
    else from the vault. Exit code 1: no complete answer.
    """
    settings = settings_or_exit(stack, config_file)
    if misspelt := misspelt_variable(os.environ, "PLAYGROUND_", (KEY_VARIABLE,)):
        fail(str(hidden := replace(misspelt, value=HIDDEN)), [hidden])
    try:
        choice = choose(settings, model, tenant)
    except InvalidInput as error:
        raise InvalidInput([*error.problems, *(() if url is None else url_problems(url))]) from None
    # A wrong address is refused before the vault is read.
    given = None if url is None else given_way(url, choice.host_name, ca_file)

    @cache
    def known() -> Mapping[str, object]:
        return read_outputs(stack, outputs, ["--show-secrets"])

    try:
        key = _key(settings, choice, known)
        with _way(settings, choice, given=given, ca_file=ca_file, known=known, public_key=public_key) as way:
            answer = _answered(way, key, _body(model, text, max_tokens), timeout, quiet=json_output)
    except (*ACCOUNT_ERRORS, CallError, ForwardingError, NoKeyError, NoOutputsError, TunnelError) as error:
        fail(f"no answer: {error}")
    _report(choice, answer, json_output)


def _body(model: str, text: str, max_tokens: int | None) -> Mapping[str, object]:
    body: dict[str, object] = {
        "model": model,
        "messages": [{"role": "user", "content": text}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    return body if max_tokens is None else body | {"max_tokens": max_tokens}


def _key(settings: Settings, choice: Choice, known: Callable[[], Mapping[str, object]]) -> ApiKey:
    def vault() -> str:
        existing = settings.vault.existing
        found = existing.vault_id if existing else known().get("vaultId")
        if not isinstance(found, str) or not found:
            raise NoKeyError("the stack has no vault yet: `pulumi up` creates it")
        return found

    with progress("reading the key"):
        return find_key(os.environ, choice.tenant.keys, vault, lambda: log_in(settings.tenancy))


@contextmanager
def _way(
    settings: Settings,
    choice: Choice,
    *,
    given: Way | None,
    ca_file: Path | None,
    known: Callable[[], Mapping[str, object]],
    public_key: Path | None,
) -> Generator[Way]:
    """The way in, while the block runs."""
    if given is not None:
        yield given
    elif settings.traffic.gateway.backend_set is not None:
        yield balancer_way(choice.host_name, ca_file)
    else:
        with forwarded(settings, known(), public_key) as port:
            yield forwarded_way(port, choice.host_name, ca_file)


def _answered(way: Way, key: ApiKey, body: Mapping[str, object], timeout: float, *, quiet: bool) -> Answer:
    shown: list[str] = []

    def show(part: str) -> None:
        shown.append(part)
        if not quiet:
            click.echo(part, nl=False)
            sys.stdout.flush()

    try:
        return send(way, key, body, seconds=timeout, show=show)
    finally:
        # An error follows on a line of its own.
        if shown and not quiet:
            click.echo()


def cost_of(choice: Choice, answer: Answer) -> float | None:
    """Price in USD of the engine's GPUs for the time of the answer: the most that it cost, because an engine answers
    other requests at the same time."""
    return None if choice.hour_price is None else choice.hour_price * answer.seconds / 3600


def _report(choice: Choice, answer: Answer, json_output: bool) -> None:
    cost = cost_of(choice, answer)
    if json_output:
        row = {
            "model": choice.model,
            "tenant": choice.tenant.name,
            "text": answer.text,
            "finishReason": answer.finish_reason,
            "firstTokenSeconds": answer.first_token_seconds,
            "seconds": answer.seconds,
            "tokensPerSecond": answer.tokens_per_second,
            "promptTokens": answer.prompt_tokens,
            "answerTokens": answer.answer_tokens,
            "costAtMostUsd": cost,
        }
        click.echo(as_json(row))
        return
    first, speed = answer.first_token_seconds, answer.tokens_per_second
    say(f"first token: {'none' if first is None else f'{first:.3f} s'}, end: {answer.seconds:.3f} s")
    say(f"speed: {'unknown' if speed is None else f'{speed:.1f} tokens a second'}")
    counts = answer.prompt_tokens, answer.answer_tokens
    prompt, tokens = ("unknown" if each is None else f"{each:,}" for each in counts)
    say(f"tokens: {prompt} of the prompt, {tokens} of the answer")
    if answer.finish_reason == "length":
        say("the answer is cut: it has as many tokens as allowed")
    if cost is None:
        say("cost: unknown, the GPUs have no price")
    else:
        say(
            f"cost: at most {cost:.6f} USD, at {choice.hour_price:.2f} USD an hour for its engine. The more requests "
            "the engine answers at the same time, the less"
        )
