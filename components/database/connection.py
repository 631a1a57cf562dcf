"""How clients reach a database: the connection as one secret output, and the address alone."""

from collections.abc import Mapping

import pulumi


def connection(**parts: pulumi.Input[str]) -> pulumi.Output[Mapping[str, str]]:
    """The parts (host, port, user…) together, marked secret.

    The password itself is not included: clients read it from the vault, at `passwordSecretId`.
    """
    return pulumi.Output.secret(pulumi.Output.all(**parts))


def address(found: pulumi.Output[Mapping[str, str]]) -> pulumi.Output[str]:
    """`host:port`, or the URL if the connection has one. The address of a private endpoint alone is not a secret."""

    def told(parts: Mapping[str, str]) -> str:
        return f"{parts['host']}:{parts['port']}" if "host" in parts else parts["endpoint"]

    return pulumi.Output.unsecret(found.apply(told))
