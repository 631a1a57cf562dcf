"""Services of which only the OCID types are known."""

from sandbox.oci.resource_types import describe

describe("oci:ApiGateway/certificate:Certificate", ocid="apigatewaycertificate")
describe("oci:Artifacts/containerRepository:ContainerRepository", ocid="containerrepo")
describe("oci:CloudGuard/target:Target", ocid="cloudguardtarget")
describe("oci:DataFlow/application:Application", ocid="dataflowapplication")
