"""The permissions of the pods that move weights, with workload identity: one writes objects of a bucket, one reads
them."""

from facts.policies import All, Anyone, Place, Statement, Test

from .principal_grants import Statements, Workload


def weights_grants(importer: Workload, reader: Workload, compartment_id: str, bucket: str) -> Statements:
    """`importer` may write but never delete, so its mistakes cannot delete served models."""
    place, mine = Place.of(compartment_id), Test("target.bucket.name", bucket)
    return {
        "weights are imported": Statement(
            subject=Anyone(),
            verb="manage",
            resource="objects",
            place=place,
            where=All((*importer.condition, mine, Test("request.permission", "OBJECT_DELETE", "!="))),
        ),
        "weights are staged": Statement(
            subject=Anyone(),
            verb="read",
            resource="objects",
            place=place,
            where=All((*reader.condition, mine)),
        ),
        **{
            f"{who.service_account} finds the bucket": Statement(
                subject=Anyone(),
                verb="read",
                resource="buckets",
                place=place,
                where=All((*who.condition, mine)),
            )
            for who in (importer, reader)
        },
    }
