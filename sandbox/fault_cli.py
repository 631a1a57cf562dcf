"""`sandbox cloud fault`: makes calls of the cloud fail, or changes resources outside Pulumi."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from facts.whole_help import WholeHelp
from sandbox import cloud_view as view
from sandbox.cloud_options import as_json, done, known_region, require_type, resource_type, sandbox_store
from sandbox.faults import OPERATIONS, FaultBook, Kind
from sandbox.kubernetes.api.errors import ApiError
from sandbox.kubernetes.api.listing import object_entry
from sandbox.kubernetes.api.tampering import change_object, delete_object, find_object
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.rules.hosts import WITH_HOSTS
from sandbox.store import Store
from sandbox.tampering import NoSuchPropertyError, NoSuchResourceError, change, delete


@click.group("fault", cls=WholeHelp)
def fault() -> None:
    """Inject faults: add, list, clear."""


@fault.command("list")
@as_json
def list_faults(json_wanted: bool) -> None:
    """List all faults, including exhausted ones."""
    found = FaultBook(sandbox_store()).list()
    if json_wanted:
        view.emit([asdict(each) for each in found])
    else:
        view.table(view.FAULT_COLUMNS, map(view.fault_row, found), empty="no faults")


@fault.command("clear")
@click.argument("id_", metavar="[FAULT]", required=False)
@as_json
def clear_faults(id_: str | None, json_wanted: bool) -> None:
    """Remove one fault, or all.

    `sandbox cloud fault list` shows the ids. Resources that were changed or deleted are not restored.
    """
    count = FaultBook(sandbox_store()).clear(id_)
    if id_ and not count:
        raise click.ClickException(f"fault {id_} does not exist")
    done({"cleared": count}, f"{count} cleared", json_wanted)


@fault.group("add", cls=WholeHelp)
def add() -> None:
    """Add a fault.

    Without --times, a fault lasts until it is cleared.

    The stand-ins retry as the real providers do: throttling in both, 500 errors only in OCI. A retried fault that hits
    only once does not fail the command, and is shown only by `sandbox cloud events`. With --final, it is not retried.

    A class name in --type matches OCI resources and Kubernetes objects with that name. oci:* and kubernetes:* match
    only one of the two.
    """


def _adding(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        [
            resource_type,
            click.option(
                "--operation", type=click.Choice(["*", *OPERATIONS]), default="*", help="Which calls to hit."
            ),
            click.option("--times", type=click.IntRange(min=1), help="How many calls to hit. Default: all."),
            click.option(
                "--after",
                type=click.IntRange(min=0),
                default=0,
                help="How many matching calls to skip first.",
            ),
            as_json,
        ]
    ):
        function = option(function)
    return function


def _add(kind: Kind, type_: str, json_wanted: bool, **values: Any) -> None:
    if values["operation"] != "invoke":
        require_type(type_, kind=kind)
    made = FaultBook(sandbox_store()).add(kind, type=type_, **values)
    done(asdict(made), " ".join(view.fault_row(made)[:5]), json_wanted)


@add.command("latency")
@click.option(
    "--seconds", type=click.FloatRange(min=0), default=5, show_default=True, help="Delay of each call."
)
@_adding
def add_latency(type_: str, json_wanted: bool, **values: Any) -> None:
    """Slow calls down."""
    _add("latency", type_, json_wanted, **values)


final = click.option("--final", is_flag=True, help="Do not retry, as with the provider's disableAutoRetries.")


@add.command("throttle")
@final
@_adding
def add_throttle(type_: str, json_wanted: bool, **values: Any) -> None:
    """429 TooManyRequests, from OCI or a cluster's API."""
    _add("throttle", type_, json_wanted, **values)


@add.command("error")
@final
@_adding
def add_error(type_: str, json_wanted: bool, **values: Any) -> None:
    """500 InternalError, from OCI or a cluster's API."""
    _add("error", type_, json_wanted, **values)


