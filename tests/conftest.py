"""What tests share: folders, tiny runs, one server a session, one browser a session.

Gradio and Playwright are imported inside fixtures: tests that need neither start fast and run without them.
"""

from __future__ import annotations

import gc
import os
import shutil
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

import common
import pytest
from hypothesis import settings
from provide_browser import FLAGS, find_browser

WAITING, SERVED = ("cli", "runs"), ("ui", "tests")  # folders of tests that wait for processes, and that share pages
PATIENCE = 90_000  # milliseconds: a busy machine is slow, not wrong
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000")  # as app.py has it
SEVERAL = "PYTEST_XDIST_WORKER" in os.environ  # whether this is one of several processes that test at the same time
# a server that ends deletes the files that it has put there, and one of another process may show the same ones
os.environ["GRADIO_TEMP_DIR"] = f"{tempfile.gettempdir()}/gradio-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # none takes the cores of the others
# the same examples each time, so that what failed can be tried again, and no example is ever too slow
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
ssl.create_default_context = cache(ssl.create_default_context)  # httpx reads all certificates for each client
gc.disable()  # until all tests have been imported


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser keep a processor busy, those of commands and runs wait for processes: they run side by side.

    Of two processes that test, the second one begins with the second half, and who is done takes from the end of the
    other's: there stand tests that use little of what others of their file have made, which is made in each process.
    """
    in_browser = [item for item in items if item.get_closest_marker("browser")]
    others = [item for item in items if not item.get_closest_marker("browser")]
    waiting = [item for item in others if item.path.parent.name in WAITING]
    served = [item for item in others if item.path.parent.name in SERVED]
    light = [item for item in others if item.path.parent.name not in (*WAITING, *SERVED)]
    cut = max(0, len(others) // 2 - len(waiting))
    items[:] = waiting + light[:cut] + in_browser + served + light[cut:]


def pytest_collection_finish() -> None:
    """What has been imported stays until the end: no collection of garbage has to look at it, and some tests have many.

    A collection takes half a second otherwise; statsmodels asks for one in each of its multiple tests. What tests leave
    is collected less often than usual, which takes 0.95 times the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()


def pytest_sessionfinish() -> None:
    """Nor what tests have left, which goes with the process: pytest would look for garbage in it five times."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def together(tmp_path_factory) -> None:
    """Processes that test at the same time have a folder in common."""
    root = tmp_path_factory.getbasetemp()
    common.root = root.parent if SEVERAL else root


@pytest.fixture(scope="session")
def all_shapes() -> Callable[[Path], Path]:
    """`all_shapes(cache)` puts all of `shapes` into a cache and returns it; they are drawn once, whoever asks."""
    from resnet_demo.data.datasets import load_dataset

    with common.in_common("shapes") as folder:
        load_dataset("shapes", cache=folder)
    return partial(put, folder)


@pytest.fixture(scope="session")
def warm_python() -> Iterator[str]:
    """A program in the place of `sys.executable` whose processes have the libraries imported."""
    if sys.platform == "win32":
        yield sys.executable
        return
    import warm_python

    with common.in_common("python") as folder:
        program, held = warm_python.warm_python(folder)
    with held:
        yield program


@pytest.fixture(scope="session")
def few_shapes(tmp_path_factory) -> Callable[[Path], Path]:
    """`few_shapes(cache)` does so with the first of them: they stand for all, which take long to evaluate."""
    from made_runs import cache_shapes

    return partial(put, cache_shapes(tmp_path_factory.mktemp("few-shapes"), 300, 100))


def put(kept: Path, cache: Path) -> Path:
    """Link what is in one cache into another, and return that."""
    return Path(shutil.copytree(kept, cache, copy_function=os.link, dirs_exist_ok=True))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, few_shapes) -> Path:
    """A cache with some of the drawn images, for this process and for jobs."""
    return few_shapes(tmp_path_factory.mktemp("drawn") / "cache")


@pytest.fixture
def world(monkeypatch, tmp_path, drawn, warm_python) -> Iterator:
    """A server with a manager of runs, and the stand-in for the Hub with jobs and somebody's account."""
    from job_world import job_world

    with job_world(monkeypatch, tmp_path, drawn, warm_python) as world:
        yield world


@pytest.fixture
def signed_in(world, monkeypatch) -> None:
    """This machine has the token of that account."""
    from job_world import TOKEN

    monkeypatch.setenv("HF_TOKEN", TOKEN)


@pytest.fixture(scope="session")
def places(tmp_path_factory, few_shapes):
    """Folders of the session's own; two runs are in them: `trained` (20 steps on shapes) and `nasty`."""
    from made_runs import NASTY, make_trained_run, make_untrained_run

    from resnet_demo.places import Places

    root = tmp_path_factory.mktemp("places")
    cache = few_shapes(root / "cache")
    places = Places(data=None, cache=cache, runs=root / "runs", weights=root / "weights")
    make_trained_run(places.weights, "trained")
    make_untrained_run(places.runs, "nasty", classes=("cat", NASTY))
    return places


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The whole page as it was built, without any network: to be looked at, and served to nobody."""
    from small_page import idle_services

    from resnet_demo.ui.build import build

    return build(idle_services(tmp_path_factory.mktemp("idle")))


@pytest.fixture(scope="session")
def services(places):
    """The services of the session's server."""
    from resnet_demo.services import Services

    return Services.create(places, local=True)


@pytest.fixture(scope="session")
def server(services) -> Iterator[str]:
    """The address of the one server of the session."""
    from pages import whole_page

    with whole_page(services) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """A browser; without one its tests are skipped, and fail where the environment says CI."""
    path = find_browser()
    if path is None:
        reason = "no browser found: python tests/provide_browser.py provides one"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def visits(browser, request) -> Iterator:
    """`visit(width=…, dark=…, language=…, tab=…)` opens the page in a context of its own and returns it once usable.

    `language` is that of the page and of the browser; `address` is another server's than the session's. A test fails in
    the end if any of its pages logged an error or asked another host for something.
    """
    from hands import listen

    from resnet_demo.ui.text import LANGUAGES

    complaints: list[str] = []
    contexts = []

    def attend(page) -> None:
        listen(page)
        page.on("pageerror", lambda error: complaints.append(f"exception in the page: {error}"))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda entry: entry.type == "error" and complain(f"{entry.text} {entry.location['url']}"))
        page.on("request", lambda request: is_local(request.url) or complaints.append(f"left: {request.url}"))

    def complain(words: str) -> None:
        ended = ("net::ERR_CONNECTION_REFUSED", "Server stopped unexpectedly")  # by a test, before its pages
        if not any(one in words for one in ended):
            complaints.append(f"console: {words}")

    def is_local(url: str) -> bool:
        return urlsplit(url).hostname in ("127.0.0.1", "localhost") or url.startswith(("data:", "blob:"))

    def open_page(
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        language: str = "en",
        tab: str | None = None,
        address: str = "",
    ):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale={"en": "en-US", "zh": "zh-CN"}[language],
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", attend)
        page = context.new_page()
        root = address or request.getfixturevalue("server")
        page.goto(f"{root.rstrip('/')}/{LANGUAGES[language].path}{f'?tab={tab}' if tab else ''}")
        ready = "#samples button" if not address and tab in (None, "classify") else "[role=tab]"
        page.locator(ready).first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


visit = pytest.fixture(visits)
stay = pytest.fixture(scope="module")(visits)  # whose pages stay open for all tests of a file
