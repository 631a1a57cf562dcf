# The OCI SDK has no types, so its objects are cast to protocols here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""A bastion session that forwards a local port to the cluster's private API endpoint."""

import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import oci

SESSION_SECONDS = 3 * 3600
"""The longest session that a bastion allows."""

READY_SECONDS = 120
POLL_SECONDS = 3


class TunnelError(RuntimeError):
    """The tunnel cannot be opened. The text says why and how to fix it."""


@dataclass(frozen=True)
class Target:
    """The bastion, and the address of the API behind it."""

    bastion_id: str
    address: str
    port: int


class Session(Protocol):
    """A bastion session of the SDK."""

    @property
    def id(self) -> str: ...
    @property
    def lifecycle_state(self) -> str: ...
    @property
    def lifecycle_details(self) -> str | None: ...
    @property
    def ssh_metadata(self) -> Mapping[str, str]: ...


class Response(Protocol):
    """A response of the SDK."""

    @property
    def data(self) -> Session: ...


class Bastions(Protocol):
    """The methods of the SDK's bastion client that are used here."""

    def create_session(self, details: object, /) -> Response: ...
    def get_session(self, _session_id: str, /) -> Response: ...


def target_from_outputs(outputs: Mapping[str, object]) -> Target:
    """The target, from the stack outputs `bastionId` and `clusterEndpoint` (address:port)."""
    bastion, endpoint = outputs.get("bastionId"), outputs.get("clusterEndpoint")
    if not isinstance(bastion, str) or not bastion:
        raise TunnelError("the stack has no bastion: set network.bastionClientCidrs and run `pulumi up` once")
    if not isinstance(endpoint, str) or ":" not in endpoint:
        raise TunnelError("the stack has no cluster yet: `pulumi up` creates it, then the tunnel reaches it")
    address, _, port = endpoint.rpartition(":")
    return Target(bastion, address, int(port))


def public_key(path: Path | None) -> Path:
    """The SSH public key to use: `path`, or the first standard key in ~/.ssh."""
    if path is not None:
        return path
    home = Path.home() / ".ssh"
    for name in ("id_rsa.pub", "id_ed25519.pub"):
        if (home / name).is_file():
            return home / name
    raise TunnelError(
        "no SSH key in ~/.ssh: create one with `ssh-keygen -t rsa -b 4096`, or name a key with --public-key"
    )


def open_session(
    bastions: Bastions, target: Target, key: str, name: str, sleep: Callable[[float], None] = time.sleep
) -> Session:
    """A session that is ready. Raises TunnelError if it is not ready after two minutes."""
    models = oci.bastion.models
    details = models.CreateSessionDetails(
        bastion_id=target.bastion_id,
        display_name=name,
        key_details=models.PublicKeyDetails(public_key_content=key),
        session_ttl_in_seconds=SESSION_SECONDS,
        target_resource_details=models.CreatePortForwardingSessionTargetResourceDetails(
            target_resource_private_ip_address=target.address, target_resource_port=target.port
        ),
    )
    session = bastions.create_session(cast(object, details)).data
    for _ in range(READY_SECONDS // POLL_SECONDS):
        if session.lifecycle_state == "ACTIVE":
            return session
        if session.lifecycle_state != "CREATING":
            raise TunnelError(
                f"the session is {session.lifecycle_state}: {session.lifecycle_details or 'no reason given'}"
            )
        sleep(POLL_SECONDS)
        session = bastions.get_session(session.id).data
    raise TunnelError(
        f"the session is not ready after {READY_SECONDS} s; try again, or look at the bastion in the console"
    )


def ssh_command(session: Session, private_key: Path, local_port: int) -> list[str]:
    """The ssh command that keeps the tunnel open, based on the command that OCI suggests. Raises TunnelError."""
    suggested = session.ssh_metadata.get("command")
    if not suggested:
        raise TunnelError(f"OCI gave no ssh command for the session {session.id}; try again")
    filled = suggested.replace("<privateKey>", shlex.quote(str(private_key))).replace(
        "<localPort>", str(local_port)
    )
    command = shlex.split(filled)
    keep_alive = ["-o", "ServerAliveInterval=30", "-o", "ExitOnForwardFailure=yes"]
    return [command[0], *keep_alive, *command[1:]]
