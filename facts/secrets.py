"""Recognizes secrets by their form.

The patterns are the toolkit's own. The only library that is small enough, detect-secrets, has had no release since May
2024. The source of each pattern is next to it: the issuer's page, or a rule of gitleaks (see `secret_tokens`).
"""

import base64
import binascii
import re
from collections.abc import Mapping

from .secret_tokens import MARKED

FORMS: Mapping[str, re.Pattern[str]] = {
    # Hugging Face, "User access tokens".
    "a token of Hugging Face": re.compile(r"\b(hf|api_org)_[A-Za-z0-9]{16,}"),
    # GitHub, "About authentication to GitHub": prefixes of tokens.
    "a token of GitHub": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})"),
    # gitleaks, the rules gitlab-…: prefixes of tokens.
    "a token of GitLab": re.compile(r"\bgl(pat|dt|rt|cbt|ptt|ft|ffct|imt|oas|soat|agent)-[A-Za-z0-9_-]{16,}"),
    # gitleaks, aws-access-token and aws-amazon-bedrock-api-key-long-lived.
    "an access key of AWS": re.compile(
        r"\b((A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b|ABSK[A-Za-z0-9+/]{100,})"
    ),
    # Google Cloud, "Manage API keys".
    "an API key of Google": re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    # Google Cloud, "Token types": access tokens begin with ya29.
    "a token of Google": re.compile(r"\bya29\.[A-Za-z0-9_-]{20,}"),
    # Azure, "Configure connection strings", "Shared access signatures", and Entra's application secrets.
    "a key of Azure": re.compile(
        r"\b(Account|SharedAccess)Key=[A-Za-z0-9+/]{20,}|[?&]sig=[A-Za-z0-9%+/]{20,}"
        r"|\b[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}",
        re.ASCII,
    ),
    # OpenAI and Anthropic, "API keys": sk-…, sk-proj-…, sk-ant-…. NVIDIA, Groq: the same with their prefixes.
    "an API key": re.compile(r"\b(sk-[A-Za-z0-9_-]{20,}|nvapi-[A-Za-z0-9_-]{20,}|gsk_[A-Za-z0-9]{20,})"),
    # Stripe, "API keys" and "Webhooks".
    "a key of Stripe": re.compile(r"\b([rs]k_(live|test)|whsec)_[A-Za-z0-9]{16,}"),
    # Slack, "Tokens" and "Sending messages using incoming webhooks".
    "a token of Slack": re.compile(r"\b(xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}|https://hooks\.slack\.com/\S+"),
    # Microsoft Teams and Discord, "Incoming webhooks": anyone with the address can post.
    "a webhook": re.compile(
        r"https://([a-z0-9.-]+\.webhook\.office\.com/|discord(app)?\.com/api/webhooks/)\S+"
    ),
    "an access token": MARKED,
    # age, "age-keygen".
    "a key of age": re.compile(r"\bAGE-SECRET-KEY-1[A-Z0-9]{20,}"),
    # Oracle, "Pre-Authenticated Requests": the address alone gives access.
    "a pre-authenticated request": re.compile(
        r"https://[a-z0-9.-]*\bobjectstorage\.[a-z0-9.-]+/p/[\w-]{16,}/", re.ASCII
    ),
    # RFC 7519, section 3: header and payload are JSON objects in base64url, so both begin with eyJ.
    "a JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}"),
    # RFC 6750, section 2.1, RFC 7617, section 2, and Elasticsearch's page "Authentication" of its API. A word without
    # a digit is prose.
    "a login of HTTP": re.compile(
        r"\b(bearer|basic|apikey)\s+(?=\S*\d)[A-Za-z0-9._~+/-]{12,}=*", re.IGNORECASE | re.ASCII
    ),
    # RFC 3986, section 3.2.1: the user information of an address.
    "an address with a password": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/@:]*:[^\s/@]+@", re.IGNORECASE),
    # The same in the form of GitHub: only a token. User names are shorter.
    "an address with a token": re.compile(
        r"\bhttps?://(?=[^/@]*\d)[A-Za-z0-9_-]{16,}@", re.IGNORECASE | re.ASCII
    ),
    # RFC 7468: the label of a key in text form. PuTTY's manual, "PPK file format": the same in its own form.
    "a private key": re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY|\bPuTTY-User-Key-File-[0-9]"),
    # A parameter of an address or a command line.
    "a password in a text": re.compile(
        r"(?<![A-Za-z])(pass(wd|word|phrase)?|pwd|secret|token|api[_-]?key)=['\"]?(?![$%{<])[^\s&;,'\"]{6,}",
        re.IGNORECASE,
    ),
    # curl, "--user"; MySQL, "Command-Line Options for Connecting": the login of a command. Numbers are those of a user
    # and a group.
    "a login in a command": re.compile(
        r"(?<!\S)(-u|--user)[\s=]+[^\s:/]+:(?![$%{<])(?=\S*[^0-9\s])[^\s:/]{6,}(?=\s|$)"
        r"|\b(mysql|mariadb)[a-z0-9_]*\s(.*\s)?-p(?![$%{<])[^\s-]\S{5,}",
        re.IGNORECASE,
    ),
    # The same as in YAML, JSON, a header, .netrc or a command line. A word without a digit is prose.
    "a login in a text": re.compile(
        r"(?<![A-Za-z])(--)?(pass(wd|word|phrase)|(secret|token|api[_-]?key|client-key-data|authorization)(?=['\"]?:)"
        r"|(?<=--)(secret|token|api[_-]?key))['\"]?(:\s*|\s+)['\"]?(?![$%{<])(?=[^\s'\"]*\d)[^\s&;,'\"]{8,}",
        re.IGNORECASE | re.ASCII,
    ),
    # Docker, "config.json": name and password in base64.
    "a login of a registry": re.compile(r"['\"]auth['\"]\s*:\s*['\"][A-Za-z0-9+/]{8,}={0,2}['\"]"),
}

