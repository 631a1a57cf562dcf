"""The invoke endpoint of a function, and the types in its OCIDs."""

from sandbox.oci.services.functions import FUNCTION
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import minimal


def test_a_function_has_an_invoke_endpoint_in_its_region(driver: Driver) -> None:
    made = driver.create(FUNCTION, **minimal(driver, FUNCTION))
    assert made.id.startswith("ocid1.fnfunc.oc1.iad.")
    assert made.outputs["invokeEndpoint"].endswith(".us-ashburn-1.functions.oci.oraclecloud.com")
