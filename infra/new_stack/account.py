"""The place of a new stack: from the options, the OCI CLI's profile and the account, in this order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network

from facts.ocids import is_placeholder
from facts.problem import Problem, refuse
from infra.account.for_new_stack import Answers
from infra.account.login import ACCOUNT_ERRORS
from infra.account.profile import DEFAULT, Profile
from infra.settings.tenancy import Tenancy, region_problems
from infra.settings.values.ocid import ocid_problems

from .draft import Source
from .text import Addition
from .values import DOMAIN, AccountValues, Place, placeholder

_PROFILE, _HOME, _AUTH = "tenancy.configFileProfile", "tenancy.homeRegion", "tenancy.auth"

Asker = Callable[[Tenancy], Answers]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The options of the command; None if not given."""

    profile: str | None = None
    region: str | None = None
    compartment: str | None = None


@dataclass(kw_only=True)
class Account:
    """The values of the new stack's account."""

    values: AccountValues
    additions: list[Addition] = field(default_factory=list[Addition])
    networks: Sequence[IPv4Network] = ()
    """Ranges of the networks in the compartment, if the account was asked."""

    notes: list[str] = field(default_factory=list[str])


def refuse_options(wanted: Wanted) -> None:
    """Refuse a region that does not exist, and a compartment that is not one."""
    found: list[Problem] = []
    if wanted.region is not None:
        found += region_problems(wanted.region, "--region")
    found += ocid_problems(wanted.compartment, "compartment", "tenancy", path="--compartment")
    refuse(found, "the command")


def account_of(
    name: str, source: Source, profile: Profile | None, wanted: Wanted, ask: Asker | None
) -> Account:
    """The account of the new stack. `ask`: None asks nobody.

    A profile that nobody requested replaces only placeholders: a source with a tenancy keeps it.
    """
    tenancy = source.settings.tenancy
    old = Place(tenancy_id=tenancy.tenancy_id, compartment_id=tenancy.compartment_id, region=tenancy.region)
    used = profile if wanted.profile or is_placeholder(old.tenancy_id) else None
    found = Account(values=AccountValues(old=old, new=_place(old, used, wanted)))
    if used is not None:
        found.notes.append(f"tenancy and region are those of profile {used.name}")
        _add_login(found, tenancy, used)
    if ask is None or profile is None or is_placeholder(found.values.new.tenancy_id):
        found.notes.append("no account was asked: its values are placeholders, or those of the source")
    else:
        _ask(name, source, found, profile, ask)
    if not any(each.path == _HOME for each in found.additions):
        _keep_home(found, tenancy)
    return found


def _place(old: Place, profile: Profile | None, wanted: Wanted) -> Place:
    tenancy = (profile and profile.tenancy_id) or old.tenancy_id
    region = wanted.region or (profile and profile.region) or old.region
    own = old.compartment_id if tenancy == old.tenancy_id or is_placeholder(old.compartment_id) else None
    compartment = wanted.compartment or (profile and profile.compartment_id) or own
    return Place(
        tenancy_id=tenancy, compartment_id=compartment or placeholder("compartment", region), region=region
    )


def _add_login(found: Account, tenancy: Tenancy, profile: Profile) -> None:
    """The keys with which the provider uses the profile."""
    if tenancy.config_file_profile is not None:
        _fix(found, _PROFILE, profile.name)
    elif profile.name != DEFAULT:
        found.additions.append(Addition("tenancy", "configFileProfile", profile.name))
    if profile.session and "auth" not in tenancy.model_fields_set:
        found.additions.append(Addition("tenancy", "auth", "SecurityToken"))
    elif profile.session and tenancy.auth != "SecurityToken":
        _fix(found, _AUTH, "SecurityToken")


def _fix(found: Account, path: str, value: str) -> None:
    found.values = replace(found.values, fixed={**found.values.fixed, path: value})


def _ask(name: str, source: Source, found: Account, profile: Profile, ask: Asker) -> None:
    """Ask the account. Without a usable login or a connection, the placeholders remain."""
    new, settings = found.values.new, source.settings
    login = {
        "region": new.region,
        "tenancy_id": new.tenancy_id,
        "config_file_profile": profile.name,
        "auth": "SecurityToken" if profile.session else "ApiKey",
    }
    try:
        answers = ask(settings.tenancy.model_copy(update=login))
        home = answers.home_region()
        compartment = _compartment(name, found, answers)
        known = _values(source, answers)
        networks = () if is_placeholder(compartment) else answers.networks(compartment)
    except ACCOUNT_ERRORS as error:
        first = str(getattr(error, "message", None) or error).splitlines()[0]
        found.notes.append(f"the account could not be asked ({first}): its values are placeholders")
        return
    found.networks = networks
    found.values = replace(
        found.values, new=replace(new, compartment_id=compartment), answers={**found.values.answers, **known}
    )
    if home is not None and settings.tenancy.home_region is not None:
        _fix(found, _HOME, home)
    elif home is not None and home != new.region:
        found.additions.append(Addition("tenancy", "homeRegion", home))
    found.notes.append(f"the account of profile {profile.name} was asked")


def _compartment(name: str, found: Account, answers: Answers) -> str:
    """The known compartment, or else the only one with the name of the new stack."""
    known = found.values.new.compartment_id
    if not is_placeholder(known):
        return known
    named = answers.compartments(name)
    if len(named) > 1:
        found.notes.append(f"{len(named)} compartments are called {name}: choose one with --compartment")
    return named[0] if len(named) == 1 else known


def _values(source: Source, answers: Answers) -> Mapping[str, str]:
    domain, cluster = source.settings.identity.domain, source.settings.cluster
    known: dict[str, str | None] = {DOMAIN: answers.domain_endpoint(domain.name) if domain else None}
    for index, pool in enumerate(cluster.pools):
        known[f"cluster.pools[{index}].imageId"] = answers.node_image(cluster.kubernetes_version, pool.shape)
    return {path: value for path, value in known.items() if value}


def _keep_home(found: Account, tenancy: Tenancy) -> None:
    """In another region of the same tenancy, the home region does not change."""
    values = found.values
    if values.another_region and not values.another_tenancy and _HOME not in values.fixed:
        known = not is_placeholder(values.old.tenancy_id)
        if tenancy.home_region is None and known and tenancy.identity_region != values.new.region:
            found.additions.append(Addition("tenancy", "homeRegion", tenancy.identity_region))
