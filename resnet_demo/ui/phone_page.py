"""The page of a phone in a room: markup, style and words; what it does is in `web/phone.js`.

A page of its own, of a few KB: no phone loads Gradio. It knows no room but by its id.
"""

from __future__ import annotations

import json
from html import escape

from ..library.rooms import NETWORKS
from ..models import ModelSpec
from ..rooms.images import SIDE
from ..rooms.state import LONGEST_NAME
from . import static
from .text import LANGUAGES, Text

STYLE = """
:root { color-scheme: light dark; --accent: #0072B2; --line: #a1a1aa; --quiet: #52525b; --wrong: #B34700; }
@media (prefers-color-scheme: dark) { :root { --accent: #6fb7e6; --quiet: #c4c4cc; --wrong: #ff9d5c; } }
* { box-sizing: border-box; } [hidden] { display: none !important; }
body { max-width: 34em; margin: 0 auto; padding: 12px 16px 32px; font: 18px/1.45 system-ui, sans-serif; }
h1 { margin: 8px 0; font-size: 1.25em; line-height: 1.25; } h2 { margin: 20px 0 8px; font-size: 1em; }
p { margin: 8px 0; } .quiet { color: var(--quiet); font-size: 15px; } #error { color: var(--wrong); font-weight: 600; }
button, .button, select, #name { display: block; width: 100%; min-height: 48px; padding: 10px 14px; margin: 8px 0;
  font: inherit; text-align: center; border: 2px solid var(--line); border-radius: 10px; background: none;
  color: inherit; }
button, .button { cursor: pointer; touch-action: manipulation; user-select: none; -webkit-user-select: none; }
#name { text-align: start; }
.main { color: Canvas; background: var(--accent); border-color: var(--accent); font-weight: 600; }
#hold { min-height: 84px; touch-action: none; } #hold.held { outline: 6px solid var(--wrong); }
.button:focus-within, :is(button, select, input):focus-visible { outline: 4px solid var(--accent);
  outline-offset: 2px; }
.button input { position: absolute; width: 1px; height: 1px; opacity: 0; }
fieldset { margin: 8px 0; padding: 0; border: 0; } legend { padding: 0; }
fieldset label { display: flex; gap: 10px; align-items: center; min-height: 48px; padding: 6px 14px; margin: 6px 0;
  border: 2px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
fieldset label:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 2px var(--accent); }
fieldset b { margin-inline-start: auto; } input[type=radio] { width: 22px; height: 22px; accent-color: var(--accent); }
video { display: block; width: 100%; max-height: 45vh; border-radius: 10px; background: #000; object-fit: cover; }
#mine { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 10px; padding: 0;
  list-style: none; }
#mine img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 8px; opacity: .6; }
#mine .accepted img { opacity: 1; outline: 3px solid #009E73; }
#mine span { display: block; font-size: 14px; overflow-wrap: anywhere; }
#mine button { min-height: 44px; margin: 4px 0 0; padding: 4px; font-size: 14px; border-width: 1px; }
#answers { padding: 0; list-style: none; } #answers li { margin: 8px 0; overflow-wrap: anywhere; }
#answers li:first-child { font-size: 1.3em; font-weight: 700; } #answers b { float: inline-end; }
#answers i { display: block; height: 8px; background: var(--accent); border-radius: 4px; }
"""


def page(room_id: str, text: Text) -> str:
    """The page, which asks for the rest."""
    words = text.part("phone")
    others = "".join(
        f'<a href="?language={other.language}" lang="{other.locale}">{escape(other("page.language"))}</a>'
        for other in LANGUAGES.values()
        if other is not text
    )
    networks = "".join(
        f'<option value="{name}">{escape(ModelSpec.from_name(name).title)}</option>' for name in NETWORKS
    )
    given = {"room": room_id, "language": text.language, "side": SIDE, "text": words}
    data = json.dumps(given).replace("<", "\\u003c")  # nothing in it ends the element
    script = static.address("phone.js")
    return _document(
        f"""<h1>{escape(words["title"])}</h1>
<p id="error" role="alert"></p><p id="status" role="status"></p>
<form id="join" hidden>
  <label for="name">{escape(words["name"])}</label>
  <input id="name" maxlength="{LONGEST_NAME}" autocomplete="off" required>
  <button class="main">{escape(words["join"])}</button>
  <p class="quiet">{escape(words["kept"])}</p>
</form>
<section id="camera" hidden>
  <fieldset id="classes"><legend>{escape(words["classes"])}</legend></fieldset>
  <video id="video" playsinline muted hidden aria-label="{escape(words["video"])}"></video>
  <button id="hold" class="main" type="button" hidden>{escape(words["hold"])}</button>
  <button id="live" class="main" type="button" hidden>{escape(words["live"])}</button>
  <button id="turn" type="button" hidden>{escape(words["turn"])}</button>
  <button id="start" type="button" hidden>{escape(words["start"])}</button>
  <label class="button">{escape(words["photo"])}
    <input id="photo" type="file" accept="image/*" capture="environment"></label>
  <label class="button">{escape(words["album"])}<input id="album" type="file" accept="image/*" multiple></label>
  <p id="insecure" class="quiet" hidden>{escape(words["insecure"])}</p>
  <ol id="answers" aria-live="polite"></ol>
</section>
<section id="train" hidden>
  <h2>{escape(words["train.title"])}</h2>
  <label for="network">{escape(words["network"])}</label><select id="network">{networks}</select>
  <button id="begin" class="main" type="button">{escape(words["train"])}</button>
  <ol id="runs" aria-live="polite"></ol>
</section>
<section id="sent" hidden><h2>{escape(words["mine"])}</h2><ul id="mine"></ul></section>
<p class="quiet">{others}</p>
<script type="application/json" id="given">{data}</script>
<script type="module">
import {{start}} from "../{script}";
start(JSON.parse(document.getElementById("given").textContent));
</script>""",
        text,
    )


def message(sentence: str, text: Text) -> str:
    """A page with one sentence."""
    return _document(f'<h1>{escape(text("phone.title"))}</h1><p role="alert">{escape(sentence)}</p>', text)


def _document(content: str, text: Text) -> str:
    return (
        f'<!doctype html><html lang="{text.locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(text('phone.title'))}</title>"
        f'<link rel="icon" href="../favicon.ico" type="image/svg+xml"><style>{STYLE}</style></head>'
        f"<body>{content}</body></html>"
    )
