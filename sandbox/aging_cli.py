"""`sandbox cloud age`: makes the objects of a bucket older."""

import click

from sandbox.cloud_options import HELP_OPTIONS, as_json, done, sandbox_store
from sandbox.oci.cloud import Cloud
from sandbox.tampering import NoSuchResourceError, find_entry


@click.command(context_settings=HELP_OPTIONS)
@click.argument("bucket")
@click.option("--days", required=True, type=click.IntRange(1, 36_500), help="How many days older.")
@as_json
def age(bucket: str, days: int, json_wanted: bool) -> None:
    """Make the objects of a bucket older, and run its lifecycle rules.

    BUCKET is an id or a name that only one bucket has. Previous versions and uploads get older too. Retention rules and
    restorations count the new age.
    """
    # The rules of the services take a moment to load, which other commands need not wait for.
    from sandbox.oci.services.object_storage import aging  # noqa: PLC0415

    with sandbox_store() as store:
        cloud = Cloud(store)
        try:
            entry = find_entry(cloud, bucket)
        except NoSuchResourceError as missing:
            raise click.ClickException(str(missing)) from missing
        if entry.token != aging.BUCKET:
            raise click.ClickException(f"{entry.name} is not a bucket")
        count = aging.age(cloud, entry, days)
    done(
        {"older": count, "days": days},
        f"{entry.name}: {count} versions and uploads are {days} days older",
        json_wanted,
    )
