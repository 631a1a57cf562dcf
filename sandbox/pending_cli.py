"""`sandbox cloud recover`: the sandbox's version of `cancel-deletion` in OCI's command line."""

import sys

import click

from facts.terminal import wrapped
from sandbox.cloud_options import HELP_OPTIONS, sandbox_store
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.rules.pending import deletion_cancelled, every_wait
from sandbox.store import Store


@click.command(context_settings=HELP_OPTIONS)
@click.argument("ocid")
def recover(ocid: str) -> None:
    """Cancel a pending deletion.

    `sandbox cloud list --deleted` shows the resources that have one.
    """
    with sandbox_store() as store:
        entry = recovered(store, ocid)
    say = f"{entry.name} is active again. `sandbox import …` adds it to a stack: see docs/pending-deletion.md"
    click.echo(wrapped(say, sys.stdout))


def recovered(store: Store, ocid: str) -> Entry:
    """Cancel the resource's pending deletion, and return the resource."""
    cloud = Cloud(store)
    entry = cloud.find(ocid)
    if entry is None or entry.live or entry.token not in every_wait():
        raise click.ClickException(
            f"{ocid} has no pending deletion: `sandbox cloud list --deleted` lists the resources that have one"
        )
    return deletion_cancelled(cloud, entry)
