"""A small model of Oracle Cloud Infrastructure, behind the interface of a Pulumi provider."""
