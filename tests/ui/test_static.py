"""The page's scripts and style sheets as files: what is served, how long it is kept, and what the page itself says."""

from __future__ import annotations

import re

import httpx
import pytest
from small_page import idle_services, small_page

from resnet_demo.ui import static

FETCHED = """() => performance.getEntriesByType('resource').filter(entry => entry.name.includes('/web/'))
  .map(entry => [entry.name.split('/').pop(), entry.transferSize])"""


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    return idle_services(tmp_path_factory.mktemp("idle"))


@pytest.fixture(scope="module")
def small(services):
    """The address of a server with three small tabs."""
    with small_page(services) as address:
        yield address


def get(address: str, **options) -> httpx.Response:
    return httpx.get(address, timeout=90, **options)


def test_every_file_is_served_compressed_and_kept_for_ever(small):
    for name, content in static.FILES.items():
        answer = get(small + static.address(name), headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200 and answer.content == content
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert answer.headers["content-type"].startswith(kind)
        assert len(content) < 500 or answer.headers["content-encoding"] == "gzip"


def test_under_another_version_nothing_is_kept(small):
    answer = get(f"{small}web/000000000000/table.js")
    assert answer.content == static.FILES["table.js"] and answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["none.js", "package.json", "table.html", "page.css", "..%2fstatic.py", "../static.py"]
)
def test_nothing_else_of_the_folder_is_served(small, name):
    answer = get(f"{small}web/{static.VERSION}/{name}")
    assert answer.status_code == 404 or "<html" in answer.text  # Gradio's own answer to what it does not know
    assert not (static.WEB / name).is_file() or (static.WEB / name).read_bytes() != answer.content


def test_a_script_that_does_not_exist_is_an_error_at_once():
    with pytest.raises(KeyError, match=r"none\.js"):
        static.address("none.js")


def test_no_component_carries_a_script_or_a_style_sheet(built):
    parts = [part for part in built.config["components"] if part["type"] == "html"]
    assert len(parts) > 100
    assert all(len(part["props"].get("js_on_load") or "") < 320 and not part["props"]["css_template"] for part in parts)


def test_each_style_sheet_is_limited_to_its_component():
    _, *rules = static.style_sheet().split("\n:is(#_, ")
    names = [re.match(r"(?::is\(#_, )?\.html-container > \.c-(\w+)\)", rule)[1] for rule in rules]
    assert names[:2] == list(static.SHARED) and "table" in names and "page" not in names
    assert all(rule.count("{") == rule.count("}") for rule in rules)


def test_what_comes_first_stands_first(small):
    page = get(small).text
    first = page.index(f'src="{static.address("requests.js")}"')
    assert page.index('<script type="module"') < first < page.index("assets/index-")
    assert re.search(rf'<body[^>]*>\s*<script src="{static.address("head.js")}"', page)
    assert f'<link rel="stylesheet" href="{static.address("components.css")}">' in page


def seen_first(config: dict, node: dict) -> set[str]:
    """The scripts of the components that a page shows when it opens."""
    part = next((one for one in config["components"] if one["id"] == node["id"]), {"type": "", "props": {}})
    if part["props"].get("visible") is False or part["props"].get("open") is False:
        return set()
    inside = node.get("children") or []
    scripts = re.findall(r"(\w+\.js)\b", part["props"].get("js_on_load") or "")
    return set(scripts).union(*(seen_first(config, one) for one in (inside[:1] if part["type"] == "tabs" else inside)))


def test_what_the_page_opens_with_is_fetched_before_it_is_asked_for(built, small):
    opened = {f"{name}.js" for name in static.OPENING}
    shown = seen_first(built.config, built.config["page"][""]["layout"])
    assert opened == {"page.js", "overlays.js"} | shown  # without a model the page has no evidence to lay over
    assert {"dom.js", "words.js", "numbers.js"} < set(static.PRELOADED) - opened  # the last one two imports away
    fetched = re.findall(r'<link rel="modulepreload" href="([^"]*)">', get(small).text)
    assert fetched == [static.address(name) for name in static.PRELOADED]


@pytest.mark.browser
def test_a_second_visit_fetches_none_of_them_again_and_a_component_cannot_be_used_before_its_script(visit, small):
    page = visit(address=small)
    page.locator(".c-header[data-ready]").wait_for()
    first = dict(page.evaluate(FETCHED))
    assert {"components.css", "head.js", "requests.js", "answers.js", "header.js", "page.js"} <= set(first)
    assert all(size > 0 for size in first.values())
    page.goto(small)
    page.locator(".c-header[data-ready]").wait_for()
    again = dict(page.evaluate(FETCHED))
    assert set(again) & set(first) and not any(again.values())

    held: list = []  # what would be clicked before a component's script has run would be lost
    page.evaluate("() => localStorage.setItem('resnet_demo.theme', 'light')")
    page.route("**/header.js", lambda route: held.append(route))
    page.reload()
    page.wait_for_function("() => document.querySelector('.html-container > .c-header button')")
    button = page.locator(".c-header button:not(.controls-switch)").first
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(100)
    assert held and not button.is_visible()
    held[0].continue_()
    button.wait_for()


def test_each_component_with_a_script_waits_for_it(built):
    parts = [part["props"] for part in built.config["components"] if part["type"] == "html"]
    scripted = [part for part in parts if "import(" in (part.get("js_on_load") or "")]
    assert scripted and all(static.SCRIPTED in part["elem_classes"] for part in scripted)
    assert all("data-ready" in part["js_on_load"] for part in scripted)


WIDE = {"", "*", ":root", "html", "body", "main", ".main", ".contain", ".gradio-container"}


def looked_into(selectors: str) -> set[str]:
    """The elements with ":has", as the selectors name them; "" for any element."""
    return set(re.findall(r"([^\s,>+~]*?)(?::not\()?:has\(", selectors))


def test_what_styles_look_into_is_told():
    assert looked_into(":root:has(body.dark) p, .main > :not(.keeps, :has(.keeps))") == {":root", ""}
    assert looked_into("#train .list:not(:has(.notice:empty)), label:has(> input[type=radio])") == {".list", "label"}


def test_no_style_looks_into_the_whole_page():
    """A browser computes the styles of all that lies in an element with ":has" anew when anything in it changes."""
    for path in sorted(static.WEB.glob("*.css")):
        for selectors in re.findall(r"[^{};]+(?=\{)", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)):
            assert not looked_into(selectors) & WIDE, f"{path.name}: {selectors.strip()}"
