"""Models that a visitor loads from the Hub, within the limits of uploads. Must not depend on Gradio or on words."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from ..data.download import Report
from ..hub.account import Account
from ..runs.exchange.hub_pull import look_up, pull, total_size
from ..runs.queue.manager import Submitted
from ..services import Services


def load_from_hub(services: Services, name: str, account: Account | None, address: str, report: Report) -> Submitted:
    """A new run with the model called `name` on the Hub, and its owner's token; Refusal for what cannot be had or used.

    account: whose right to read is used, None for what everybody may see. address: whom it counts for.
    """
    found = look_up(name, account)
    size = total_size(found)
    services.places.cache.mkdir(parents=True, exist_ok=True)
    with services.uploads.hold(address, size), TemporaryDirectory(prefix="hub-", dir=services.places.cache) as folder:
        return services.manager.adopt(
            lambda root: pull(found, root, Path(folder), account, report), address, size
        )  # fmt: skip
