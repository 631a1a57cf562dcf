"""The file in SANDBOX_HOME with the ports of the running server."""

import json
import urllib.request
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from sandbox.home import Home

HEALTH = "/health"
LOOPBACK = "127.0.0.1"


class WireError(Exception):
    """The server cannot start, or none runs. The message says why and what to do."""


@dataclass(frozen=True)
class Serving:
    """A server that runs: its process, and the address of each region."""

    pid: int
    endpoints: dict[str, str]
    others: str
    """The address that answers for services which the sandbox does not model."""

    def as_json(self) -> str:
        """One line for programs."""
        return json.dumps({"pid": self.pid, "endpoints": self.endpoints, "others": self.others})


def record_of(home: Home) -> Path:
    """The file with the ports of the home's server."""
    return home.folder / "wire.json"


def running(home: Home) -> Serving | None:
    """The home's server, if one runs and answers."""
    try:
        found = json.loads(record_of(home).read_text(encoding="utf-8"))
        serving = Serving(int(found["pid"]), dict(found["endpoints"]), str(found["others"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return serving if all(_answers(each) for each in serving.endpoints.values()) else None


def _answers(endpoint: str) -> bool:
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({})
    )  # a proxy does not reach this machine
    try:
        with direct.open(f"{endpoint}{HEALTH}", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def require_loopback(host: str, *, allowed: bool) -> None:
    """Refuse an address that other machines reach, unless it was asked for twice."""
    try:
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError as error:
        raise WireError(f"--host: {host!r}; must be an IP address or localhost") from error
    if not local and not allowed:
        raise WireError(
            f"--host: {host}; other machines could reach the sandbox there, and it checks no one's rights. Use "
            f"{LOOPBACK}, or add --allow-other-machines"
        )
