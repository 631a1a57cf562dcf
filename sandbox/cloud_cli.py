"""`sandbox cloud`: look into the stand-ins' cloud, set its limits, break it, empty it."""

from collections.abc import Callable, Collection

import click

from facts.limits import LIMITS
from facts.problem import nearest
from facts.regions import REGIONS
from facts.shapes import SHAPES
from sandbox import cloud_view as view
from sandbox.cloud_options import as_json, done, require_type, resource_type, sandbox_home, sandbox_store
from sandbox.fault_cli import fault
from sandbox.faults import Fault
from sandbox.home import Home
from sandbox.kubernetes.listing import object_entries, object_entry
from sandbox.kubernetes.tampering import find_object
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.provided import DOMAIN, EXAMPLE_DOMAIN, is_domain_name
from sandbox.oci.rules.hosts import counted_limits, is_counted
from sandbox.oci.rules.shape_names import shape_exists
from sandbox.store import OtherLayoutError, Store, open_store
from sandbox.tampering import NoSuchResourceError, find_entry

ResetHook = Callable[[Home], None]
_reset_hooks: list[ResetHook] = []


def on_reset(hook: ResetHook) -> ResetHook:
    """Have something cleared together with the cloud. Hooks run first, and may refuse by raising."""
    _reset_hooks.append(hook)
    return hook


@click.group()
def cloud() -> None:
    """Look into the cloud, set limits, break it, empty it.

    The cloud is that of the stand-ins for OCI and Kubernetes, in SANDBOX_HOME.
    """


