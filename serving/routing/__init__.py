"""Routers between the gateway and the engines of a model, and the object that traffic of a model goes to."""
