"""Streaming: pools and the streams in them."""

from typing import Any, Final

from facts.databases import STREAM_RETENTION_HOURS
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, number
from sandbox.oci.rules.references import refers

POOL: Final = "oci:Streaming/streamPool:StreamPool"
STREAM: Final = "oci:Streaming/stream:Stream"
refers(STREAM, streamPoolId=(POOL,))
keep_while_used(
    POOL,
    by=(STREAM,),
    refusal=lambda pool, _: conflict(f"The stream pool {pool} still contains streams", "IncorrectState"),
)


@rule(STREAM, on="create update")
def stream_size(call: Call) -> None:
    """400 for no partition, or a retention outside 24 to 168 hours."""
    if (number(call.inputs, "partitions") or 0) < 1:
        raise invalid_parameter("partitions must be greater than or equal to 1.")
    hours, (low, high) = number(call.inputs, "retentionInHours"), STREAM_RETENTION_HOURS
    if hours is not None and not low <= hours <= high:
        raise invalid_parameter(f"retentionInHours {hours:g} must be between {low} and {high}.")


@rule(STREAM)
def stream_name(call: Call) -> None:
    """409 for a name that the pool already has."""
    pool, name = call.inputs.get("streamPoolId"), call.inputs.get("name")
    for other in call.cloud.all(STREAM, region=call.region) if pool else ():
        if other.inputs.get("streamPoolId") == pool and other.inputs.get("name") == name:
            raise conflict(f"Stream with name {name} already exists in the stream pool {pool}")


@rule(POOL)
def pool_endpoint(call: Call) -> None:
    """400 for security groups without a subnet, which makes the endpoint private."""
    for each in blocks(call.inputs, "privateEndpointSettings"):
        if each.get("nsgIds") and not each.get("subnetId"):
            raise invalid_parameter("nsgIds requires a subnetId: it applies to private stream pools only.")


@computed(POOL)
def pool_outputs(context: CreateContext) -> dict[str, Any]:
    return {"endpointFqdn": f"cell-1.streaming.{context.region}.oci.oraclecloud.com"}


_CLIENT = "streaming.StreamAdminClient"
endpoint(
    POOL,
    _CLIENT,
    "stream_pool",
    names={
        "customEncryptionKeyDetails": "customEncryptionKey",
        "privateEndpointDetails": "privateEndpointSettings",
    },
)
endpoint(STREAM, _CLIENT, "stream")
