"""Functions: applications and the functions in them."""

from typing import Any, Final

from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.resource_types import describe

APPLICATION: Final = "oci:Functions/application:Application"
FUNCTION: Final = "oci:Functions/function:Function"

describe(APPLICATION, ocid="fnapp")
describe(FUNCTION, ocid="fnfunc")


@computed(FUNCTION)
def function_outputs(context: CreateContext) -> dict[str, Any]:
    return {"invokeEndpoint": f"https://{context.unique}.{context.region}.functions.oci.oraclecloud.com"}
