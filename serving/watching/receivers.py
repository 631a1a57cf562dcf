"""Who is told of alerts: the kinds of receivers, and the rules for them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from facts.names import EMAIL
from facts.problem import Problem
from facts.web_addresses import split_address
from serving.platform.vault_names import is_key, vault_name_problems

from .catalogue import SEVERITIES

TOPIC, HEARTBEAT = "topic", "heartbeat"


@dataclass(frozen=True, kw_only=True)
class ReceiverKind:
    """What a kind of receiver needs. Keys are those of the stack file."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    holds: str = ""
    """What the vault's secret is. Empty: the kind has no secret."""


KINDS: Mapping[str, ReceiverKind] = {
    "pagerDuty": ReceiverKind(needs=("inVault",), holds="integration key"),
    "slack": ReceiverKind(needs=("inVault",), may=("channel",), holds="webhook"),
    "email": ReceiverKind(needs=("to", "sender", "smartHost", "user", "inVault"), holds="password"),
    TOPIC: ReceiverKind(needs=("topic",)),
    HEARTBEAT: ReceiverKind(needs=("inVault",), holds="address"),
}
"""A heartbeat gets the alert that always fires: the service that expects it raises an alarm if it stops."""

_NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])")
_CHANNEL = re.compile(r"#[a-z0-9_-]{1,80}|[CGD][A-Z0-9]{8,}")
"""A name or an id of a channel. Source: Slack's page "Conversations API", and its rules for names of channels."""

_USER = re.compile(r"[!-9;-~]+")
"""Printable ASCII without spaces and colons."""


