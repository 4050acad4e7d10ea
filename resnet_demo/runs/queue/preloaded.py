"""What workers need, imported by the server that they are forked from, whose memory they share.

Nothing here may initialise CUDA, which does not survive a fork.
"""

from ...beginning import beginning

with beginning():
    from . import worker  # noqa: F401
