"""Endpoints of topics' receivers: what form OCI Notifications wants for each protocol.

Sources: Oracle's pages on subscriptions of Notifications (e-mail, Slack, functions, HTTPS, 512 characters). The form of
PagerDuty's integration URL is PagerDuty's own; that Oracle wants it is unverified.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import SplitResult

from facts.names import EMAIL
from facts.problem import Problem
from facts.web_addresses import is_public_host, split_address

LONGEST_ENDPOINT = 512

_WORDS: Mapping[str, tuple[str, str]] = {
    "EMAIL": (EMAIL.pattern, "an e-mail address"),
    "SMS": (r"\+[1-9][0-9]{6,14}", "a telephone number with its country code, e.g. +15550100"),
    "ORACLE_FUNCTIONS": (r"ocid1\.fnfunc\.\S+", "the OCID of a function"),
}
"""By protocol without a web address: the form of an endpoint, and its description."""


def _slack(parts: SplitResult) -> bool:
    path = re.fullmatch(r"/services/[A-Za-z0-9/_-]+", parts.path)
    return parts.netloc == "hooks.slack.com" and path is not None


def _pager_duty(parts: SplitResult) -> bool:
    path = re.fullmatch(r"/integration/[A-Za-z0-9_-]+/enqueue", parts.path)
    return re.fullmatch(r"events(\.eu)?\.pagerduty\.com", parts.netloc) is not None and path is not None


def _custom(parts: SplitResult) -> bool:
    return is_public_host(parts.hostname or "")


_WEBHOOKS: Mapping[str, tuple[Callable[[SplitResult], bool], str]] = {
    "SLACK": (_slack, "a Slack webhook, https://hooks.slack.com/services/..., without a query string"),
    "PAGERDUTY": (
        _pager_duty,
        "a PagerDuty integration URL, https://events.pagerduty.com/integration/.../enqueue",
    ),
    "CUSTOM_HTTPS": (
        _custom,
        "an https address on a public host, without a query string: credentials go before the host",
    ),
}

PROTOCOLS = (*_WORDS, *_WEBHOOKS)
WEBHOOKS = tuple(_WEBHOOKS)
"""Protocols whose endpoints are secrets: anyone who has one can send alarms to it."""


def subscription_problems(protocol: str, endpoint: str | None, *, path: str) -> Iterator[Problem]:
    """An unknown protocol, or an endpoint that does not fit it. None means an endpoint that is not known yet."""
    if protocol not in PROTOCOLS:
        yield Problem.not_one_of(f"{path}.protocol", protocol, PROTOCOLS)
    elif endpoint is not None and (wanted := _wanted(protocol, endpoint)):
        # The value may be a webhook, so the message does not contain it.
        shown = "[hidden]" if protocol in WEBHOOKS else endpoint
        yield Problem(f"{path}.endpoint", shown, f"must be {wanted}, {LONGEST_ENDPOINT} characters at most")


def _wanted(protocol: str, endpoint: str) -> str:
    """What the endpoint should be; empty if it is that."""
    if protocol in _WORDS:
        pattern, wanted = _WORDS[protocol]
        fits = re.fullmatch(pattern, endpoint) is not None
    else:
        test, wanted = _WEBHOOKS[protocol]
        parts = split_address(endpoint)
        fits = parts is not None and test(parts) and not parts.query and not parts.fragment
    return "" if fits and len(endpoint) <= LONGEST_ENDPOINT else wanted
