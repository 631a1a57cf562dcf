"""The component package. It serves the components to programs in any Pulumi language."""