class ReceiverChoices(Protocol):
    """The plain values of a receiver, which the component's args and the settings share."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def severities(self) -> Sequence[str] | None: ...
    @property
    def in_vault(self) -> str | None: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def to(self) -> str | None: ...
    @property
    def sender(self) -> str | None: ...
    @property
    def smart_host(self) -> str | None: ...
    @property
    def user(self) -> str | None: ...
    @property
    def topic(self) -> str | None: ...


def receiver_problems(receivers: Sequence[ReceiverChoices], *, path: str) -> Iterator[Problem]:
    """Problems at `path`[0].kind and so on, and severities that nobody receives."""
    for index, receiver in enumerate(receivers):
        place = f"{path}[{index}]"
        if not _NAME.fullmatch(receiver.name):
            allowed = "must be 2 to 40 characters of a-z, 0-9 and -, and start with a letter"
            yield Problem(f"{place}.name", receiver.name, allowed)
        if receiver.name in [other.name for other in receivers[:index]]:
            yield Problem(f"{place}.name", receiver.name, "is the name of another receiver too")
        kind = KINDS.get(receiver.kind)
        if kind is None:
            yield Problem.not_one_of(f"{place}.kind", receiver.kind, KINDS)
        else:
            yield from _key_problems(receiver, kind, place)
            yield from _twice_problems(receiver, receivers[:index], place)
            yield from _shared_problems(receiver, receivers[:index], place)
        yield from _severity_problems(receiver, place)
        yield from _form_problems(receiver, kind, place)
    heard = {severity for receiver in receivers for severity in receiver.severities or ()}
    unheard = [severity for severity in SEVERITIES if severity not in heard]
    if receivers and unheard:
        allowed = f"must have a receiver for {', '.join(unheard)} too, or nobody is told of these alerts"
        yield Problem(path, [receiver.name for receiver in receivers], allowed)


def given_keys(receiver: ReceiverChoices) -> Mapping[str, str]:
    """The values that belong to a kind, by their keys in the stack file. Values that are not set are left out."""
    found = {
        "inVault": receiver.in_vault,
        "channel": receiver.channel,
        "to": receiver.to,
        "sender": receiver.sender,
        "smartHost": receiver.smart_host,
        "user": receiver.user,
        "topic": receiver.topic,
    }
    return {key: value for key, value in found.items() if value is not None}


def _key_problems(receiver: ReceiverChoices, kind: ReceiverKind, place: str) -> Iterator[Problem]:
    given = given_keys(receiver)
    for key in kind.needs:
        if not given.get(key):
            fix = f"Name the vault's secret with the {kind.holds}" if key == "inVault" else ""
            yield Problem(
                f"{place}.{key}", given.get(key), f"is required for a receiver {receiver.kind}", fix
            )
    for key, value in given.items():
        if key not in (*kind.needs, *kind.may):
            # It may be the key itself.
            value_shown = "[hidden]" if key == "inVault" or is_key(value) else value
            yield Problem(f"{place}.{key}", value_shown, f"must be left out for a receiver {receiver.kind}")


def _twice_problems(
    receiver: ReceiverChoices, before: Sequence[ReceiverChoices], place: str
) -> Iterator[Problem]:
    """The same place twice for one severity, which would get every message twice."""
    mine = (receiver.kind, receiver.in_vault, receiver.channel, receiver.to, receiver.topic)
    for other in before:
        theirs = (other.kind, other.in_vault, other.channel, other.to, other.topic)
        both = [each for each in receiver.severities or () if each in (other.severities or ())]
        if mine == theirs and (both or receiver.kind == HEARTBEAT):
            allowed = f"gets what {other.name} gets: every message would arrive twice"
            yield Problem(f"{place}.name", receiver.name, allowed, "Remove one of them")


def _shared_problems(
    receiver: ReceiverChoices, before: Sequence[ReceiverChoices], place: str
) -> Iterator[Problem]:
    """One secret for two kinds: it cannot be a key and an address."""
    for other in before:
        if receiver.in_vault and receiver.in_vault == other.in_vault and receiver.kind != other.kind:
            allowed = f"must not be the secret of {other.name}, which is a receiver {other.kind}"
            yield Problem(f"{place}.inVault", receiver.in_vault, allowed, "Name the secret of this receiver")


def _severity_problems(receiver: ReceiverChoices, place: str) -> Iterator[Problem]:
    given, path = receiver.severities or (), f"{place}.severities"
    if receiver.kind == HEARTBEAT:
        if given:
            yield Problem(path, list(given), "must be left out for a heartbeat, which gets no alert of yours")
        return
    if not given:
        yield Problem(path, list(given), f"must name at least one of {', '.join(SEVERITIES)}")
    for index, severity in enumerate(given):
        if severity not in SEVERITIES:
            yield Problem.not_one_of(f"{path}[{index}]", severity, SEVERITIES)
        elif severity in given[:index]:
            yield Problem(f"{path}[{index}]", severity, "must not be named twice")


def _form_problems(receiver: ReceiverChoices, kind: ReceiverKind | None, place: str) -> Iterator[Problem]:
    if receiver.in_vault:
        held = kind.holds if kind and kind.holds else "key"
        yield from vault_name_problems(receiver.in_vault, f"{place}.inVault", held)
    for key, text in (("to", receiver.to), ("sender", receiver.sender)):
        # Alertmanager reads both as templates.
        if text and (not EMAIL.fullmatch(text) or "{{" in text):
            fix = "Several readers need a mailing list, or a receiver each"
            yield Problem(f"{place}.{key}", text, "must be an e-mail address", fix if key == "to" else "")
    if receiver.user and not _USER.fullmatch(receiver.user):
        # After a colon may be the password.
        allowed = "must be a user name without spaces and colons"
        fix = "Name the vault's secret with the password in inVault"
        yield Problem(f"{place}.user", "[hidden]", allowed, fix)
    if receiver.channel is not None and not _CHANNEL.fullmatch(receiver.channel):
        yield Problem(f"{place}.channel", receiver.channel, "must be a channel such as #alerts, or its id")
    if receiver.smart_host and not _is_host_and_port(receiver.smart_host):
        allowed = "must be a host and a port, e.g. smtp.email.us-ashburn-1.oci.oraclecloud.com:587"
        # Before an @ may be a password.
        given = "[hidden]" if "@" in receiver.smart_host else receiver.smart_host
        yield Problem(f"{place}.smartHost", given, allowed)
    elif receiver.smart_host and _is_own_pod(receiver.smart_host):
        allowed = "must not be an address of Alertmanager's own pod or node, which have no mail server"
        yield Problem(f"{place}.smartHost", receiver.smart_host, allowed, "Name the mail server's address")


def _is_host_and_port(text: str) -> bool:
    parts = split_address(f"https://{text}")
    return parts is not None and parts.netloc == text and parts.port is not None and "@" not in text


def _is_own_pod(text: str) -> bool:
    host = (urlsplit(f"https://{text}").hostname or "").rstrip(".")
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified or address.is_link_local
