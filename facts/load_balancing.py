"""The values that OCI's load balancer and web application firewall accept: ranges, words, cipher suites, managed rules.

Sources: the provider SDK's docstrings (bandwidth, protocols, sampling), Oracle's pages "Predefined Load Balancer
Cipher Suites" and "Load Balancer Timeout Connection Settings"; keys and versions of protection capabilities from
public Terraform configurations. Unverified: the longest idle time, the ranges of health checks,
the numbers of listeners and backend sets.
"""

from collections.abc import Mapping
from types import MappingProxyType

LEAST_MBPS, MOST_MBPS = 10, 8_000
"""Bandwidth of a flexible load balancer, in both directions together."""

POLICIES = ("ROUND_ROBIN", "LEAST_CONNECTIONS", "IP_HASH")
"""How a backend set distributes connections."""

TLS_PROTOCOLS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")

SAFE_TLS_PROTOCOLS = ("TLSv1.2", "TLSv1.3")

CIPHER_SUITES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "oci-tls-12-13-ssl-cipher-suite-v3": ("TLSv1.2", "TLSv1.3"),
        "oci-tls-13-ssl-cipher-suite-v3": ("TLSv1.3",),
        "oci-fips-tls-13-ssl-cipher-suite-v3": ("TLSv1.3",),
        "oci-tls-12-ssl-cipher-suite-v3": ("TLSv1.2",),
        "oci-fips-tls-12-ssl-cipher-suite-v3": ("TLSv1.2",),
        "oci-default-http2-tls-12-13-ssl-cipher-suite-v1": ("TLSv1.2", "TLSv1.3"),
        "oci-default-http2-tls-13-ssl-cipher-suite-v1": ("TLSv1.3",),
        "oci-default-http2-ssl-cipher-suite-v1": ("TLSv1.2",),
        "oci-tls-12-13-wider-ssl-cipher-suite-v1": ("TLSv1.2", "TLSv1.3"),
        "oci-tls-13-recommended-ssl-cipher-suite-v1": ("TLSv1.3",),
        "oci-tls-11-12-13-wider-ssl-cipher-suite-v1": ("TLSv1.1", "TLSv1.2", "TLSv1.3"),
        "oci-default-ssl-cipher-suite-v1": ("TLSv1.2",),
        "oci-modern-ssl-cipher-suite-v1": ("TLSv1.2",),
        "oci-compatible-ssl-cipher-suite-v1": ("TLSv1", "TLSv1.1", "TLSv1.2"),
        "oci-wider-compatible-ssl-cipher-suite-v1": ("TLSv1", "TLSv1.1", "TLSv1.2"),
    }
)
"""Predefined suites, with the protocols whose ciphers they contain."""

IDLE_SECONDS = (1, 7_200)
"""Idle time of a listener. OCI's own defaults are 60 s with HTTP and 300 s with TCP."""

DEFAULT_IDLE_SECONDS = 3_600
"""Idle timeout of the load balancers and gateways here. A response that is not streamed sends nothing before its last
token. OKE waits at most an hour for the pods of a node, so no response takes longer."""


HEALTH_INTERVAL_MS = (1_000, 1_800_000)
HEALTH_TIMEOUT_MS = (1, 600_000)

MOST_LISTENERS, MOST_BACKEND_SETS, MOST_BACKENDS = 16, 16, 512
LONGEST_NAME = 32
"""Characters of a backend set's name: letters, digits, hyphens and underscores."""

REDIRECTS = (301, 302, 303, 307, 308)

CAPABILITIES: Mapping[str, str] = MappingProxyType(
    {
        "911100": "request methods outside the allowed ones",
        "920300": "a request without an Accept header",
        "920320": "a request without a User-Agent header",
        "920360": "argument names that are too long",
        "920370": "argument values that are too long",
        "920380": "too many arguments",
        "920390": "arguments whose total length is too long",
        "9300000": "local file inclusion",
        "930120": "access to files of the operating system",
        "9320000": "remote code execution, Unix",
        "9320001": "remote code execution, Windows",
        "9330000": "PHP injection",
        "9410000": "cross-site scripting",
        "941100": "cross-site scripting, by libinjection",
        "941110": "cross-site scripting, script tags",
        "941140": "cross-site scripting, JavaScript addresses",
        "9420000": "SQL injection",
    }
)
"""Managed rules that the toolkit knows, by key. `oci waf protection-capability list` shows Oracle's many others."""

MOST_INSPECTED_BYTES = 8_192
"""Most bytes of a body that the firewall inspects, unless the limit is raised."""

ACTIONS = ("CHECK", "ALLOW", "RETURN_HTTP_RESPONSE")

FLOW_LOG_KINDS = ("ALL", "ACCEPT", "REJECT")
MOST_SAMPLED = 100_000
"""The lowest sampling rate of a capture filter keeps one of this many flows."""
