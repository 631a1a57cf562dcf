"""What a change replaces, as the arguments' descriptions say it: checked against the provider's own table.

The SDK's "(Updatable)" marks are wrong here and there, and a description that promises an update where the provider
replaces would cost somebody a bucket.
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
    assert fields is not None, f"{token} is no resource of the provider"
    return dict(fields)


@pytest.mark.parametrize("token", REPLACED_BY)
def test_exactly_the_inputs_that_are_said_to_replace_a_resource_do(token: str):
    replacing = {name for name, field in fields_of(token).items() if field.input and field.replaces}
    assert replacing == REPLACED_BY[token]
