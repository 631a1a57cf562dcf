"""The collector of traces: where routers and the gateway send what they did, by OTLP over gRPC."""

from dataclasses import dataclass

from facts.web_addresses import split_address


@dataclass(frozen=True)
class Collector:
    """A collector's address."""

    host: str
    port: int


def find_collector(address: str) -> Collector | None:
    """The host and the port of `host:port`, or None for any other text."""
    parts = split_address(f"https://{address}")
    if parts is None or parts.port is None or parts.netloc != address:
        return None
    return Collector(parts.hostname or "", parts.port)
