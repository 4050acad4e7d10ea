"""Every word that the page shows, by language. It knows no component.

One module a tab, both languages side by side, so that whoever changes a sentence sees the other one. A page is
built for one language and its handlers close over that page's `Text`.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    agreement,
    areas,
    bring,
    camera,
    classify,
    common,
    compare,
    comparison,
    confidence,
    confusion,
    correcting,
    curves,
    degradation,
    errors,
    evidence,
    hub,
    inside,
    jobs,
    lesson,
    matrix,
    networks,
    own_images,
    race,
    reports,
    room,
    runs,
    shortcuts,
    slices,
    surface,
    teach,
    train,
)

MODULES = (
    jobs,
    common,
    errors,
    evidence,
    inside,
    surface,
    lesson,
    runs,
    classify,
    camera,
    train,
    own_images,
    hub,
    teach,
    confusion,
    correcting,
    bring,
    areas,
    slices,
    compare,
    networks,
    curves,
    matrix,
    confidence,
    reports,
    shortcuts,
    race,
    comparison,
    degradation,
    agreement,
    room,
)


class Text:
    """The words of one language: `text("run.label")`, with placeholders `text("view.caption", size=32)`.

    A key that does not exist raises KeyError when the page is built. `locale` is the language's tag in HTML, `path`
    the address of its page below the root.
    """

    def __init__(self, language: str, words: Mapping[str, str], locale: str = "en", path: str = ""):
        self.language, self.locale, self.path = language, locale, path
        self.words = dict(words)

    def __call__(self, key: str, **values: object) -> str:
        return self.words[key].format(**values)

    def part(self, prefix: str) -> dict[str, str]:
        """The words below `prefix` without it: what a component needs, to be handed over as a property."""
        start = f"{prefix}."
        return {key.removeprefix(start): word for key, word in self.words.items() if key.startswith(start)}


ENGLISH = {key: word for module in MODULES for key, word in module.ENGLISH.items()}
CHINESE = {key: word for module in MODULES for key, word in module.CHINESE.items()}
LANGUAGES = {"en": Text("en", ENGLISH), "zh": Text("zh", CHINESE, locale="zh-CN", path="zh")}
