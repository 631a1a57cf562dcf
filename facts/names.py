"""The allowed characters and length of names and tags, each with its source."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NameForm:
    """A kind of name, its greatest length in characters, and the source."""

    longest: int
    what: str
    source: str


FORMS: Mapping[str, NameForm] = {
    "label": NameForm(
        longest=63,
        what="the value of a label",
        source="Kubernetes, Labels and Selectors: Syntax and character set",
    ),
    "dns-label": NameForm(
        longest=63, what="a Kubernetes name", source="Kubernetes, Object Names and IDs: RFC 1123 label names"
    ),
    "cron-job": NameForm(
        longest=52, what="the name of a CronJob", source="Kubernetes, CronJob: 11 characters are appended"
    ),
    "iam": NameForm(
        longest=100, what="an IAM name", source="Oracle's API reference, Identity: CreatePolicyDetails"
    ),
    "key": NameForm(
        longest=100, what="the name of a key or vault", source="Oracle's API reference, KMS: CreateKeyDetails"
    ),
    "secret": NameForm(
        longest=255, what="the name of a vault's secret", source="Oracle's API reference, Secrets: CreateSecretDetails"
    ),
    "bucket": NameForm(
        longest=256, what="the name of a bucket", source="Oracle's page Object Storage Buckets: Bucket Names"
    ),
    "display": NameForm(
        longest=255, what="a display name", source="Oracle's API reference, Core Services: displayName"
    ),
}  # fmt: skip

STACK = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
LONGEST_STACK = 40
"""Every name in a stack begins with the stack's name. Kubernetes and IAM have the lowest limits: with 40 characters,
every name with a fixed suffix fits."""

SYSTEM_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
"""The namespaces of a new cluster. More of Kubernetes' own begin with `kube-`. Source: Kubernetes, Namespaces."""

MOST_TAGS, LONGEST_TAG_KEY, LONGEST_TAG_VALUE, TAG_BYTES = 10, 100, 256, 5 * 1024
"""Most free-form tags of a resource, characters of a key, characters of a value, and bytes of all tags as JSON. Source:
Oracle's page Tagging Overview, "Limits on Tags"."""

MOST_DEFINED_TAGS, MOST_TAG_CHOICES = 64, 100
"""Most defined tags of a resource, and most values of a key that has a list of them. Source: the same page."""

RESERVED_TAG_NAMESPACES = frozenset({"oracle-tags", "orcl-cloud"})
"""Tag namespaces that Oracle fills itself, in lower case. Source: Oracle's pages Tagging Overview (system tags) and
"Understanding Automatic Default Tags"."""

TAG_KEY = re.compile(r"[!-\-/-~]{1,100}")
"""A key of a tag, or the name of a namespace: printable ASCII without periods and spaces. Source: the same page."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Line breaks, tabs and other characters that nobody can see, and halves of characters, which are no UTF-8. Oracle's
page says only that values are Unicode: this is the toolkit's own limit. A line break is a mistake in YAML, and cost
reports are CSV."""


def tags_size(tags: Mapping[str, object]) -> int:
    """Bytes of tags as JSON. Source: the same page, "Sizing is per UTF-8"."""
    return len(json.dumps(dict(tags), ensure_ascii=False, default=str).encode(errors="replace"))


_WORD = r"[^@\s,;:<>()\[\]\"\\]"
EMAIL = re.compile(rf"{_WORD}+@(?:(?!\.){_WORD})+(?:\.(?:(?!\.){_WORD})+)+")
"""One e-mail address without a name, quotes or comments (RFC 5322, section 3.4.1, the form dot-atom). The toolkit's own
check: the services publish no grammar."""

VARIABLE = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
"""The name of an environment variable. Source: Kubernetes, Define Environment Variables for a Container."""

LONGEST_ARGUMENT = 128 * 1024 - 1
"""Most bytes of one variable with its name, or of one word of a command. Source: execve(2), MAX_ARG_STRLEN."""


def carried_problem(text: str) -> str | None:
    """Why a process cannot start with this text as a variable or a word of its command; None if it can."""
    if "\0" in text:
        return "must not contain the character NUL"
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return "must contain only characters that UTF-8 can encode"
    return f"must be {LONGEST_ARGUMENT:,} bytes or fewer, not {size:,}" if size > LONGEST_ARGUMENT else None


COMMIT = re.compile(r"[0-9a-f]{40}")
"""Full name of a Git commit (gitglossary(7), object name)."""

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""SHA-256 digest of an image (OCI Image Format Specification, Content Descriptors)."""

IMAGE = re.compile(
    r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:[0-9]+)?/)?"
    r"[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?",
    re.ASCII,
)
"""Registry, path in lower case, tag. Source: the grammar of github.com/distribution/reference."""


def is_system_namespace(name: str) -> bool:
    """Whether a namespace belongs to Kubernetes itself."""
    return name in SYSTEM_NAMESPACES or name.startswith("kube-")
