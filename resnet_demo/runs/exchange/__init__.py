"""Runs that leave or come in: as zips, weights, TensorBoard logs, published runs.

Nothing in a file that comes in is executed. Must not depend on queues.
"""
