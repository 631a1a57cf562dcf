"""`sandbox cloud limits`: shows, sets and resets service limits and host capacity."""

from collections.abc import Collection

import click

from facts.limits import LIMITS
from facts.problem import did_you_mean
from facts.regions import REGIONS
from facts.shapes import SHAPES
from facts.whole_help import WholeHelp
from sandbox import cloud_view as view
from sandbox.cloud_options import as_json, done, sandbox_store
from sandbox.oci.cloud import Cloud
from sandbox.oci.rules.hosts import counted_limits, is_counted
from sandbox.oci.services.compute.shapes import shape_exists
from sandbox.oci.services.identity.domains import DOMAIN, EXAMPLE_DOMAIN, is_domain_name
from sandbox.store import Store


def require_known(what: str, word: str, known: Collection[str]) -> None:
    """Refuse an unknown word, and suggest the most similar known one."""
    if word not in known:
        raise click.ClickException(f"{word} is not a {what}. {did_you_mean(word, known)}".rstrip())


def _require_domain(name: str, *regions: str) -> None:
    """Refuse a name that no availability domain of the regions (default: of any region) can have."""
    if any(is_domain_name(name, region) for region in regions or REGIONS):
        return
    there = Cloud(sandbox_store()).all(DOMAIN)
    examples = sorted(each.name for each in there if each.region in (regions or REGIONS))
    where = f" of {regions[0]}" if regions else ""
    raise click.ClickException(
        f"{name} is not an availability domain{where}; an example is {(examples or [EXAMPLE_DOMAIN])[0]}"
    )


@click.group("limits", cls=WholeHelp, invoke_without_command=True)
@as_json
@click.pass_context
def limits(context: click.Context, json_wanted: bool) -> None:
    """Show or set service limits and host capacity."""
    if context.invoked_subcommand:
        return
    rows = _limits(sandbox_store())
    if json_wanted:
        view.emit(rows)
    else:
        columns = ("limit", "value", "region", "domain", "origin")
        view.table(columns, ([row[key] for key in columns] for row in rows), empty="no limits")


def _limits(store: Store) -> list[dict[str, object]]:
    """The default limits, then the limits that were set, then the capacities."""
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
@click.option("--region", default="", help="Only in this region.")
@click.option("--domain", default="", help="Only in this availability domain; needs --region.")
@as_json
def set_limit(name: str, value: int, region: str, domain: str, json_wanted: bool) -> None:
    """Set a service limit.

    NAME is one of the names that `sandbox cloud limits` shows. A GPU limit counts GPUs, not hosts: an MI300X host has
    eight.
    """
    if domain and not region:
        raise click.UsageError("--domain needs --region")
    if region:
        require_known("region", region, REGIONS)
    if not is_counted(name):
        require_known("limit that the sandbox counts", name, counted_limits())
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
@click.option("--domain", default="", help="Only in this availability domain.")
@as_json
def set_capacity(shape: str, hosts: int, domain: str, json_wanted: bool) -> None:
    """Set how many hosts of a shape exist.

    A request for more fails with "Out of host capacity."
    """
    if not shape_exists(shape):
        require_known("shape", shape, SHAPES)
    if domain:
        _require_domain(domain)
    Cloud(sandbox_store()).set_capacity(shape, hosts, availability_domain=domain)
    place = domain or "each domain"
    done(
        {"shape": shape, "hosts": hosts, "domain": domain}, f"{hosts} hosts of {shape} ({place})", json_wanted
    )


@limits.command("unset")
@click.argument("names", nargs=-1, metavar="[LIMIT|SHAPE]...")
@as_json
def unset_command(names: tuple[str, ...], json_wanted: bool) -> None:
    """Reset limits and capacities to their defaults.

    A name is reset in all regions and availability domains. Without a name, everything that was set is reset.
    """
    store = sandbox_store()
    there = [(kind, key) for kind in ("oci-limit", "oci-capacity") for key in store.list(kind)]
    missing = sorted(set(names) - {_named(key) for _, key in there})
    if missing:
        raise click.ClickException(f"not set, so there is nothing to unset: {', '.join(missing)}")
    gone = [(kind, key) for kind, key in there if not names or _named(key) in names]
    for kind, key in gone:
        store.delete(kind, key)
    unset = sorted({_named(key) for _, key in gone})
    done({"unset": unset}, f"{', '.join(unset)}: default again" if unset else "nothing was set", json_wanted)


def _named(key: str) -> str:
    return key.split("/", 1)[0]
