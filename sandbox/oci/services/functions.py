"""Functions: where one is called."""

from typing import Any

from sandbox.oci.computed import CreateContext, special


@special("oci:Functions/function:Function")
def function_outputs(context: CreateContext) -> dict[str, Any]:
    return {"invokeEndpoint": f"https://{context.unique}.{context.region}.functions.oci.oraclecloud.com"}
