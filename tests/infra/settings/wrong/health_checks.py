"""Wrong health checks: the mistake, changes to a valid configuration, path and message."""

from typing import Any

from tests.infra.settings.examples import Change
from tests.infra.settings.wrong.case import Wrong
from tests.infra.settings.wrong.edge import EDGE

CHECKS = "observability.healthChecks"
PUBLIC: Change = ("network.edge", EDGE)


def check(**changes: Any) -> Change:
    return CHECKS, {"api": {"hosts": ["api.genai.example.com"], **changes}}


HEALTH = [
    Wrong(
        "a health check every 20 seconds",
        [PUBLIC, check(intervalSeconds=20)],
        f"{CHECKS}.api.intervalSeconds",
        "20; must be 10, 30 or 60 seconds",
    ),
    Wrong(
        "a health check with a timeout that is not offered",
        [PUBLIC, check(timeoutSeconds=15)],
        f"{CHECKS}.api.timeoutSeconds",
        "15; must be 10, 20, 30 or 60 seconds",
    ),
    Wrong(
        "a health check that waits longer than its interval",
        [PUBLIC, check(timeoutSeconds=60)],
        f"{CHECKS}.api.timeoutSeconds",
        "60; must not be longer than the interval of 30 seconds",
    ),
    Wrong(
        "a health check with a key",
        [PUBLIC, check(headers={"authorization": "Bearer x"})],
        f"{CHECKS}.api.headers",
        "'authorization'; must not be Authorization: OCI does not send it",
        others=True,  # a key in plain text is refused too
    ),
    Wrong(
        "a health check that posts",
        [PUBLIC, check(method="POST")],
        f"{CHECKS}.api.method",
        "'POST'; must be one of GET, HEAD",
    ),
    Wrong(
        "a health check of a path with a space",
        [PUBLIC, check(path="/a b")],
        f"{CHECKS}.api.path",
        "'/a b'; must begin with /, without spaces",
    ),
    Wrong(
        "a health check with a header of two lines",
        [PUBLIC, check(headers={"X-From": "a\nb"})],
        f"{CHECKS}.api.headers",
        "'X-From'; must have a name of letters",
    ),
    Wrong(
        "a health check with a header without a name",
        [PUBLIC, check(headers={"": "a"})],
        f"{CHECKS}.api.headers",
        "must have a name of letters",
    ),
    Wrong(
        "a health check from one place twice",
        [PUBLIC, check(vantagePoints=["aws-iad", "aws-iad"])],
        f"{CHECKS}.api.vantagePoints[1]",
        "must be a name such as aws-iad, and not be repeated",
    ),
    Wrong(
        "a health check from a place in capitals",
        [PUBLIC, check(vantagePoints=["AWS-IAD"])],
        f"{CHECKS}.api.vantagePoints[0]",
        "must be a name such as aws-iad",
    ),
    Wrong(
        "a health check of one host twice",
        [PUBLIC, check(hosts=["api.genai.example.com", "api.genai.example.com"])],
        f"{CHECKS}.api.hosts[1]",
        "must not be repeated",
    ),
    Wrong(
        "a health check that the firewall blocks",
        [PUBLIC, ("network.edge.firewall", {"allowedMethods": ["POST"]}), check()],
        f"{CHECKS}.api.method",
        "'GET'; must be in network.edge.firewall.allowedMethods, or the firewall blocks the check",
    ),
    Wrong(
        "a health check from nowhere",
        [PUBLIC, check(vantagePoints=[])],
        f"{CHECKS}.api.vantagePoints",
        "must name a vantage point, or be left out",
    ),
    Wrong(
        "a health check of a network that the internet cannot reach",
        [check()],
        f"{CHECKS}.api",
        "must be left out: the network has no public load balancer",
    ),
    Wrong(
        "a health check of an address with a path",
        [PUBLIC, check(hosts=["https://api.genai.example.com/health"])],
        f"{CHECKS}.api.hosts[0]",
        "must be a host name or an address on the internet, without a scheme, port or path",
    ),
    Wrong(
        "a health check of a private address",
        [PUBLIC, check(hosts=["api.genai.example.com", "10.0.0.5"])],
        f"{CHECKS}.api.hosts[1]",
        "'10.0.0.5'; must be a host name or an address on the internet",
    ),
    Wrong(
        "a health check of no host",
        [PUBLIC, check(hosts=[])],
        f"{CHECKS}.api.hosts",
        "must name a host",
    ),
]
