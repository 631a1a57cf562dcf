"""Reads vLLM's vocabulary out of an installed or unpacked wheel, without importing it: it needs PyTorch and a GPU.

Names, types, bounds and places of refusals are facts; no code, help text or message is taken.
"""
