"""`sandbox cloud autoscale`: lets time pass for the cluster autoscaler."""

import click

from sandbox.cloud_options import HELP_OPTIONS, as_json, done, sandbox_store
from sandbox.oci.cloud import Cloud
from sandbox.store import Store
from sandbox.tampering import NoSuchResourceError, find_entry


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

    with sandbox_store() as store:
        scaler = Autoscaler(Objects(store), Cloud(store), _cluster(store, cluster))
        if scaler.addon is None:
            raise click.ClickException(
                "the cluster has no add-on ClusterAutoscaler: set `sizeOwner: autoscaler`"
            )
        steps = scaler.run(minutes)
    rows = [f"minute {step.minute:>5}  {step.what:<9}  {step.text}" for step in steps]
    value = {"minute": scaler.minute, "steps": [vars(step) for step in steps]}
    done(value, "\n".join([*rows, f"minute {scaler.minute:>5}  now"]), json_wanted)


def _cluster(store: Store, word: str | None) -> str:
    cloud = Cloud(store)
    if word is not None:
        try:
            return find_entry(cloud, word).id
        except NoSuchResourceError as missing:
            raise click.ClickException(str(missing)) from missing
    token, name = "oci:ContainerEngine/addon:Addon", "ClusterAutoscaler"
    found = {
        str(entry.inputs.get("clusterId"))
        for entry in cloud.all(token)
        if entry.inputs.get("addonName") == name
    }
    if len(found) != 1:
        count = "no cluster has" if not found else f"{len(found)} clusters have"
        raise click.ClickException(f"{count} the add-on ClusterAutoscaler: name the cluster")
    return found.pop()
