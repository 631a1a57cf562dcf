"""The official release, checked against the checksums that Pulumi publishes."""

import hashlib
import platform
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from sandbox.engine.cache import cache_folder, cached_engine, scratch
from sandbox.engine.pin import VERSION, EngineUnavailableError

ARCHIVES = "https://get.pulumi.com/releases/sdk"
CHECKSUMS = f"https://github.com/pulumi/pulumi/releases/download/v{VERSION}/pulumi-{VERSION}-checksums.txt"
TIMEOUT_SECONDS = 20

_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def archive_name() -> str:
    """The name of the release archive for this machine."""
    system, machine = platform.system(), platform.machine().lower()
    if system not in _SYSTEMS or machine not in _MACHINES:
        raise EngineUnavailableError(f"no official release for {system} on {machine}")
    return f"pulumi-v{VERSION}-{_SYSTEMS[system]}-{_MACHINES[machine]}.tar.gz"


def fetch_release(say: Callable[[str], None]) -> Path:
    """Download, check and install the official CLI with its language hosts."""
    name = archive_name()
    say(f"downloading the official release {name}")
    try:
        expected = checksum_for(name, _read(CHECKSUMS).decode())
        archive = _read(f"{ARCHIVES}/{name}", say)
    except (OSError, urllib.error.URLError) as failure:
        raise EngineUnavailableError(f"not reachable ({getattr(failure, 'reason', failure)})") from failure
    found = hashlib.sha256(archive).hexdigest()
    if found != expected:
        raise EngineUnavailableError(
            f"{name} has SHA-256 {found} instead of the published {expected}: discarded"
        )
    return _unpack(archive)


def checksum_for(name: str, table: str) -> str:
    """The SHA-256 of an archive in Pulumi's checksum file."""
    for line in table.splitlines():
        digest, _, file = line.partition("  ")
        if file.strip() == name:
            return digest
    raise EngineUnavailableError(f"Pulumi's checksum file does not name {name}")


def _read(url: str, say: Callable[[str], None] | None = None) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - both addresses are https literals
        total = int(answer.headers.get("Content-Length") or 0)
        parts: list[bytes] = []
        read = told = 0
        while part := answer.read(1 << 20):
            parts.append(part)
            read += len(part)
            if say and total and read * 10 // total > told:
                told = read * 10 // total
                say(f"downloaded {read >> 20} of {total >> 20} MiB")
        return b"".join(parts)


def _unpack(archive: bytes) -> Path:
    with scratch() as folder:
        packed = Path(folder) / "release.tar.gz"
        packed.write_bytes(archive)
        with tarfile.open(packed) as tar:
            tar.extractall(folder, filter="data")
        files = [file for file in Path(folder).rglob("pulumi*") if file.is_file() and file != packed]
        # The CLI is installed last: once it exists, the engine counts as installed.
        for file in sorted(files, key=lambda file: file.name == "pulumi"):
            file.chmod(0o755)
            file.replace(cache_folder() / file.name)
    if not cached_engine().exists():
        raise EngineUnavailableError("the archive does not contain pulumi")
    return cached_engine()
