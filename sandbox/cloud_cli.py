"""`sandbox cloud`: inspect the sandbox's cloud, set its limits, inject faults, reset it."""

from collections.abc import Callable

import click

from facts.regions import REGIONS
from facts.whole_help import WholeHelp
from sandbox import cloud_view as view
from sandbox.aging_cli import age
from sandbox.autoscale_cli import autoscale
from sandbox.cloud_limits import limits, require_known
from sandbox.cloud_options import (
    HELP_OPTIONS,
    as_json,
    done,
    require_type,
    resource_type,
    sandbox_home,
    sandbox_store,
)
from sandbox.cloud_table import show_details, show_entries, show_events
from sandbox.fault_cli import fault
from sandbox.faults import Fault
from sandbox.home import Home
from sandbox.kubernetes.api.listing import object_entries, object_entry
from sandbox.kubernetes.api.tampering import find_object
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.pending_cli import recover
from sandbox.reach_cli import reach
from sandbox.store import OtherLayoutError, Store, open_store
from sandbox.tampering import NoSuchResourceError, find_entry

ResetHook = Callable[[Home], None]
_reset_hooks: list[ResetHook] = []


def on_reset(hook: ResetHook) -> ResetHook:
    """Register a function that clears something together with the cloud. Hooks run first, and may refuse by raising."""
    _reset_hooks.append(hook)
    return hook


@click.group(cls=WholeHelp, context_settings=HELP_OPTIONS)
def cloud() -> None:
    """Inspect the sandbox's cloud, set limits, inject faults.

    The cloud contains the OCI resources and the Kubernetes objects of the stand-ins. It is stored in SANDBOX_HOME.
    """


@cloud.command("list")
@resource_type
@click.option("--compartment", metavar="OCID", help="Only resources in this compartment.")
@click.option("--assumed", is_flag=True, help="Only resources that the config names but nobody created here.")
@click.option(
    "--deleted",
    is_flag=True,
    help="Only resources with a pending deletion: vaults, keys and their versions, secrets, certificates and their "
    "authorities.",
)
@as_json
def list_command(
    type_: str, compartment: str | None, assumed: bool, deleted: bool, json_wanted: bool
) -> None:
    """List resources and Kubernetes objects, by type.

    On a terminal, the rules of a security group are one line; --type NetworkSecurityGroupSecurityRule lists them. In a
    file or pipe, the fields are separated by tabs, and the ids are included.
    """
    store = sandbox_store()
    there = [*Cloud(store).entries(), *object_entries(store)]
    require_type(type_, {entry.token for entry in there})
    found = [
        entry
        for entry in there
        if Fault(id="", kind="error", type=type_).matches(entry.token, "read")
        and compartment in (None, entry.compartment_id)
        and (entry.assumed or not assumed)
        and bool(entry.deleted_at) == deleted
    ]
    found.sort(key=lambda entry: (view.noun(entry.token), entry.name))
    if json_wanted:
        view.emit([view.entry_summary(entry) for entry in found])
    elif view.on_terminal():
        show_entries(found, group_rules=type_ == "*")
    else:
        view.table(view.ENTRY_COLUMNS, map(view.entry_row, found), empty="no resources")


@cloud.command("show")
@click.argument("id_or_name")
@click.option("--show-secrets", is_flag=True, help="Show secret values.")
@click.option("--full", is_flag=True, help="Show long values in full; --json always does.")
@as_json
def show_command(id_or_name: str, show_secrets: bool, full: bool, json_wanted: bool) -> None:
    """Show one resource or object.

    ID_OR_NAME is an id, a URN, or a name that only one resource has.
    """
    store = sandbox_store()
    store_cloud = Cloud(store)
    entry = _found(store, id_or_name)
    details = view.entry_details(entry, secrets=show_secrets)
    details["referredToBy"] = [each.id for each in store_cloud.referrers(entry.id)]
    if json_wanted:
        view.emit(details)
        return
    if view.on_terminal():
        show_details(details, full=full)
        return
    rows = [[key, value] for key, value in details.items() if not isinstance(value, dict)]
    for section in ("inputs", "outputs"):
        values = details[section]
        assert isinstance(values, dict)  # noqa: S101 - entry_details returns dicts
        rows.extend([f"{section}.{key}", value] for key, value in sorted(values.items()))
    view.table(("property", "value"), rows, empty="no properties")


def _found(store: Store, word: str) -> Entry:
    try:
        live = find_object(store, word)
        return object_entry(store, live) if live else find_entry(Cloud(store), word)
    except NoSuchResourceError as missing:
        raise click.ClickException(str(missing)) from missing


@cloud.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@as_json
def reset_command(yes: bool, json_wanted: bool) -> None:
    """Empty the cloud and delete the stacks' state.

    Both are reset together. Limits, faults and the home region are reset too.
    """
    home = sandbox_home()
    if not yes:
        click.confirm(
            f"Delete the cloud and the state of all stacks in {home.folder}?",
            abort=True,
            err=True,
        )
    for hook in _reset_hooks:
        hook(home)
    count = _emptied(home)
    if json_wanted:
        view.emit({"removed": count})
    else:
        click.echo(f"the cloud is empty: {count} resources deleted")


def _emptied(home: Home) -> int:
    """Empty the database, and return how many resources it contained. A file of another layout is deleted."""
    try:
        with open_store(home.cloud) as store:
            count = len(Cloud(store).entries())
            store.clear()
            return count
    except OtherLayoutError:
        for file in (home.cloud, *home.folder.glob(f"{home.cloud.name}-*")):
            file.unlink(missing_ok=True)
        return 0


@cloud.command("events")
@click.option("--last", default=50, show_default=True, type=click.IntRange(min=1), help="Number of events.")
@click.option(
    "--source",
    type=click.Choice(["oci", "kubernetes", "wire"]),
    help="Only events of this part.",
)
@as_json
def events_command(last: int, source: str | None, json_wanted: bool) -> None:
    """Show the event log, newest event last.

    It contains calls, refusals, retries, assumed resources and changes outside Pulumi.
    """
    found = sandbox_store().events(source, limit=last)
    if json_wanted:
        view.emit([view.event_summary(event) for event in found])
    elif found and view.on_terminal():
        show_events(found)
    else:
        view.table(view.EVENT_COLUMNS, map(view.event_row, found), empty="no events")


@cloud.command("home")
@click.argument("region", required=False)
@as_json
def home_command(region: str | None, json_wanted: bool) -> None:
    """Show or set the tenancy's home region.

    Policies, groups, compartments and other identity resources are only written in the home region. If you do not set
    it, the first such write does.
    """
    store_cloud = Cloud(sandbox_store())
    if region is not None:
        require_known("region", region, REGIONS)
        store_cloud.set_home_region(region)
    home = store_cloud.home_region()
    done(
        {"homeRegion": home}, home or "not set: the first write of an identity resource sets it", json_wanted
    )


cloud.add_command(age)
cloud.add_command(autoscale)
cloud.add_command(fault)
cloud.add_command(limits)
cloud.add_command(reach)
cloud.add_command(recover)
