"""How clients reach a database, as one secret output."""

from collections.abc import Mapping

import pulumi


def connection(**parts: pulumi.Input[str]) -> pulumi.Output[Mapping[str, str]]:
    """The parts (host, port, user…) together, marked secret.

    The password itself is not among them: clients read it from the vault, at `passwordSecretId`.
    """
    return pulumi.Output.secret(pulumi.Output.all(**parts))
