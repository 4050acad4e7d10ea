"""Runs that train in a Hugging Face job of somebody's own account, and are followed from here like any other.

Must not depend on pages, nor on who waits in the queue.
"""
