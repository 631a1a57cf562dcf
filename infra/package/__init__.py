"""The component package: the components, served to programs in any Pulumi language."""
