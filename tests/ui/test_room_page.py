"""A class of phones in browsers: the teacher's page and a phone, from the QR code to the end of the room."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from made_runs import make_untrained_run, photograph
from parts_page import parts_page
from PIL import Image
from small_page import idle_services

from resnet_demo.ui.teach import room as part

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """(the address of a page with the part alone, its services)."""
    services = idle_services(tmp_path_factory.mktemp("rooms"))
    with parts_page(services, room=part) as address:
        yield SimpleNamespace(address=address, services=services)
        services.close()


def photo(seed: int = 0) -> dict:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photograph(1600, 1200, seed)}


def opened(visit, rooms, **options):
    """The teacher's page with an open room."""
    page = visit(address=rooms.address, **options)
    page.locator("#room-classes textarea, #room-classes input").first.fill("mug, pen")
    page.locator("#room-open").click()
    page.locator("#room-board .code[src^=data]").wait_for()
    return page


def joined(visit, rooms, page, name: str = "Ada"):
    """A phone in the room of the teacher's page."""
    link = page.locator("#room-board .link input").input_value()
    phone = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    errors: list[str] = []
    phone.on("pageerror", lambda error: errors.append(str(error)))
    phone.goto(link)
    phone.locator("#name").fill(name)
    phone.locator("#join button").click()
    phone.locator("#camera").wait_for()
    return phone, errors


def test_a_phone_sends_an_image_that_the_teacher_accepts_and_the_room_ends(visit, rooms):
    from playwright.sync_api import expect

    page = opened(visit, rooms)
    phone, errors = joined(visit, rooms, page)
    expect(page.locator("#room-board .who summary")).to_have_text("Phones: 1")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    phone.locator("#photo").set_input_files(photo())
    expect(phone.locator("#error")).to_have_text("Choose a class first.")
    phone.get_by_label("pen").check()
    phone.locator("#photo").set_input_files(photo())
    expect(phone.locator("#mine li span")).to_have_text("pen: waiting for the teacher")
    phone.locator("#album").set_input_files([photo(1), photo(2)])
    expect(phone.locator("#mine li")).to_have_count(3)

    images = page.locator("#room-board .classes section:nth-child(2) li")
    expect(images).to_have_count(3)
    expect(page.locator("#room-board .accept_all")).to_have_text("Accept all (3)")
    images.first.locator(".accept").click()
    expect(page.locator("#room-board section:nth-child(2) p")).to_have_text("1 accepted, 2 waiting")
    images.last.locator(".remove").click()
    expect(images).to_have_count(2)
    expect(phone.locator("#status")).to_have_text("The teacher has removed 1 of your images.")
    expect(phone.locator("#mine .accepted")).to_have_count(1)
    (room,) = rooms.services.rooms._rooms.values()
    kept = Image.open(io.BytesIO(room.state.pictures[0].content))
    assert kept.size == (256, 192)

    room.trained(make_untrained_run(rooms.services.places.runs, "sound").id)
    page.get_by_label("Try the model").check()
    expect(phone.locator("#classes")).to_be_hidden()
    phone.locator("#photo").set_input_files(photo())
    expect(phone.locator("#answers li")).to_have_count(2)
    assert len(room.state.pictures) == 2

    page.reload()  # the browser finds its room again
    expect(page.locator("#room-board .who summary")).to_have_text("Phones: 1")
    page.locator("#room-board .close").click()
    page.get_by_text("Delete everything and close?").click()
    expect(page.locator("#room-open")).to_be_visible()
    expect(phone.locator("#error")).to_contain_text("This room is closed")
    expect(phone.locator("#mine li")).to_have_count(0) if phone.locator("#sent").is_visible() else None
    assert not rooms.services.rooms._rooms and not errors
    phone.context.close()


def test_the_live_camera_of_a_phone(visit, rooms):
    """On this machine's own address a page is secure; the camera is one that draws."""
    from playwright.sync_api import expect

    page = opened(visit, rooms, language="zh")
    phone, errors = joined(visit, rooms, page)
    expect(phone.locator("#insecure")).to_be_hidden()
    phone.evaluate("""() => { navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement('canvas');
      canvas.getContext('2d').fillRect(0, 0, 300, 150);
      setInterval(() => canvas.getContext('2d').fillRect(0, 0, 9, 9), 50);
      return canvas.captureStream(20);
    }; }""")
    phone.locator("#start").click()
    phone.get_by_label("mug").check()
    hold = phone.locator("#hold")
    hold.wait_for()
    hold.dispatch_event("pointerdown")
    expect(phone.locator("#mine li").nth(1)).to_be_visible()
    phone.evaluate("() => dispatchEvent(new Event('pointerup'))")
    expect(hold).not_to_have_class("held")
    page.get_by_label("各自训练").check()
    expect(phone.locator("#video")).to_be_hidden()
    assert phone.evaluate("() => document.getElementById('video').srcObject.active") is False
    assert not errors
    phone.context.close()
