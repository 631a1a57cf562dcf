"""Streaming: a private pool of streams for Kafka clients and the OCI SDK."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import streaming

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.databases import STREAM_RETENTION_HOURS
from facts.problem import Problem, refuse

from .connection import connection
from .rules import endpoint_problems, least_problems, range_problems

_NAME = re.compile(r"[A-Za-z0-9._-]{1,255}")


@dataclass(frozen=True, kw_only=True)
class StreamArgs:
    """One stream of a pool. A change of either field replaces the stream and loses its messages."""

    partitions: int
    """Partitions, 1 or more. Each accepts 1 MB/s in and 2 MB/s out, and counts against the tenancy's limit."""

    retention_hours: int | None = None
    """Hours for which messages are kept, 24 to 168. Default: 24."""


@dataclass(frozen=True, kw_only=True)
class EventStreamsArgs:
    """Arguments of an EventStreams."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the pool and its streams."""

    subnet_id: pulumi.Input[str]
    """OCID of the private subnet of the endpoint, with DNS. A change replaces the pool, and its streams move to
    the new one."""

    nsg_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the network security groups of the endpoint, at least one. A change replaces the pool, and its
    streams move to the new one."""

    streams: Mapping[str, StreamArgs]
    """Streams by name, at least one. A Kafka client sees each stream as a topic. Topics are not created on demand."""

    kms_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key that encrypts the messages. The service `streaming` must have permission to use it.
    Default: Oracle's key."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the pool and its streams, and keeps them when the stack is destroyed. Default:
    no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class EventStreams(CheckedArgs, pulumi.ComponentResource):
    """A stream pool that is reachable only inside the VCN, with its streams.

    The pool has no password: Kafka clients log in as a user of the tenancy with an auth token, other clients with the
    principals of the OCI SDK. The service has no maintenance window and no backups.
    """

    pool_id: pulumi.Output[str]
    """OCID of the pool."""

    stream_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the streams by name."""

    connection: pulumi.Output[Mapping[str, str]]
    """Secret: `host`, `port` and `bootstrapServers` for Kafka, and `endpoint` for the SDK."""

    def __init__(self, name: str, args: EventStreamsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the streams {name}")
        super().__init__("genai:index:EventStreams", name, {}, opts)

        pool = streaming.StreamPool(
            f"{name}-pool",
            streaming.StreamPoolArgs(
                compartment_id=args.compartment_id,
                name=name,
                private_endpoint_settings=streaming.StreamPoolPrivateEndpointSettingsArgs(
                    subnet_id=args.subnet_id, nsg_ids=args.nsg_ids
                ),
                kafka_settings=streaming.StreamPoolKafkaSettingsArgs(auto_create_topics_enable=False),
                custom_encryption_key=_key(args.kms_key_id),
                freeform_tags=args.tags,
            ),
            # The provider would delete a pool that keeps its name first, but OCI refuses that while streams are in it.
            # So the streams move to the new pool before.
            opts=stateful(self, args.protect, pulumi.ResourceOptions(delete_before_replace=False)),
        )
        streams = {stream: self._stream(name, stream, args, pool.id) for stream in args.streams}

        self.pool_id = pool.id
        self.stream_ids = pulumi.Output.all(**{stream: each.id for stream, each in streams.items()})
        self.connection = connection(
            host=pool.endpoint_fqdn,
            port="9092",
            bootstrapServers=pulumi.Output.concat(pool.endpoint_fqdn, ":9092"),
            endpoint=pulumi.Output.concat("https://", pool.endpoint_fqdn),
        )
        self.register_outputs(
            {"poolId": self.pool_id, "streamIds": self.stream_ids, "connection": self.connection}
        )

    def _stream(
        self, name: str, stream: str, args: EventStreamsArgs, pool_id: pulumi.Output[str]
    ) -> "streaming.Stream":
        wanted = args.streams[stream]
        return streaming.Stream(
            f"{name}-{stream}",
            streaming.StreamArgs(
                name=stream,
                stream_pool_id=pool_id,
                partitions=wanted.partitions,
                retention_in_hours=wanted.retention_hours or STREAM_RETENTION_HOURS[0],
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )


class StreamChoices(Protocol):
    """The plain values of a stream, which the component's args and the settings both have."""

    @property
    def partitions(self) -> int: ...
    @property
    def retention_hours(self) -> int | None: ...


def event_streams_problems(streams: Mapping[str, StreamChoices], *, path: str) -> Iterator[Problem]:
    """No streams, invalid names, and sizes that the service does not support."""
    if not streams:
        yield Problem(f"{path}.streams", {}, "must name at least one stream")
    for name, stream in streams.items():
        at = f"{path}.streams[{name!r}]"
        if not _NAME.fullmatch(name):
            allowed = "must have a name of 1 to 255 letters, digits, periods, hyphens and underscores"
            yield Problem(at, name, allowed)
        yield from least_problems(stream.partitions, 1, f"{at}.partitions")
        yield from range_problems(
            stream.retention_hours, STREAM_RETENTION_HOURS, f"{at}.retentionHours", "hours"
        )


def _problems(args: EventStreamsArgs, path: str) -> Iterator[Problem]:
    yield from endpoint_problems(args.nsg_ids, path=path)
    yield from event_streams_problems(args.streams, path=path)


def _key(key_id: pulumi.Input[str] | None) -> "streaming.StreamPoolCustomEncryptionKeyArgs | None":
    return None if key_id is None else streaming.StreamPoolCustomEncryptionKeyArgs(kms_key_id=key_id)