_NAME = re.compile(
    r"(token|(?<![a-z])pass|(?-i:(?<=[a-z])P)ass|password|passwd|passphrase|passcode|(?<![a-z])(pwd?|pat)|secret"
    r"|credentials?|authorization|rediscli_auth"
    r"|(api|app|private|access|secret|signing|encryption|master|session|license|account|integration)[_-]?key)"
    r"([_-]?(value|text|plain|b64|base64|[0-9]{1,3}))?$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(existing|pull)[_-]?secret$", re.IGNORECASE)
"""Chart values that contain the name of a Kubernetes Secret, not its content."""

_BASIC = re.compile(r"\bbasic\s+([A-Za-z0-9+/]{8,}={0,2})", re.IGNORECASE | re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{40,}={0,2}\s*")
_DER_KEY = re.compile(rb"\x30(\x81.|\x82..|[\x20-\x7f])\x02\x01[\x00\x01]", re.DOTALL)
"""The first bytes of DER in PKCS #1, PKCS #8 (RFC 5958) and SEC 1 (RFC 5915): a sequence that begins with the
version."""


def secret_form(text: str) -> str | None:
    """The kind of secret in a text, by its form; None if no known form matches."""
    found = next((form for form, pattern in FORMS.items() if pattern.search(text)), None)
    return found or _basic_login(text) or _form_in_base64(text)


def is_secret_name(key: str) -> bool:
    """Whether the name of a key means that its value is a secret."""
    return bool(_NAME.search(key)) and not _REFERENCE.search(key)


def _basic_login(text: str) -> str | None:
    """A login of HTTP whose base64 contains no digit: a name, a colon and a password."""
    for login in _BASIC.findall(text):
        try:
            content = base64.b64decode(login, validate=True)
        except ValueError:
            continue
        if b":" in content and content.isascii():
            return "a login of HTTP"
    return None


def _form_in_base64(text: str) -> str | None:
    if not _BASE64.fullmatch(text):
        return None
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if _DER_KEY.match(content):
        return "a private key in base64"
    plain = content.decode(errors="ignore")
    found = next((form for form, pattern in FORMS.items() if pattern.search(plain)), None)
    return f"{found} in base64" if found else None
