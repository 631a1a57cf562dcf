"""`sandbox cloud autoscale`: lets time pass for the cluster autoscaler."""

import click

from facts.autoscaler import ADDON
from sandbox.cloud_options import HELP_OPTIONS, as_json, done, sandbox_store
from sandbox.oci.cloud import Cloud
from sandbox.tampering import NoSuchResourceError, find_entry

_ADDON = f"the add-on {ADDON}"
_ADDED = "`sizeOwner: autoscaler` of a pool adds it"


@click.command(context_settings=HELP_OPTIONS)
@click.argument("cluster", required=False)
@click.option(
    "--minutes", default=60, show_default=True, type=click.IntRange(1, 10_080), help="Minutes that pass."
)
@as_json
def autoscale(cluster: str | None, minutes: int, json_wanted: bool) -> None:
    """Let time pass for a cluster autoscaler, and show its steps.

    CLUSTER is an id or a name; you can leave it out if only one cluster has the add-on ClusterAutoscaler. The clock
    stands still otherwise, except while `up` waits for pods. A requested node boots for 30 minutes if it is bare metal,
    else for 5: both are assumptions.
    """
    # The scheduler and the rules of the services take a moment to load, which other commands need not wait for.
    from sandbox.kubernetes.api.objects import Objects  # noqa: PLC0415
    from sandbox.kubernetes.scheduling.autoscaling import Autoscaler  # noqa: PLC0415
    from sandbox.kubernetes.scheduling.nodes import autoscaled_clusters  # noqa: PLC0415

    with sandbox_store() as store:
        cloud = Cloud(store)
        scaler = Autoscaler(Objects(store), cloud, _cluster(cloud, autoscaled_clusters(cloud), cluster))
        steps = scaler.run(minutes)
    rows = [f"minute {step.minute:>5}  {step.what:<9}  {step.text}" for step in steps]
    value = {"minute": scaler.minute, "steps": [vars(step) for step in steps]}
    done(value, "\n".join([*rows, f"minute {scaler.minute:>5}  now"]), json_wanted)


def _cluster(cloud: Cloud, scaled: set[str], word: str | None) -> str:
    """The chosen one of the clusters that have the add-on."""
    if word is not None:
        try:
            found = find_entry(cloud, word).id
        except NoSuchResourceError as missing:
            raise click.ClickException(str(missing)) from missing
        if found not in scaled:
            raise click.ClickException(f"{word} is no cluster with {_ADDON}: {_ADDED}")
        return found
    if not scaled:
        raise click.ClickException(f"no cluster has {_ADDON}: {_ADDED}")
    if len(scaled) > 1:
        raise click.ClickException(f"{len(scaled)} clusters have {_ADDON}: name one")
    return scaled.pop()
