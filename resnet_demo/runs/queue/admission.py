"""Whether the queue takes one more run from an address. Must not depend on which run it is."""

from __future__ import annotations

from ...errors import Refusal
from .limits import Limits
from .run_queue import RunQueue


def check_admission(queue: RunQueue, limits: Limits, address: str, processes: int, elsewhere: bool) -> None:
    """Refusal where the queue takes no other run of so many processes. address: digest of the visitor's. elsewhere: it
    trains on no device of this server, waits for none, and counts for the address all the same. The caller holds the
    queue's lock."""
    if queue.closed:
        raise Refusal("closing")
    if elsewhere:
        followed = sum(entry.executor is not None for entry in queue.training())
        if followed >= limits.waiting:
            raise Refusal("job.many", count=followed)
    else:
        there = len(queue.slots)
        if not 1 <= processes or queue.devices_for(processes) > there:
            raise Refusal("processes", processes=processes, devices=there)
        waiting = len(queue.waiting())
        if waiting >= limits.waiting:
            raise Refusal("queue_full", waiting=waiting)
    busy = sum(entry.address == address for entry in queue.waiting() + queue.training())
    if busy >= limits.waiting_per_address:
        raise Refusal("too_many_waiting", waiting=busy)