@add.command("capacity")
@_adding
def add_capacity(type_: str, json_wanted: bool, **values: Any) -> None:
    """500 Out of host capacity.

    Hits node pools, instances and instance pools, unless --type names other types.
    """
    operation = values.pop("operation")
    with_hosts = ",".join(token.split(":")[1] for token in WITH_HOSTS) if type_ == "*" else type_
    _add("capacity", with_hosts, json_wanted, operation="create" if operation == "*" else operation, **values)


@add.command("limit")
@click.argument("limit")
@_adding
def add_limit(limit: str, type_: str, json_wanted: bool, **values: Any) -> None:
    """400 LimitExceeded for the service limit LIMIT."""
    operation = values.pop("operation")
    _add(
        "limit",
        type_,
        json_wanted,
        limit=limit,
        operation="create" if operation == "*" else operation,
        **values,
    )


@add.command("drop")
@click.option("--late", is_flag=True, help="Do the call first, so that only its answer is lost.")
@_adding
def add_drop(type_: str, json_wanted: bool, **values: Any) -> None:
    """End the connection without an answer.

    Hits only clients of `sandbox serve`: the stand-in for the provider has no connection. The client's own retries
    follow. --late shows whether a client sends the same retry token again.
    """
    _add("drop", type_, json_wanted, **values)


@add.command("down")
@click.option("--region", default="", callback=known_region, help="The region. Default: all that are served.")
@click.option("--times", type=click.IntRange(min=1), help="How many calls to hit. Default: all.")
@as_json
def add_down(region: str, times: int | None, json_wanted: bool) -> None:
    """A region is down: each connection to it ends without an answer.

    Hits only clients of `sandbox serve`, all calls of the region until the fault is cleared.
    """
    made = FaultBook(sandbox_store()).add("down", region=region, times=times)
    done(asdict(made), " ".join(view.fault_row(made)[:5]), json_wanted)


@add.command("change")
@click.argument("id_or_name")
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE...")
@as_json
def change_command(id_or_name: str, changes: tuple[str, ...], json_wanted: bool) -> None:
    """Change a resource or object outside Pulumi.

    `sandbox refresh` then finds the drift. A dot separates nested properties: spec.replicas=2.
    """
    pairs: dict[str, str] = {}
    for each in changes:
        key, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(f"{each}: must be KEY=VALUE")
        pairs[key] = value
    store = sandbox_store()
    try:
        entry = _changed(store, id_or_name, pairs)
    except (NoSuchResourceError, NoSuchPropertyError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    done(view.entry_details(entry, secrets=False), f"changed {', '.join(pairs)} of {entry.id}", json_wanted)


def _changed(store: Store, word: str, changes: dict[str, str]) -> Entry:
    live = find_object(store, word)
    if live is None:
        return change(Cloud(store), word, changes)
    try:
        return object_entry(store, change_object(store, live, changes))
    except ApiError as refusal:
        raise click.ClickException(f"{refusal.code}-{refusal.reason}, {refusal}") from refusal


@add.command("delete")
@click.argument("id_or_name")
@click.option("--force", is_flag=True, help="Delete even what the service would refuse to delete.")
@as_json
def delete_command(id_or_name: str, force: bool, json_wanted: bool) -> None:
    """Delete a resource or object outside Pulumi.

    `sandbox refresh` then finds that it is missing.
    """
    try:
        entry = _deleted(sandbox_store(), id_or_name, force=force)
    except NoSuchResourceError as missing:
        raise click.ClickException(str(missing)) from missing
    except OciError as refusal:
        raise click.ClickException(f"{refusal.status}-{refusal.code}, {refusal.message}") from refusal
    done(view.entry_summary(entry), f"deleted {entry.id}", json_wanted)


def _deleted(store: Store, word: str, *, force: bool) -> Entry:
    live = find_object(store, word)
    if live is None:
        return delete(Cloud(store), word, force=force)
    entry = object_entry(store, live)
    try:
        delete_object(store, live)
    except ApiError as refusal:
        raise click.ClickException(f"{refusal.code}-{refusal.reason}, {refusal}") from refusal
    return entry
