"""Runs that leave or come in: as zips, weights, TensorBoard logs, published runs.

Nothing in a file that comes in is executed. It must not depend on queues.
"""
