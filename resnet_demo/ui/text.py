"""Every word that the page shows, by language. It knows no component.

A page is built for one language and its handlers close over that page's `Text`.
"""

from __future__ import annotations

from collections.abc import Mapping


class Text:
    """The words of one language: `text("run.label")`, with placeholders `text("view.caption", size=32)`.

    A key that does not exist raises KeyError when the page is built.
    """

    def __init__(self, language: str, words: Mapping[str, str]):
        self.language = language
        self.words = dict(words)

    def __call__(self, key: str, **values: object) -> str:
        return self.words[key].format(**values)

    def part(self, prefix: str) -> dict[str, str]:
        """The words below `prefix` without it: what a component needs, to be handed over as a property."""
        start = f"{prefix}."
        return {key.removeprefix(start): word for key, word in self.words.items() if key.startswith(start)}


ENGLISH = {
    "page.title": "ResNet, from the inside",
    "page.sentence": "See what small residual networks, trained by this project or by you, make of your picture.",
    "page.device": "Runs on {device}",
    "page.kept": "Pictures stay on this machine for at most {minutes} minutes, then they are deleted.",
    "classify.tab": "Classify",
    "picture.label": "Picture",
    "picture.placeholder": "Drop a picture here or click to choose one",
    "picture.samples": "Or try a test picture of the shapes data set; no network was trained on it:",
    "run.label": "Network",
    "run.title": "{network} on {data}",
    "run.titled": "{name} ({network} on {data})",
    "run.published": "{title}, published",
    "run.trained": "{title}, {date}",
    "run.shortcut": "{network} {shortcut}",
    "result.label": "What the network says",
    "result.empty": "Choose one of the test pictures or drop one of your own: the answer appears here.",
    "result.table": "Probability of each class",
    "result.class": "Class",
    "result.probability": "Probability",
    "result.knows": "This network knows only",
    "result.whatever": "It answers with one of these whatever the picture shows.",
    "result.copy": "Copy table",
    "result.copied": "Copied",
    "answer.percent": "{percent:.1f} %",
    "answer.tiny": "< 0.1 %",
    "answer.unsure": "The network is unsure: it gives even its best guess only {percent:.0f} %.",
    "view.caption": "The network sees {size} × {size} pixels.",
    "none.yet": (
        "There is no trained network here yet. This trains one in half a minute; it then appears in the list "
        "without a restart:"
    ),
    "none.chosen": "Choose a network first.",
    "none.command": "python -m resnet_demo train --model resnet8 --data shapes",
}

LANGUAGES = {"en": Text("en", ENGLISH)}
