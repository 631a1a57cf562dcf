"""Pod security levels: the restrictions that a namespace with an `enforce` label puts on its pods.

Follows Kubernetes' Pod Security Standards, for the fields of Linux pods.
"""

from collections.abc import Iterator, Mapping

from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.api.words import words
from sandbox.kubernetes.scheduling.pods import containers

ENFORCE = "pod-security.kubernetes.io/enforce"
_VERSION = "pod-security.kubernetes.io/enforce-version"
LEVELS = ("privileged", "baseline", "restricted")

_BASELINE_CAPABILITIES = frozenset(
    words(
        "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP "
        "SETUID SYS_CHROOT"
    )
)
_SAFE_SYSCTLS = frozenset(
    words(
        "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start "
        "net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports "
        "net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl "
        "net.ipv4.tcp_keepalive_probes"
    )
)
_RESTRICTED_VOLUMES = frozenset(
    words("name configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret")
)


def violation(namespace_labels: Mapping[str, str], spec: Json) -> str | None:
    """Why the namespace refuses such a pod, in the server's words; None if it accepts the pod."""
    level = namespace_labels.get(ENFORCE, "privileged")
    if level not in LEVELS or level == "privileged":
        return None
    found = list(_baseline(spec))
    if level == "restricted":
        found += list(_restricted(spec))
    if not found:
        return None
    version = namespace_labels.get(_VERSION, "latest")
    return f'violates PodSecurity "{level}:{version}": {", ".join(found)}'


def _baseline(spec: Json) -> Iterator[str]:
    namespaces = [f"{key}=true" for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    if namespaces:
        yield f"host namespaces ({', '.join(namespaces)})"
    paths = [volume for volume in spec.get("volumes") or () if "hostPath" in volume]
    if paths:
        names = ", ".join(f'"{volume.get("name")}"' for volume in paths)
        yield f"hostPath volumes (volume{'s' if len(paths) > 1 else ''} {names})"
    sysctls = [str(each.get("name")) for each in at(spec, "securityContext", "sysctls") or ()]
    if forbidden := [name for name in sysctls if name not in _SAFE_SYSCTLS]:
        yield f"forbidden sysctls ({', '.join(forbidden)})"
    if at(spec, "securityContext", "seccompProfile", "type") == "Unconfined":
        yield 'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")'
    for _, container in containers(spec):
        yield from _baseline_container(container)
        # A pod in its own user namespace may unmask /proc.
        if at(container, "securityContext", "procMount") == "Unmasked" and spec.get("hostUsers") is not False:
            name = f'container "{container.get("name")}" must not'
            yield f'procMount ({name} set securityContext.procMount to "Unmasked")'


def _baseline_container(container: Json) -> Iterator[str]:
    name = f'container "{container.get("name")}" must not'
    context = container.get("securityContext") or {}
    if context.get("privileged"):
        yield f"privileged ({name} set securityContext.privileged=true)"
    extra = [
        cap for cap in at(context, "capabilities", "add") or () if str(cap) not in _BASELINE_CAPABILITIES
    ]
    if extra:
        listed = ", ".join(f'"{cap}"' for cap in extra)
        yield f"non-default capabilities ({name} include {listed} in securityContext.capabilities.add)"
    ports = [str(port["hostPort"]) for port in container.get("ports") or () if port.get("hostPort")]
    if ports:
        listed = f"hostPort{'s' if len(ports) > 1 else ''} {', '.join(ports)}"
        yield f"hostPort ({name.replace('must not', f'uses {listed}')})"
    if at(context, "seccompProfile", "type") == "Unconfined":
        yield f'seccompProfile ({name} set securityContext.seccompProfile.type to "Unconfined")'


def _restricted(spec: Json) -> Iterator[str]:
    pod = spec.get("securityContext") or {}
    for _, container in containers(spec):
        name = f'container "{container.get("name")}" must set'
        context = container.get("securityContext") or {}
        if context.get("allowPrivilegeEscalation") is not False:
            yield f"allowPrivilegeEscalation != false ({name} securityContext.allowPrivilegeEscalation=false)"
        if "ALL" not in (at(context, "capabilities", "drop") or ()):
            yield f'unrestricted capabilities ({name} securityContext.capabilities.drop=["ALL"])'
    yield from _restricted_volumes(spec)
    for _, container in containers(spec):
        yield from _restricted_identity(container, pod)


def _restricted_volumes(spec: Json) -> Iterator[str]:
    bad = [volume for volume in spec.get("volumes") or () if set(volume) - _RESTRICTED_VOLUMES]
    if bad:
        kinds = sorted({key for volume in bad for key in set(volume) - _RESTRICTED_VOLUMES})
        names = ", ".join(f'"{volume.get("name")}"' for volume in bad)
        types = ", ".join(f'"{kind}"' for kind in kinds)
        one = len(bad) == 1
        subject = f"volume {names} uses" if one else f"volumes {names} use"
        yield f"restricted volume types ({subject} restricted volume type{'' if len(kinds) == 1 else 's'} {types})"


def _restricted_identity(container: Json, pod: Json) -> Iterator[str]:
    name = f'container "{container.get("name")}"'
    context = container.get("securityContext") or {}
    if context.get("runAsNonRoot") is False:
        yield f"runAsNonRoot != true ({name} must not set securityContext.runAsNonRoot=false)"
    elif not context.get("runAsNonRoot", pod.get("runAsNonRoot")):
        yield f"runAsNonRoot != true (pod or {name} must set securityContext.runAsNonRoot=true)"
    if context.get("runAsUser") == 0:
        yield f"runAsUser=0 ({name} must not set runAsUser=0)"
    elif pod.get("runAsUser") == 0:
        yield "runAsUser=0 (pod must not set runAsUser=0)"
    profile = at(context, "seccompProfile", "type") or at(pod, "seccompProfile", "type")
    if profile not in ("RuntimeDefault", "Localhost"):
        wanted = 'securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
        yield f"seccompProfile (pod or {name} must set {wanted})"
