"""Serve the page: options, services, launch. It needs no network, and asks no other host for anything.

Nothing slow is imported before the options are read.
"""

from __future__ import annotations

import argparse
import atexit
import ipaddress
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from tempfile import mkdtemp
from threading import Event, Thread, current_thread, main_thread
from typing import TYPE_CHECKING

from . import logs
from .beginning import beginning

if TYPE_CHECKING:  # these take seconds
    from .runs.queue.zerogpu import ZeroGpuExecutor
    from .services import Services

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PRIVATE = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"  # where the proxies of a Space are


def zero_gpu_executor() -> ZeroGpuExecutor | None:
    """What carries runs out where a GPU is lent for a call at a time (ZeroGPU Spaces); None anywhere else."""
    if not os.environ.get("SPACES_ZERO_GPU"):
        return None
    import spaces  # the platform installs it

    from .runs.queue.zerogpu import ZeroGpuExecutor

    return ZeroGpuExecutor(spaces.GPU)


def networks(text: str) -> str:
    """Check a comma-separated list of addresses and networks and return it in the form that uvicorn reads."""
    try:
        return ",".join(str(ipaddress.ip_network(one.strip(), strict=False)) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; accepted are addresses and networks such as 10.0.0.0/8") from error


def make_parser() -> argparse.ArgumentParser:
    """The options, whose defaults are Gradio's usual environment variables."""
    parser = argparse.ArgumentParser(description="Serve the page.")
    parser.add_argument(
        "--host",
        default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"),
        help="address to listen on; 0.0.0.0 for all (GRADIO_SERVER_NAME, else 127.0.0.1)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=os.environ.get("GRADIO_SERVER_PORT"),
        help="port to listen on (GRADIO_SERVER_PORT, else the first free one from 7860 on)",
    )
    parser.add_argument(
        "--share",
        action=argparse.BooleanOptionalAction,
        default=os.environ.get("GRADIO_SHARE", "").lower() in ("1", "true", "yes"),
        help="also give the page a temporary public address through Gradio's servers (GRADIO_SHARE)",
    )
    parser.add_argument(
        "--root-path",
        default=os.environ.get("GRADIO_ROOT_PATH", ""),
        help="path below which a proxy serves the page (GRADIO_ROOT_PATH)",
    )
    parser.add_argument(
        "--public",
        action="store_true",
        help="treat visitors on this machine like all others: each sees and changes only runs of their own, within "
        "limits. It is so anyway on a Space, with --share, and where --host is not this machine alone",
    )
    parser.add_argument(
        "--mcp",
        action=argparse.BooleanOptionalAction,
        default=os.environ.get("GRADIO_MCP_SERVER", "").lower() in ("1", "true", "yes"),
        help="also be an MCP server, whose tools are what programs can call (GRADIO_MCP_SERVER; needs pip install "
        "'gradio[mcp]')",
    )
    logs.add_argument(parser)
    parser.add_argument(
        "--trusted-proxies",
        type=networks,
        metavar="NETWORKS",
        default=os.environ.get("RESNET_DEMO_TRUSTED_PROXIES", PRIVATE if os.environ.get("SPACE_ID") else ""),
        help="addresses and networks, separated by commas, of proxies whose X-Forwarded-For names the visitor's "
        "address, by which limits count (RESNET_DEMO_TRUSTED_PROXIES, else none; on a Space private networks)",
    )
    return parser


def set_variables(trusted_proxies: str) -> None:
    """Set in the environment what Gradio, its libraries and uvicorn read there."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when Gradio is imported
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000")  # events between two looks at its own statistics
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # the page shows how far an upload is
    os.environ["FORWARDED_ALLOW_IPS"] = trusted_proxies  # read by uvicorn, which would trust this machine
    if "GRADIO_TEMP_DIR" not in os.environ:
        # a server that ends deletes its files; in the usual folder another one shows the same
        os.environ["GRADIO_TEMP_DIR"] = folder = mkdtemp(prefix="resnet_demo-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


@beginning()
def _launch(args: argparse.Namespace, name: str) -> tuple[Services, str, str | None, Callable[[], None]] | None:
    """The services of a page that listens, its address, its public one, and what waits for its end; None, with a
    sentence, if it cannot listen."""
    executor = zero_gpu_executor()  # first: it wants to be imported before PyTorch

    # these take seconds; --help answers without them
    from .places import Places
    from .services import Services
    from .ui.build import build, launch_options, wait_until_closed

    local = args.host in LOOPBACK and not (args.share or args.public or os.environ.get("SPACE_ID"))
    places, warning = Places.from_environment().with_writable_runs()
    for sentence in filter(None, (warning, places.missing())):
        print(f"{name}: {sentence}", file=sys.stderr)
    services = Services.create(places, local=local, executor=executor)
    page = build(services)
    try:
        _, address, shared = page.launch(
            server_name=args.host,
            server_port=args.port,
            share=args.share,
            root_path=args.root_path,
            mcp_server=args.mcp,
            prevent_thread_lock=True,
            quiet=True,
            **launch_options(services),
        )
    except OSError:
        at = f"port {args.port}" if args.port else "any port from 7860 to 7959"
        print(f"{name}: cannot listen on {at} of {args.host}; choose another with --port", file=sys.stderr)
        return None
    except ValueError as error:  # the page does not reach itself: mostly a proxy is set that localhost should bypass
        print(f"{name}: {error}", file=sys.stderr)
        return None
    return services, address, shared, partial(wait_until_closed, page)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted or terminated; 0 then, 1 if the address cannot be used."""
    logs.write_anything()
    parser = make_parser()
    args, name = parser.parse_args(arguments), parser.prog
    if args.port is not None and not 0 < args.port < 65536:
        print(f"{name}: --port must be 1 to 65535, not {args.port}", file=sys.stderr)
        return 1
    if args.mcp and find_spec("mcp") is None:
        print(f"{name}: --mcp needs the package mcp: pip install 'gradio[mcp]'", file=sys.stderr)
        return 1
    logs.configure(args.log_level)
    set_variables(args.trusted_proxies)
    launched = _launch(args, name)
    if launched is None:
        return 1
    services, address, shared, wait = launched
    print(f"The page is at {address} (Ctrl-C ends it)", flush=True)
    closing = Event()
    Thread(target=services.clean_up_regularly, args=(closing,), daemon=True).start()
    if shared:
        print(f"and for everybody at {shared}", flush=True)
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends it as Ctrl-C does; the first process of a
        # container would ignore it otherwise
    try:
        wait()
    finally:
        closing.set()
        services.close()
    return 0
