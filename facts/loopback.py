"""Connections to this machine, which no proxy must carry.

A proxy cannot reach the ports of this machine. Several clients ask it nevertheless: gRPC (which the engine, the program
and the stand-ins use), urllib and requests, unless NO_PROXY names the address.
"""

from collections.abc import Mapping

_HERE = ("127.0.0.1", "localhost", "::1")
_NAMES = ("NO_PROXY", "no_proxy")
"""Go reads the first of them, Python the second."""

_OF_GRPC = "no_grpc_proxy"
"""gRPC reads it instead of no_proxy. Source: doc/environment_variables.md of gRPC."""


def direct(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables for an environment in which no proxy is asked for this machine. The user's own hosts stay."""
    own = next((environment[name] for name in _NAMES if environment.get(name)), "")
    found = {name: _with_this_machine(environment.get(name) or own) for name in _NAMES}
    if environment.get(_OF_GRPC):
        found[_OF_GRPC] = _with_this_machine(environment[_OF_GRPC])
    return found


def _with_this_machine(hosts: str) -> str:
    named = [host.strip() for host in hosts.split(",") if host.strip()]
    return ",".join([*named, *(each for each in _HERE if each not in named and "*" not in named)])
