# The OCI SDK has no types.
# pyright: reportMissingTypeStubs=false
"""A profile of the OCI CLI: `~/.oci/config`, and the CLI's defaults in `~/.oci/oci_cli_rc`.

Source: Oracle's pages "SDK and CLI Configuration File" and "Using the CLI: Specifying Default Values" (the key
`compartment-id` of a profile).
"""

import os
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass
from pathlib import Path

from facts.ocids import is_placeholder, parse_ocid
from facts.problem import InvalidInput, Problem
from facts.regions import REGIONS

DEFAULT = "DEFAULT"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The parts of a profile that a stack file needs; None if the profile does not set them."""

    name: str
    tenancy_id: str | None
    region: str | None
    compartment_id: str | None
    session: bool
    """Whether it has a session token instead of an API key."""


def read_profile(wanted: str | None, environment: Mapping[str, str]) -> Profile | None:
    """The profile `wanted`, or else that of OCI_CONFIG_PROFILE or OCI_CLI_PROFILE, or else DEFAULT.

    The file is `~/.oci/config`, or else OCI_CONFIG_FILE, as for the SDK.

    None if no profile is requested and the file or the profile does not exist. Raises InvalidInput.
    """
    folder = Path.home() / ".oci"
    own = folder / "config"
    file = own if own.exists() else Path(environment.get("OCI_CONFIG_FILE") or own).expanduser()
    name = wanted or environment.get("OCI_CONFIG_PROFILE") or environment.get("OCI_CLI_PROFILE") or DEFAULT
    found = _entries(file, name, required=wanted is not None)
    if found is None:
        return None
    profile = Profile(
        name=name,
        tenancy_id=found.get("tenancy"),
        region=found.get("region"),
        compartment_id=_compartment(Path(environment.get("OCI_CLI_RC_FILE") or folder / "oci_cli_rc"), name),
        session="security_token_file" in found,
    )
    _refuse(profile, file)
    return profile


def _entries(file: Path, name: str, *, required: bool) -> Mapping[str, str] | None:
    parser = _parsed(file)
    if parser is not None and (name in parser or (name == DEFAULT and parser.defaults())):
        return dict(parser[name])
    if not required:
        return None
    if parser is None:
        fix = "`oci setup config` writes it"
        raise InvalidInput([Problem("--profile", name, f"needs the file {file}, which does not exist", fix)])
    known = [*([DEFAULT] if parser.defaults() else []), *parser.sections()]
    raise InvalidInput([Problem.not_one_of("--profile", name, known, f"must be a profile of {file}")])


def _parsed(file: Path) -> ConfigParser | None:
    parser = ConfigParser(interpolation=None)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput([Problem("--profile", str(file), f"cannot be read: {error}")]) from None
    try:
        parser.read_string(text)
    except ConfigError as error:
        first = str(error).splitlines()[0]
        raise InvalidInput([Problem("--profile", str(file), f"cannot be read: {first}")]) from None
    return parser


def _compartment(file: Path, name: str) -> str | None:
    """The default compartment of the CLI: of the profile, or of all profiles."""
    parser = _parsed(file.expanduser())
    if parser is None:
        return None
    entries = parser[name] if name in parser else parser.defaults()
    found = entries.get("compartment-id")
    return found if found and parse_ocid(found) else None


def _refuse(profile: Profile, file: Path) -> None:
    """Refuse a tenancy or a region that no stack file accepts."""
    where = f"{file}, profile {profile.name}"
    found = parse_ocid(profile.tenancy_id or "")
    if profile.tenancy_id and (
        found is None or found.resource_type != "tenancy" or is_placeholder(profile.tenancy_id)
    ):
        raise InvalidInput(
            [Problem("--profile", profile.tenancy_id, f"must be the OCID of a tenancy in {where}")]
        )
    if profile.region and profile.region not in REGIONS:
        allowed = f"must be the name of an OCI region in {where}"
        raise InvalidInput([Problem.not_one_of("--profile", profile.region, REGIONS, allowed)])


def profile_of_this_machine(wanted: str | None) -> Profile | None:
    """The profile in the environment of this process."""
    return read_profile(wanted, os.environ)
