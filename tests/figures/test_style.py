"""Pictures in the house's look: every character of either language can be drawn."""

from __future__ import annotations

import warnings

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from resnet_demo.figures.style import FAMILY, FONT, KINDS, SERIES, look, save
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.text.classes import CHINESE

CLASSES = {name for names in CHINESE.values() for name in names}
WORDS = {word for text in LANGUAGES.values() for word in text.words.values()} | CLASSES
CHARACTERS = "".join(sorted({character for word in WORDS for character in word} - {"\n"}))


def draw(words: str, kind: str = "png", size: float = 11) -> bytes:
    """One figure with these words; a glyph that no font has is an error."""
    with warnings.catch_warnings(), look(size):
        warnings.simplefilter("error")
        figure = Figure(figsize=(4, 1))
        figure.text(0.01, 0.5, words, parse_math=False)
        return save(figure, kind, dpi=50)


def test_the_fonts_have_every_character_of_every_word():
    fonts = (FONT, findfont(FAMILY[1]))
    missing = set(CHARACTERS) - {chr(code) for font in fonts for code in FT2Font(str(font)).get_charmap()}
    assert not missing, f"remake the font (assets/fonts/make.py): {''.join(sorted(missing))}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_character_is_drawn_without_a_missing_glyph(kind):
    assert len(CHARACTERS) > 500 and len(draw(CHARACTERS, kind)) > 1000


def test_a_missing_glyph_does_not_go_unnoticed():
    with pytest.raises(UserWarning, match="[Gg]lyph"):
        draw("\U00013000")  # a hieroglyph


def test_chinese_characters_are_drawn_and_not_boxes():
    pictures = {draw(character) for character in "残差网络捷径卷积"}
    assert len(pictures) == 8


def test_the_same_figure_gives_the_same_file_and_leaves_the_settings_alone():
    before = dict(matplotlib.rcParams)
    for kind in KINDS:
        assert draw("残差 = F(x) + x", kind) == draw("残差 = F(x) + x", kind)
    assert dict(matplotlib.rcParams) == before
    with pytest.raises(ValueError, match="png, svg, pdf"):
        save(Figure(), "exe")


def test_the_series_differ_by_more_than_colour():
    assert len({series["color"] for series in SERIES.values()}) == len(SERIES)
    assert len({series["linestyle"] for series in SERIES.values()}) == len(SERIES)
