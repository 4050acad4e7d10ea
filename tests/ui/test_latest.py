"""Answers of one page that are ready in another order than they were asked for; requests are told when to end."""

from __future__ import annotations

import inspect
import itertools
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import gradio as gr
import pytest
from gradio.context import LocalContext
from managed import wait_until
from parts_page import parts_page
from playwright.sync_api import expect
from small_page import idle_services

from resnet_demo.ui import build as page
from resnet_demo.ui import latest
from resnet_demo.ui.components.notice import notice, said
from resnet_demo.ui.components.table import table
from resnet_demo.ui.latest import NUMBER, Entries, Order, background, in_order, keep_order, set_by_visitor

ONE, TWO = 1, 2  # components
TABLE = {"columns": [{"key": "one", "title": "One"}], "rows": [{"one": "a cell"}]}


class Page:
    """A page whose requests are answered when the test says so. `shown`: what has been filled, by (component, name)."""

    def __init__(self, order: Order, name: str = "page"):
        self.order, self.name, self.shown = order, name, {}

    def ask(self, number: object, answer: object, outputs=(ONE,), changed=None, is_background=False, begins=False):
        """Begin a request; a function that has it answered."""
        begun, go = threading.Event(), threading.Event()

        def handler():
            begun.set()
            assert go.wait(60)
            if isinstance(answer, Exception):
                raise answer
            return answer

        if is_background:
            background(handler)
        wrapped = in_order(handler, self.order, outputs, changed, begins)

        def run():
            LocalContext.request.set(self.request(number))
            self.fill(outputs, wrapped())

        thread = pool.submit(run)
        assert begun.wait(60)

        def end():
            go.set()
            thread.result(60)

        return end

    def request(self, number: object) -> SimpleNamespace:
        headers = {} if number is None else {NUMBER: str(number)}
        return SimpleNamespace(headers=headers, session_hash=self.name, client=SimpleNamespace(host="127.0.0.1"))

    def fill(self, outputs, answer) -> None:
        for component, value in zip(outputs, [answer] if len(outputs) == 1 else answer, strict=True):
            is_update = isinstance(value, dict) and value.get("__type__") == "update"
            for name, one in value.items() if is_update else [("value", value)]:
                if name != "__type__":
                    self.shown[component, name] = one


pool = ThreadPoolExecutor(8)


@pytest.fixture
def order():
    return Order()


@pytest.fixture
def asked(order):
    return Page(order)


def test_the_later_request_wins_whenever_its_answer_comes(asked):
    first, second = asked.ask(1, "first"), asked.ask(2, "second")
    second()
    first()
    assert asked.shown == {(ONE, "value"): "second"}
    third, fourth = asked.ask(3, "third"), asked.ask(4, "fourth")
    third()
    assert asked.shown == {(ONE, "value"): "third"}
    fourth()
    assert asked.shown == {(ONE, "value"): "fourth"}


def test_the_order_is_that_of_the_page_and_not_that_of_the_arrival(asked):
    second, first = asked.ask(2, "second"), asked.ask(1, "first")
    second()
    first()
    assert asked.shown == {(ONE, "value"): "second"}


def test_what_a_later_request_leaves_alone_is_still_filled(asked):
    first = asked.ask(1, ["a", gr.update(choices=["x"], value="x")], (ONE, TWO))
    second = asked.ask(2, [gr.skip(), gr.update(value="y")], (ONE, TWO))
    second()
    first()
    assert asked.shown == {(ONE, "value"): "a", (TWO, "choices"): ["x"], (TWO, "value"): "y"}


