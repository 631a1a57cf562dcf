"""`sandbox cloud fault`: let the cloud fail, or change it behind Pulumi's back."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from sandbox import cloud_view as view
from sandbox.cloud_options import as_json, done, require_type, resource_type, sandbox_store
from sandbox.faults import OPERATIONS, FaultBook, Kind
from sandbox.kubernetes.api.errors import ApiError
from sandbox.kubernetes.api.listing import object_entry
from sandbox.kubernetes.api.tampering import change_object, delete_object, find_object
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.rules.hosts import TAKERS
from sandbox.store import Store
from sandbox.tampering import NoSuchPropertyError, NoSuchResourceError, change, delete


@click.group("fault")
def fault() -> None:
    """Let the cloud fail: add, list, clear."""


@fault.command("list")
@as_json
def list_faults(json_wanted: bool) -> None:
    """List the faults, the exhausted ones too."""
    found = FaultBook(sandbox_store()).list()
    if json_wanted:
        view.emit([asdict(each) for each in found])
    else:
        view.table(view.FAULT_COLUMNS, map(view.fault_row, found), empty="no faults")


@fault.command("clear")
@click.argument("id_", metavar="[FAULT]", required=False)
@as_json
def clear_faults(id_: str | None, json_wanted: bool) -> None:
    """Remove one fault, or all. What was changed or deleted stays so."""
    count = FaultBook(sandbox_store()).clear(id_)
    if id_ and not count:
        raise click.ClickException(f"there is no fault {id_}")
    done({"cleared": count}, f"{count} cleared", json_wanted)


@fault.group("add")
def add() -> None:
    """Add a fault. Without --times it lasts until it is cleared.

    Like the real providers, the stand-ins retry throttling, and OCI's its 500s: one that comes once shows in
    `cloud events` only, unless it is --final. A class name hits the resources of OCI and the objects of Kubernetes
    that are called so; oci:* and kubernetes:* tell them apart.
    """


def _adding(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        [
            resource_type,
            click.option(
                "--operation", type=click.Choice(["*", *OPERATIONS]), default="*", help="Which calls."
            ),
            click.option("--times", type=click.IntRange(min=1), help="How many calls it hits."),
            click.option(
                "--after", type=click.IntRange(min=0), default=0, help="How many calls pass before."
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
@click.option("--seconds", type=click.FloatRange(min=0), default=5, show_default=True)
@_adding
def add_latency(type_: str, json_wanted: bool, **values: Any) -> None:
    """Calls take longer."""
    _add("latency", type_, json_wanted, **values)


final = click.option("--final", is_flag=True, help="Do not retry, as with the provider's disableAutoRetries.")


@add.command("throttle")
@final
@_adding
def add_throttle(type_: str, json_wanted: bool, **values: Any) -> None:
    """429 TooManyRequests, of OCI or of a cluster's API server."""
    _add("throttle", type_, json_wanted, **values)


@add.command("error")
@final
@_adding
def add_error(type_: str, json_wanted: bool, **values: Any) -> None:
    """500 InternalError, of OCI or of a cluster's API server."""
    _add("error", type_, json_wanted, **values)


@add.command("capacity")
@_adding
def add_capacity(type_: str, json_wanted: bool, **values: Any) -> None:
    """500 Out of host capacity.

    Of node pools, instances and pools of them, unless --type says otherwise.
    """
    operation = values.pop("operation")
    takers = ",".join(token.split(":")[1] for token in TAKERS) if type_ == "*" else type_
    _add("capacity", takers, json_wanted, operation="create" if operation == "*" else operation, **values)


@add.command("limit")
@click.argument("limit")
@_adding
def add_limit(limit: str, type_: str, json_wanted: bool, **values: Any) -> None:
    """400 LimitExceeded, naming LIMIT."""
    operation = values.pop("operation")
    _add(
        "limit",
        type_,
        json_wanted,
        limit=limit,
        operation="create" if operation == "*" else operation,
        **values,
    )


@add.command("change")
@click.argument("id_or_name")
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE...")
@as_json
def change_command(id_or_name: str, changes: tuple[str, ...], json_wanted: bool) -> None:
    """Change a resource or object behind Pulumi's back.

    `refresh` finds it. A dot goes into what is nested: spec.replicas=2.
    """
    pairs: dict[str, str] = {}
    for each in changes:
        key, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(f"{each}: changes are KEY=VALUE")
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
@click.option("--force", is_flag=True, help="Also what the service would refuse to delete.")
@as_json
def delete_command(id_or_name: str, force: bool, json_wanted: bool) -> None:
    """Delete a resource or object behind Pulumi's back.

    `refresh` finds it gone.
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
