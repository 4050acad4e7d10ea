"""Runs side by side: published ones that differ in shortcuts and seeds, races, and the numbers of the papers.

Must not depend on the queue.
"""