def test_a_later_request_that_fails_takes_nothing_away(asked):
    first, second = asked.ask(1, "first"), asked.ask(2, ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        second()
    first()
    assert asked.shown == {(ONE, "value"): "first"}


def test_what_the_visitor_sets_meanwhile_is_not_set_back(asked):
    first = asked.ask(1, [gr.update(value="old", choices=["old", "new"]), "a"], (ONE, TWO))
    second = asked.ask(2, "b", (TWO,), changed=ONE)
    first()
    assert asked.shown == {(ONE, "choices"): ["old", "new"], (TWO, "value"): "a"}
    second()
    assert asked.shown[TWO, "value"] == "b"


def test_what_is_brought_up_to_date_gives_way_to_what_the_visitor_asks_for(asked):
    visitor, refresh = asked.ask(1, "chosen"), asked.ask(2, "refreshed", is_background=True)
    refresh()
    assert asked.shown == {}
    visitor()
    assert asked.shown == {(ONE, "value"): "chosen"}
    asked = Page(asked.order, "another")
    refresh, visitor = asked.ask(2, "refreshed", is_background=True), asked.ask(1, "chosen")
    visitor()
    refresh()
    assert asked.shown == {(ONE, "value"): "chosen"}
    asked.ask(3, "refreshed", is_background=True)()
    assert asked.shown == {(ONE, "value"): "refreshed"}
    asked.ask(1, "outdated", is_background=True)()
    assert asked.shown == {(ONE, "value"): "refreshed"}


def test_several_answers_of_one_request_end_where_a_later_one_has_answered(asked, order):
    def handler():
        yield "first of 1"
        yield "last of 1"

    answers = in_order(handler, order, [ONE])
    LocalContext.request.set(asked.request(1))
    given = answers()
    assert next(given) == "first of 1"
    asked.ask(2, "second")()
    assert [*given] == [gr.skip()]
    LocalContext.request.set(None)


@pytest.mark.parametrize("late", (0, 1))
def test_entries_that_are_added_at_the_same_time_all_stay(asked, late):
    """What a browser keeps: a run that is started while another one is being uploaded, and images that are deleted."""
    kept = {"a": "1", "b": "2"}
    ends = [asked.ask(1, Entries(kept, {"c": "3"})), asked.ask(2, Entries(kept, {"d": "4", "a": None}))]
    for end in (ends[1 - late], ends[late]):
        end()
    assert asked.shown == {(ONE, "value"): {"b": "2", "c": "3", "d": "4"}}
    asked.ask(3, Entries(asked.shown[ONE, "value"], {"a": "5"}))()
    assert asked.shown == {(ONE, "value"): {"a": "5", "b": "2", "c": "3", "d": "4"}}
    assert Entries(["whatever a browser sends"], {"a": "1"}) == {"a": "1"}


def test_pages_and_programs_are_apart(order):
    page, other, program = Page(order), Page(order, "other"), Page(order, "program")
    first = page.ask(1, "first")
    other.ask(2, "theirs")()
    first()
    assert page.shown == {(ONE, "value"): "first"}
    for number in (None, "x", "-1", "9" * 4000, "²"):
        one, two = program.ask(number, "one"), program.ask(number, "two")
        two()
        one()
        assert program.shown == {(ONE, "value"): "one"}


def test_what_a_tab_begins_with_leaves_what_the_visitor_has_done_before(order):
    page = Page(order)
    page.ask(1, ["uploaded", gr.skip()], outputs=(ONE, TWO))()
    page.ask(2, ["first", "first"], outputs=(ONE, TWO), begins=True)()  # the later request, as the tab opens late
    assert page.shown == {(ONE, "value"): "uploaded", (TWO, "value"): "first"}
    page.ask(3, "chosen")()
    assert page.shown[ONE, "value"] == "chosen"


def test_closed_pages_are_forgotten_and_no_number_of_pages_fills_the_memory(order, monkeypatch):
    page = Page(order)
    page.ask(5, "first")()
    order.forget(page.request(None))
    page.ask(1, "again")()
    assert page.shown == {(ONE, "value"): "again"}
    monkeypatch.setattr(latest, "MOST_SESSIONS", 3)
    for number in range(10):
        Page(order, f"page {number}").ask(1, "one")()
    assert len(order._sessions) == 3


def test_gradio_still_sees_what_a_handler_wants_and_whether_it_yields():
    def select(event: gr.SelectData, request: gr.Request, value: int, more: int = 3) -> int:
        """What it does."""

    def generate(request: gr.Request):
        yield 1

    async def wait(value: int) -> int:
        return value + 1

    for handler in (select, generate, wait):
        wrapped = in_order(handler, Order(), [ONE])
        assert inspect.signature(wrapped) == inspect.signature(handler) and wrapped.__doc__ == handler.__doc__
        assert gr.utils.get_type_hints(wrapped) == gr.utils.get_type_hints(handler)
        assert inspect.isgeneratorfunction(wrapped) == inspect.isgeneratorfunction(handler)
        assert inspect.iscoroutinefunction(wrapped) == inspect.iscoroutinefunction(handler)


def test_only_one_trigger_that_is_a_choice_of_the_visitors_says_what_they_set():
    assert set_by_visitor([(3, "input")]) == 3
    assert set_by_visitor([(3, "select")]) is set_by_visitor([(3, "change")]) is set_by_visitor([]) is None
    assert set_by_visitor([(3, "input"), (4, "input")]) is None


def test_every_handler_of_the_page_keeps_the_order(built):
    handlers = [event.fn for event in built.fns.values() if event.fn and event.outputs]
    assert len(handlers) > 100 and all(hasattr(handler, "__wrapped__") for handler in handlers)
    assert any(target[1] == "unload" for event in built.fns.values() for target in event.targets)
    chosen, uploaded = (
        [event for event in built.fns.values() if event.fn and {name for _, name in event.targets} & names]
        for names in ({"input"}, {"upload", "bring"})
    )
    assert len(chosen) > 20 and len(uploaded) > 10
    assert not [event.name for event in chosen + uploaded if event.trigger_mode == "once"]  # it loses choices and files
    assert all(set_by_visitor(event.targets) for event in chosen)  # of several triggers nobody knows which it was
    refreshed = {handler.__name__ for handler in handlers if getattr(handler, "is_background", False)}
    assert refreshed == {"refresh", "recorded", "evaluated", "end_epoch", "follow", "scrub", "list_runs"}


@pytest.mark.browser
def test_the_first_click_loses_though_it_is_answered_last_and_a_closed_page_is_forgotten(visit, tmp_path, monkeypatch):
    released, numbers, orders = threading.Event(), [], []
    monkeypatch.setattr(page, "keep_order", lambda demo: orders.append(keep_order(demo)))

    def build(frame) -> None:
        buttons = [gr.Button(name, elem_id=name) for name in ("slow", "quick")]
        text, state, seen = gr.Textbox(elem_id="text"), gr.State("nothing"), gr.Textbox(elem_id="seen")

        def slow(request: gr.Request):
            numbers.append(int(request.headers[NUMBER]))
            assert released.wait(60)
            return "slow", "slow"

        def quick(request: gr.Request):
            numbers.append(int(request.headers[NUMBER]))
            return "quick", "quick"

        for button, handler in zip(buttons, (slow, quick), strict=True):
            button.click(handler, None, [text, state], queue=False)
        gr.Button("tell", elem_id="tell").click(lambda value: value, state, seen)

    with parts_page(idle_services(tmp_path), clicks=SimpleNamespace(build=build)) as address:
        opened = visit(address=address)
        opened.locator("#slow").click()
        wait_until(lambda: len(numbers) == 1)
        opened.locator("#quick").click()
        expect(opened.locator("#text textarea")).to_have_value("quick")
        with opened.expect_response("**/gradio_api/run/**"):
            released.set()
        opened.locator("#tell").click()
        expect(opened.locator("#seen textarea")).to_have_value("quick")  # the state, too, is that of the later click
        expect(opened.locator("#text textarea")).to_have_value("quick")
        assert numbers == sorted(numbers) and len(orders[0]._sessions) == 1
        opened.context.close()
        wait_until(lambda: not orders[0]._sessions)


WAYS = [("direct", "queued", "run/**"), ("queued", "direct", "queue/data**")]


@pytest.mark.browser
def test_answers_are_shown_in_the_order_in_which_the_server_gave_them(visit, tmp_path):
    """They come as the answer to a request or through the queue's stream: whichever is the slower way."""
    held: list = []

    def build(frame) -> None:
        for slower, *_ in WAYS:
            text = gr.Textbox(elem_id=f"{slower}-text")
            for name, queued in (("direct", False), ("queued", True)):
                come = gr.Textbox(elem_id=f"{slower}-{name}-come")
                gr.Button(name, elem_id=f"{slower}-{name}").click(
                    lambda name=name: (name, "yes"), None, [text, come], queue=queued, show_progress="hidden"
                )

    with parts_page(idle_services(tmp_path), clicks=SimpleNamespace(build=build)) as address:
        opened = visit(address=address)
        for first, second, way in WAYS:
            opened.route(f"**/gradio_api/{way}", lambda route: held.append((route, route.fetch())))
            opened.locator(f"#{first}-{first}").click()
            wait_until(lambda: opened.title() and held)
            opened.locator(f"#{first}-{second}").click()
            opened.wait_for_timeout(500)  # the second answer is here, and waits
            expect(opened.locator(f"#{first}-text textarea")).to_have_value("")
            route, response = held.pop()
            route.fulfill(response=response)
            for name in (first, second):
                expect(opened.locator(f"#{first}-{name}-come textarea")).to_have_value("yes")
            expect(opened.locator(f"#{first}-text textarea")).to_have_value(second)
            opened.unroute(f"**/gradio_api/{way}")


@pytest.mark.browser
def test_an_answer_that_never_comes_is_not_waited_for_long(visit, tmp_path):
    shown, lost = threading.Event(), []

    def count():
        for number in itertools.count():
            yield str(number)
            if shown.wait(0.2):
                break
        yield "enough"

    def build(frame) -> None:
        texts = [gr.Textbox(elem_id=name) for name in ("text", "counted")]
        quiet = {"show_progress": "hidden"}
        gr.Button("lost", elem_id="lost").click(lambda: "lost", None, texts[0], queue=False, **quiet)
        gr.Button("count", elem_id="count").click(count, None, texts[1], **quiet)

    with parts_page(idle_services(tmp_path), clicks=SimpleNamespace(build=build)) as address:
        opened = visit(address=address)
        opened.route("**/gradio_api/run/**", lambda route: lost.append(route.fetch()))
        opened.locator("#lost").click()
        wait_until(lambda: opened.title() and lost)
        opened.locator("#count").click()
        try:
            expect(opened.locator("#counted textarea")).to_have_value(re.compile(r"\d"))
        finally:
            shown.set()
        expect(opened.locator("#counted textarea")).to_have_value("enough")


@pytest.mark.browser
def test_what_is_not_shown_yet_keeps_its_words_when_an_answer_for_it_comes_too_late(visit, tmp_path):
    begun, released = threading.Event(), threading.Event()

    def build(frame) -> None:
        slow, quick, show = (gr.Button(name, elem_id=name) for name in ("slow", "quick", "show"))
        with gr.Column(visible=False) as column:
            told = notice(elem_id="hidden")
            words = table(frame.text, elem_id="table", name="x", label="what it shows")

        def wait():
            begun.set()
            assert released.wait(60)
            return {}, None

        slow.click(wait, None, [words, told], queue=False)
        quick.click(lambda: (TABLE, said("quick")), None, [words, told], queue=False)
        show.click(lambda: gr.update(visible=True), None, column, queue=False)

    with parts_page(idle_services(tmp_path), clicks=SimpleNamespace(build=build)) as address:
        opened = visit(address=address)
        opened.locator("#slow").click()
        assert begun.wait(60)
        with opened.expect_response("**/gradio_api/run/**"):
            opened.locator("#quick").click()
        with opened.expect_response("**/gradio_api/run/**"):
            released.set()
        opened.locator("#show").click()
        expect(opened.locator("#table tbody tr")).to_have_text("a cell")
