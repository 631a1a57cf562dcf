"""The security context of containers without a GPU: no capabilities, and the runtime's seccomp profile.

Engines do not use it: whether ROCm works on MI300X with that profile is unverified (`seccomp_profile` of a model
server).
"""

from pulumi_kubernetes import core

NOBODY = 65534
"""A user id that owns no files, for programs that write only to volumes of their pod."""


def pod_of_nobody() -> "core.v1.PodSecurityContextArgs":
    """The security context of a pod whose programs own no files."""
    return core.v1.PodSecurityContextArgs(
        run_as_user=NOBODY,
        run_as_group=NOBODY,
        run_as_non_root=True,
        seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )


def unprivileged(*, read_only: bool | None = None, user: int | None = None) -> "core.v1.SecurityContextArgs":
    """`read_only`: whether the root file system is read-only. `user`: the user id. Default: the image's."""
    return core.v1.SecurityContextArgs(
        privileged=False,
        allow_privilege_escalation=False,
        read_only_root_filesystem=read_only,
        run_as_user=user,
        run_as_non_root=True if user else None,
        capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
        seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )
