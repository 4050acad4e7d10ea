"""Runs waiting for a device and training on it: the queue, its processes, and who may do what.

Must not depend on pages, nor on runs that leave or come in.
"""