@cloud.command("list")
@resource_type
@click.option("--compartment", metavar="OCID", help="Only what is in this compartment.")
@click.option("--assumed", is_flag=True, help="Only what the config names and nothing created.")
@click.option("--deleted", is_flag=True, help="Only what waits for its deletion: vaults, keys, secrets.")
@as_json
def list_command(
    type_: str, compartment: str | None, assumed: bool, deleted: bool, json_wanted: bool
) -> None:
    """List what exists, by type.

    OCI's resources and the clusters' objects.
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
    else:
        view.table(view.ENTRY_COLUMNS, map(view.entry_row, found), empty="nothing is there")


@cloud.command("show")
@click.argument("id_or_name")
@click.option("--show-secrets", is_flag=True, help="Do not cover secret values.")
@as_json
def show_command(id_or_name: str, show_secrets: bool, json_wanted: bool) -> None:
    """Show one resource or object.

    By id, by URN, or by a name that only one has.
    """
    store = sandbox_store()
    store_cloud = Cloud(store)
    entry = _found(store, id_or_name)
    details = view.entry_details(entry, secrets=show_secrets)
    details["referredToBy"] = [each.id for each in store_cloud.referrers(entry.id)]
    if json_wanted:
        view.emit(details)
        return
    rows = [[key, value] for key, value in details.items() if not isinstance(value, dict)]
    for section in ("inputs", "outputs"):
        values = details[section]
        assert isinstance(values, dict)  # noqa: S101 - entry_details makes them so
        rows.extend([f"{section}.{key}", value] for key, value in sorted(values.items()))
    view.table(("property", "value"), rows, empty="nothing is known of it")


def _found(store: Store, word: str) -> Entry:
    try:
        live = find_object(store, word)
        return object_entry(store, live) if live else find_entry(Cloud(store), word)
    except NoSuchResourceError as missing:
        raise click.ClickException(str(missing)) from missing


@cloud.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def reset_command(yes: bool, json_wanted: bool) -> None:
    """Empty the cloud and forget the stacks' state.

    Both together. Limits, faults and the home region go too.
    """
    home = sandbox_home()
    if not yes:
        click.confirm(
            f"Forget everything in {home.folder}: the cloud and the state of its stacks?",
            abort=True,
            err=True,
        )
    for hook in _reset_hooks:
        hook(home)
    count = _emptied(home)
    if json_wanted:
        view.emit({"removed": count})
    else:
        click.echo(f"the cloud is empty: {count} resources forgotten")


def _emptied(home: Home) -> int:
    """Empty the database; how many resources it held. A file that another version laid out goes altogether."""
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
@click.option("--last", default=50, show_default=True, type=click.IntRange(min=1), help="How many.")
@click.option("--source", type=click.Choice(["oci", "kubernetes"]), help="Of one stand-in only.")
@as_json
def events_command(last: int, source: str | None, json_wanted: bool) -> None:
    """Show what happened, newest last.

    What was called, refused, retried, assumed, tampered with.
    """
    found = sandbox_store().events(source, limit=last)
    if json_wanted:
        view.emit([view.event_summary(event) for event in found])
    else:
        view.table(view.EVENT_COLUMNS, map(view.event_row, found), empty="nothing has happened")


@cloud.command("home")
@click.argument("region", required=False)
@as_json
def home_command(region: str | None, json_wanted: bool) -> None:
    """Show or set the tenancy's home region.

    Identity is written through it alone. Until it is set, the first write of a policy, group, compartment or the
    like decides.
    """
    store_cloud = Cloud(sandbox_store())
    if region is not None:
        _require("region", region, REGIONS)
        store_cloud.set_home_region(region)
    home = store_cloud.home_region()
    done({"homeRegion": home}, home or "not decided yet: the first write of identity will", json_wanted)


def _require(what: str, word: str, known: Collection[str]) -> None:
    if word not in known:
        close = nearest(word, known)
        raise click.ClickException(f"{word} is no {what}" + (f"; did you mean {close}?" if close else ""))


def _require_domain(name: str, *regions: str) -> None:
    """Refuse what no availability domain of those regions, or of any, could be called."""
    if any(is_domain_name(name, region) for region in regions or REGIONS):
        return
    there = Cloud(sandbox_store()).all(DOMAIN)
    examples = sorted(each.name for each in there if each.region in (regions or REGIONS))
    where = f" of {regions[0]}" if regions else ""
    raise click.ClickException(
        f"{name} is no availability domain{where}; one is called {(examples or [EXAMPLE_DOMAIN])[0]}"
    )


@cloud.group("limits", invoke_without_command=True)
@as_json
@click.pass_context
def limits(context: click.Context, json_wanted: bool) -> None:
    """Show service limits and host capacity, or set them."""
    if context.invoked_subcommand:
        return
    rows = _limits(sandbox_store())
    if json_wanted:
        view.emit(rows)
    else:
        columns = ("limit", "value", "region", "domain", "origin")
        view.table(columns, ([row[key] for key in columns] for row in rows), empty="nothing is limited")


def _limits(store: Store) -> list[dict[str, object]]:
    """Defaults from the facts, then what was set, the more particular later; capacities last."""
    chosen = store.list("oci-limit")
    rows: list[dict[str, object]] = [
        {"limit": each.name, "value": each.assumed_default, "region": "", "domain": "", "origin": "default"}
        for each in LIMITS.values()
        if f"{each.name}//" not in chosen
    ]
    for key, each in chosen.items():
        name, region, domain = key.split("/", 2)
        rows.append(
            {"limit": name, "value": each["value"], "region": region, "domain": domain, "origin": "set"}
        )
    for key, each in store.list("oci-capacity").items():
        shape, domain = key.split("/", 1)
        rows.append(
            {
                "limit": f"hosts of {shape}",
                "value": each["hosts"],
                "region": "",
                "domain": domain,
                "origin": "capacity",
            }
        )
    return rows


@limits.command("set")
@click.argument("name")
@click.argument("value", type=click.IntRange(min=0))
@click.option("--region", default="", help="In one region only.")
@click.option("--domain", default="", help="In one availability domain only; needs --region.")
@as_json
def set_limit(name: str, value: int, region: str, domain: str, json_wanted: bool) -> None:
    """Set a service limit.

    gpu-mi300x-count counts GPUs, eight to a host.
    """
    if domain and not region:
        raise click.UsageError("--domain needs --region")
    if region:
        _require("region", region, REGIONS)
    if not is_counted(name):
        _require("limit that anything here counts against", name, counted_limits())
    if domain:
        _require_domain(domain, region)
    Cloud(sandbox_store()).set_limit(name, value, region=region, availability_domain=domain)
    place = domain or region or "everywhere"
    done(
        {"limit": name, "value": value, "region": region, "domain": domain},
        f"{name} is {value} ({place})",
        json_wanted,
    )


@limits.command("capacity")
@click.argument("shape")
@click.argument("hosts", type=click.IntRange(min=0))
@click.option("--domain", default="", help="In one availability domain only.")
@as_json
def set_capacity(shape: str, hosts: int, domain: str, json_wanted: bool) -> None:
    """Set how many hosts of a shape there are.

    More is "Out of host capacity."
    """
    if not shape_exists(shape):
        _require("shape", shape, SHAPES)
    if domain:
        _require_domain(domain)
    Cloud(sandbox_store()).set_capacity(shape, hosts, availability_domain=domain)
    place = domain or "each domain"
    done(
        {"shape": shape, "hosts": hosts, "domain": domain}, f"{hosts} hosts of {shape} ({place})", json_wanted
    )


cloud.add_command(fault)
