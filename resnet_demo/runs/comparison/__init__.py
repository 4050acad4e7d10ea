"""Runs side by side: published ones that differ in shortcuts and seeds, races, and the numbers of the papers.

It must not depend on the queue.
"""
