"""The program, its settings, and the commands that read them without an engine."""

from infra.loading import sdk_on_demand

# Settings, layers and commands all import the SDKs. In a deployment their classes are created as usual.
sdk_on_demand.install(classes=False)
