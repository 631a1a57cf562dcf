"""The policy pack: what every stack must hold to, whatever program declares it.

It judges what the engine registers, by the names of the OCI provider's schema and of the Kubernetes API. It imports no
other folder of this project, so that a mistake of a component is not repeated here.
"""
