"""Who calls the cloud, and what a call shows."""

from dataclasses import dataclass
from typing import Any

from sandbox.oci.lookups import Login


@dataclass(frozen=True)
class Account:
    """The tenancy, the region and the login of a provider. A client's login over HTTP is unknown (None)."""

    region: str
    tenancy: str
    retry_seconds: float | None = None
    """How long the provider retries after temporary errors. None: its own times. 0: no retries."""
    connected: bool = False
    """True if the calls come over HTTP, so that their connection can be dropped."""
    login: Login | None = None
    ignored_tags: tuple[str, ...] = ()
    """The defined tags that the provider leaves alone, as `namespace.key`."""


@dataclass(frozen=True)
class Shown:
    """A resource as the provider reports it to the engine."""

    id: str
    outputs: dict[str, Any]
    inputs: dict[str, Any]
