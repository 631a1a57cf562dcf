"""`playground report` and `playground summary`: the cost of a stack, and its existing resources."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, cast

import click
import pulumi

from facts.json_output import as_json
from facts.json_text import read_json
from facts.problem import InvalidInput
from infra.project.stackfile import StackFile
from report import cost
from report import summary as summaries
from report.cluster_networks import as_node_pools
from report.cost import estimate
from report.gpu_pools import gpu_pools
from report.reach_endpoints import blocked_connections
from report.resources import Resource, from_export, from_recording
from report.wording import money

from .common import file_option, json_option, price_list, progress, say, stack_argument, stack_file
from .refusal import fail

NEXT_STEPS: Mapping[str, str] = {
    "make preview STACK=prod": "preview the production stack and its cost",
    "{bin}sandbox cloud list": "resources in the sandbox's cloud",
    "{bin}playground report {stack}": "every line of the cost",
    "make preview STACK={stack}": "change Pulumi.{stack}.yaml, then preview the change",
    "make down STACK={stack}{unprotect}": "destroy the stack",
}
"""Commands to run after an `up` on the sandbox. `{bin}` is the folder of the commands, if it is not on the PATH.
`{unprotect}` is the argument that allows the deletion of protected resources."""

SANDBOX = "the sandbox"

REAL_NEXT_STEPS: Mapping[str, str] = {
    "{bin}playground report {stack}": "every line of the cost",
    "{bin}playground tunnel {stack}": "a tunnel to the private API endpoint",
    "pulumi stack output kubeconfig --show-secrets": "credentials for kubectl",
}


@click.command()
@stack_argument
@file_option
@json_option
def report(stack: str, config_file: Path | None, json_output: bool) -> None:
    """Show the monthly cost of STACK, a budget overrun, and endpoints that cannot connect. Needs no engine and no
    account.

    Prices are list prices with a date. Set PLAYGROUND_PRICES to a file with your own prices.
    """
    prices = price_list()
    with progress(f"running the program of {stack}, without an engine"):
        resources = offline_resources(stack_file(stack, config_file), stack)
    found, closed = estimate(resources, prices), blocked_connections(as_node_pools(resources))
    if json_output:
        click.echo(as_json({"stack": stack, "closed": closed, **cost.as_json(found)}))
        return
    for way in closed:
        say(f"{stack}: cannot reach each other: {way}", alarm=True)
    if found.over_budget and found.budget:
        least = "at least " if found.at_least else ""
        over = f"{least}{money(found.over_by, found.currency)} a month over the budget"
        over += f" of {found.budget.amount:,.0f}"
        say(f"{stack}: {over}", alarm=True)
    summaries.show_cost(found)
    for pool in gpu_pools(resources):
        say(f"GPUs of {pool}")


@click.command()
@stack_argument
@click.option(
    "--export",
    "source",
    type=click.File(),
    default="-",
    help="`pulumi stack export`. Default: standard input.",
)
@click.option("--where", default=SANDBOX, show_default=True, help="Where the stack is deployed.")
@click.option(
    "--changes", default="{}", help='Changes of the run as JSON, e.g. \'{"create": 3, "same": 40}\'.'
)
@click.option("--assumed", multiple=True, help="An assumption of the run. Can be repeated.")
@json_option
def summary(
    *, stack: str, source: IO[str], where: str, changes: str, assumed: Sequence[str], json_output: bool
) -> None:
    """Show the existing resources of STACK by layer, its endpoints, cost, assumptions, and the next commands."""
    export = cast(Mapping[str, object], _json(source.read(), "the export"))
    counts = cast(Mapping[str, int], _json(changes, "--changes"))
    resources = from_export(export)
    protected = any(each.protect and each.custom for each in resources)
    on_sandbox = where == SANDBOX
    found = summaries.summarise(
        resources,
        price_list(),
        stack=stack,
        where=where,
        assumed=assumed,
        next_steps=_next_steps(stack, NEXT_STEPS if on_sandbox else REAL_NEXT_STEPS, protected=protected),
        changes=counts,
        engine=f"{bin_folder()}sandbox" if on_sandbox else "pulumi",
    )
    if json_output:
        click.echo(as_json(summaries.as_json(found)))
    else:
        summaries.show(found)


def _next_steps(stack: str, steps: Mapping[str, str], *, protected: bool) -> list[tuple[str, str]]:
    words = {
        "stack": stack,
        "bin": bin_folder(),
        "unprotect": " UNPROTECT=1" if protected else "",
    }
    return list({command.format(**words): what.format(**words) for command, what in steps.items()}.items())


def bin_folder() -> str:
    """The prefix of the project's commands if they are not on the PATH."""
    return "" if shutil.which("playground") else ".venv/bin/"


def offline_resources(file: StackFile, stack: str) -> list[Resource]:
    """The resources that the program registers. If the settings have problems, prints them and exits with code 1."""
    from infra.offline.run import run_offline  # noqa: PLC0415  SDKs take half a second, which `--help` does not need

    if file.problems:
        raise InvalidInput(file.problems, file.name)
    try:
        return from_recording(run_offline(file, stack).resources)
    except pulumi.RunError as error:
        # The program's own refusal (infra/program/start.py).
        refused = error.__context__
        fail(str(error), refused.problems if isinstance(refused, InvalidInput) else ())


def _json(text: str, what: str) -> object:
    try:
        found: object = read_json(text)
    except ValueError as error:
        raise click.UsageError(f"{what} must be JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{what} must be a JSON object")
    return cast(object, found)
