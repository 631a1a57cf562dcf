"""How containers run that open no GPU: with no capability, no way to get one, and the runtime's filter of system calls.

Engines are not among them: whether that filter lets ROCm work on MI300X is unverified (`seccomp_profile` of a model
server).
"""

from pulumi_kubernetes import core

NOBODY = 65534
"""A user id that owns nothing, for programs that write to volumes of their pod alone."""


def unprivileged(*, read_only: bool | None = None, user: int | None = None) -> "core.v1.SecurityContextArgs":
    """`read_only`: whether the root file system stays as it is. `user`: who it runs as; default: the image's."""
    return core.v1.SecurityContextArgs(
        privileged=False,
        allow_privilege_escalation=False,
        read_only_root_filesystem=read_only,
        run_as_user=user,
        run_as_non_root=True if user else None,
        capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
        seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )
