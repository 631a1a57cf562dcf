"""Rules about the listeners of a Gateway.

Source: x-kubernetes-validations in the definition of Gateway, kubernetes-sigs/gateway-api v1.5.1, standard channel.
"""

from collections.abc import Iterator

from sandbox.kubernetes.api.values import Json, at

from .wording import invalid

_PLAIN = ("HTTP", "TCP", "UDP")
_WITHOUT_HOSTS = ("TCP", "UDP")


def listener_problems(gateway: Json) -> Iterator[str]:
    """Problems of all listeners of a Gateway."""
    path = "spec.listeners"
    listeners: list[Json] = at(gateway, "spec", "listeners") or []
    for why in dict.fromkeys(why for each in listeners for why in _broken(each)):
        yield invalid(path, "array", why)
    places = [(each.get("port"), each.get("protocol"), each.get("hostname")) for each in listeners]
    if len(set(places)) < len(places):
        why = "Combination of port, protocol and hostname must be unique for each listener"
        yield invalid(path, "array", why)
    for index, each in enumerate(listeners):
        tls = each.get("tls")
        if isinstance(tls, dict) and _mode(tls) == "Terminate" and not _ends_tls(tls):
            why = "certificateRefs or options must be specified when mode is Terminate"
            yield invalid(f"{path}[{index}].tls", "object", why)


def _broken(listener: Json) -> Iterator[str]:
    protocol, tls = listener.get("protocol"), listener.get("tls")
    if protocol in _PLAIN and tls is not None:
        yield f"tls must not be specified for protocols {[*_PLAIN]}"
    if protocol == "HTTPS" and tls is not None and _mode(tls) != "Terminate":
        yield "tls mode must be Terminate for protocol HTTPS"
    if protocol == "TLS" and tls is None:
        yield "tls mode must be set for protocol TLS"
    if protocol in _WITHOUT_HOSTS and listener.get("hostname"):
        yield f"hostname must not be specified for protocols {[*_WITHOUT_HOSTS]}"


def _mode(tls: Json) -> object:
    return tls.get("mode") or "Terminate"


def _ends_tls(tls: Json) -> bool:
    return bool(tls.get("certificateRefs") or tls.get("options"))
