"""The profiles that the OCI CLI, the SDKs and Terraform log in with: a generated key that never leaves SANDBOX_HOME.

A tenancy is in one realm, so each realm has its own profile.
"""

import hashlib
import os
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from facts.regions import REGIONS
from sandbox.home import Home
from sandbox.oci.ids import derived_ocid

PROFILE = "SANDBOX"


@dataclass(frozen=True)
class Profile:
    """Who calls: OCIDs, fingerprint and the key's file."""

    name: str
    """Its section of the config file."""
    tenancy: str
    user: str
    fingerprint: str
    key_file: Path
    config_file: Path

    @property
    def key_id(self) -> str:
        """What a request signed with the key names."""
        return f"{self.tenancy}/{self.user}/{self.fingerprint}"

    def public_key(self) -> rsa.RSAPublicKey:
        """The key's public half."""
        key = _load(self.key_file).public_key()
        assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 - it was generated so
        return key

    def sdk_config(self, region: str) -> dict[str, str]:
        """The config for a client of the SDK."""
        return {
            "tenancy": self.tenancy,
            "user": self.user,
            "fingerprint": self.fingerprint,
            "key_file": str(self.key_file),
            "region": region,
        }


def profile(home: Home, region: str) -> Profile:
    """The home's profile for the realm of a region, generated if it is missing. Its config file names `region`."""
    folder = home.folder / "oci"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_file, config_file = folder / "key.pem", folder / "config"
    if not key_file.exists():
        # Without this last line, the OCI CLI warns at each command (Oracle's page "Required Keys and OCIDs").
        _write_private(key_file, f"{_new_key().decode()}OCI_API_KEY\n")
    public = _load(key_file).public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.md5(der, usedforsecurity=False).hexdigest()
    fingerprint = ":".join(digest[place : place + 2] for place in range(0, 32, 2))
    tenancy = derived_ocid("tenancy", region, "sandbox")
    user = derived_ocid("user", region, "sandbox")
    realm = REGIONS[region].realm
    name = PROFILE if realm == "oc1" else f"{PROFILE}_{realm.upper()}"
    made = Profile(name, tenancy, user, fingerprint, key_file, config_file)
    text = StringIO()
    parser = _known(config_file)
    parser[name] = made.sdk_config(region)
    parser.write(text)
    _write_private(config_file, text.getvalue())
    return made


def _known(config_file: Path) -> ConfigParser:
    """The config file's profiles; none if it is missing or broken."""
    parser = ConfigParser()
    try:
        parser.read(config_file, encoding="utf-8")
    except (ConfigError, UnicodeDecodeError):
        return ConfigParser()
    return parser


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load(path: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - it was generated so
    return key


def _write_private(path: Path, text: str) -> None:
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.touch(mode=0o600)
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
