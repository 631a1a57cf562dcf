"""Functions: applications and the functions in them.

Sources: Oracle's pages "Changing Default Memory and Timeout Settings" (functionscustomizing.htm) and "Creating
Functions from Existing Docker Images" (functionscreatingfromdockerimages.htm), and the SDK's text. The words of the
refusals are unverified.
"""

import re
from typing import Any, Final

from facts.ocids import is_placeholder
from facts.regions import REGIONS
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, number
from sandbox.oci.rules.references import refers

APPLICATION: Final = "oci:Functions/application:Application"
FUNCTION: Final = "oci:Functions/function:Function"

describe(APPLICATION, ocid="fnapp")
describe(FUNCTION, ocid="fnfunc")
refers(FUNCTION, applicationId=(APPLICATION,))
keep_while_used(
    APPLICATION,
    by=(FUNCTION,),
    refusal=lambda application, _: conflict(f"Application {application} still contains functions"),
)

MEMORY_MIB: Final = (128, 256, 512, 1024, 2048, 3072)
MOST_SECONDS: Final = 300
DETACHED_SECONDS: Final = (5, 3600)
CONFIG_BYTES: Final = 4096

_CONFIG_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_IMAGE = re.compile(r"(?P<place>[a-z0-9-]+)\.ocir\.io/[\w.-]+(/[\w.-]+)+:[\w.-]+", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@rule(APPLICATION)
def application_name(call: Call) -> None:
    """409 for a name that another application of the compartment has."""
    _unique(call, "compartmentId", "Application")


@rule(FUNCTION)
def function_name(call: Call) -> None:
    """409 for a name that another function of the application has."""
    _unique(call, "applicationId", "Function")


def _unique(call: Call, place: str, noun: str) -> None:
    name = call.inputs.get("displayName")
    for other in call.cloud.all(call.token, region=call.region):
        if other.inputs.get(place) == call.inputs.get(place) and other.inputs.get("displayName") == name:
            raise conflict(f"{noun} with displayName {name} already exists")


@rule(APPLICATION, FUNCTION, on="create update")
def configuration(call: Call) -> None:
    """400 for a key that is not the name of a variable, an unprintable value, or over 4 KB of keys and values."""
    config = call.inputs.get("config") or {}
    for key, value in config.items():
        if not _CONFIG_KEY.fullmatch(str(key)):
            raise invalid_parameter(f"config: key {key!r} must have only letters, digits and underscores.")
        if not str(value).isprintable():
            raise invalid_parameter(f"config: the value of {key!r} must have only printable characters.")
    size = sum(len(str(each).encode()) for item in config.items() for each in item)
    if size > CONFIG_BYTES:
        raise invalid_parameter(f"config: {size} bytes exceed the maximum of {CONFIG_BYTES} bytes.")


@rule(FUNCTION, on="create update")
def function_size(call: Call) -> None:
    """400 for memory that is not offered, a timeout over 300 seconds, or a detached one outside 5 to 3600 seconds."""
    memory, seconds = number(call.inputs, "memoryInMbs"), number(call.inputs, "timeoutInSeconds")
    detached, (low, high) = number(call.inputs, "detachedModeTimeoutInSeconds"), DETACHED_SECONDS
    if memory is not None and memory not in MEMORY_MIB:
        raise invalid_parameter(
            f"memoryInMBs must be one of {', '.join(map(str, MEMORY_MIB))}, not {memory:g}."
        )
    if seconds is not None and not 1 <= seconds <= MOST_SECONDS:
        raise invalid_parameter(f"timeoutInSeconds {seconds:g} must be between 1 and {MOST_SECONDS}.")
    if detached is not None and not low <= detached <= high:
        raise invalid_parameter(
            f"detachedModeTimeoutInSeconds {detached:g} must be between {low} and {high}."
        )


@rule(FUNCTION, on="create update")
def function_image(call: Call) -> None:
    """400 without an image, for an image outside the region's own registry, or for a text that is not a digest."""
    source = next(iter(blocks(call.inputs, "sourceDetails")), call.inputs)
    if source.get("sourceType") not in (None, "CONTAINER_IMAGE"):
        return
    image, digest = source.get("image"), source.get("imageDigest")
    if not image:
        raise invalid_parameter("image is required.")
    found = _IMAGE.fullmatch(str(image))
    region = REGIONS.get(call.region or "")
    if not found:
        raise invalid_parameter(f"image {image} is not an image with a tag in the Container Registry.")
    if region and found["place"] not in (region.key, region.name):
        raise invalid_parameter(f"image {image} is not in the Container Registry of {region.name}.")
    if digest and not is_placeholder(str(digest)) and not _DIGEST.fullmatch(str(digest)):
        raise invalid_parameter(f"imageDigest {digest} is not a digest.")


@computed(FUNCTION)
def function_outputs(context: CreateContext) -> dict[str, Any]:
    return {"invokeEndpoint": f"https://{context.unique}.{context.region}.functions.oci.oraclecloud.com"}


_CLIENT = "functions.FunctionsManagementClient"
endpoint(APPLICATION, _CLIENT, "application")
endpoint(FUNCTION, _CLIENT, "function")
