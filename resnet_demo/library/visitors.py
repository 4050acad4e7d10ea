"""Visitors: which runs they may see, and by which address limits count. Must not depend on Gradio."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..runs.folder import RunFolder
from ..runs.index import RunIndex

HOST_BITS = 64  # of an IPv6 address: whoever has one address of a /64 network has all of them


@dataclass(frozen=True)
class Visitor:
    """One visitor at one moment.

    keys: by the ids of the runs that their browser remembers; "" where they may only look.
    local: whether everything on this machine is theirs.
    address: where they ask from, for limits.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    local: bool = False
    address: str = ""

    def key(self, run_id: str) -> str | None:
        """What `RunManager` wants to see before it changes a run; None opens every one."""
        return None if self.local else self.keys.get(run_id, "")

    @property
    def ids(self) -> tuple[str, ...] | None:
        """The ids of the runs that they may see in lists, beside the published ones; None for all."""
        return None if self.local else tuple(self.keys)

    def runs(self, index: RunIndex) -> list[RunFolder]:
        """The runs that they may use and see in lists: the published ones, and theirs."""
        return [run for run in self.all_runs(index) if not run.damage]

    def all_runs(self, index: RunIndex) -> list[RunFolder]:
        """The same with the damaged ones."""
        return [run for run in index.all() if self.local or index.is_published(run) or run.id in self.keys]


NOBODY = Visitor()


def limited_address(host: str) -> str:
    """Return what limits per address count by: an IPv4 address, the /64 network of an IPv6 address, else `host`."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a name, as clients of tests have
        return host
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, HOST_BITS), strict=False))
