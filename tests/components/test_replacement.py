"""The inputs whose change replaces a resource, as in the arguments' descriptions, compared with the provider's table.

Some of the SDK's "(Updatable)" marks are wrong. If a description promised an update and the provider replaced the
resource, a user could lose a bucket.
"""

import pytest

from facts.provider_fields import Field, resource_fields

REPLACED_BY = {
    "oci:Core/vcn:Vcn": {"cidrBlock", "dnsLabel"},
    "oci:Core/subnet:Subnet": {
        "availabilityDomain",
        "dnsLabel",
        "prohibitInternetIngress",
        "prohibitPublicIpOnVnic",
        "vcnId",
    },
    "oci:Core/internetGateway:InternetGateway": {"vcnId"},
    "oci:Core/natGateway:NatGateway": {"publicIpId", "vcnId"},
    "oci:Core/serviceGateway:ServiceGateway": {"vcnId"},
    "oci:Core/routeTable:RouteTable": {"vcnId"},
    "oci:Core/defaultSecurityList:DefaultSecurityList": {"manageDefaultResourceId"},
    "oci:Core/networkSecurityGroup:NetworkSecurityGroup": {"vcnId"},
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": {"networkSecurityGroupId"},
    "oci:Bastion/bastion:Bastion": {
        "bastionType",
        "dnsProxyStatus",
        "name",
        "phoneBookEntry",
        "targetSubnetId",
    },
    "oci:ObjectStorage/bucket:Bucket": {"name", "namespace", "storageTier"},
    "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy": {"bucket", "namespace"},
    "oci:ObjectStorage/replicationPolicy:ReplicationPolicy": {
        "bucket",
        "deleteObjectInDestinationBucket",
        "destinationBucketName",
        "destinationRegionName",
        "name",
        "namespace",
    },
    "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment": {
        "assetId",
        "policyId",
        "xrcKmsKeyId",
    },
    "oci:FileStorage/export:Export": {"exportSetId", "fileSystemId", "locks", "path"},
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": {
        "availabilityDomain",
        "clusterPlacementGroupId",
        "fileSystemName",
        "performanceTier",
        "subnetId",
    },
    "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink": {
        "availabilityDomain",
        "fileSystemPath",
        "lustreFileSystemId",
        "objectStoragePrefix",
    },
    "oci:Ons/notificationTopic:NotificationTopic": {"name"},
    "oci:Ons/subscription:Subscription": {"endpoint", "protocol", "topicId"},
    "oci:Monitoring/alarm:Alarm": set[str](),
    "oci:Budget/budget:Budget": {"compartmentId", "targetCompartmentId", "targetType", "targets"},
    "oci:Budget/rule:Rule": {"budgetId"},
}


def fields_of(token: str) -> dict[str, Field]:
    fields = resource_fields(token)
    assert fields is not None, f"{token} is not a resource of the provider"
    return dict(fields)


@pytest.mark.parametrize("token", REPLACED_BY)
def test_exactly_the_listed_inputs_replace_a_resource(token: str):
    replacing = {name for name, field in fields_of(token).items() if field.input and field.replaces}
    assert replacing == REPLACED_BY[token]
