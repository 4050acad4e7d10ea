"""Makes `NotoSansSC-subset.ttf` again: the part of Noto Sans SC that our pictures need.

Run it after a new word brought a character that the font lacks (a test says so). It needs fontTools, which nothing
else here does, and the whole font; any copy of "NotoSansSC-Regular.ttf" will do, for instance

  pip install fonttools
  npm pack @expo-google-fonts/noto-sans-sc
  tar xzf expo-google-fonts-noto-sans-sc-*.tgz package/400Regular
  python assets/fonts/make.py package/400Regular/NotoSansSC_400Regular.ttf

Kept are the letters of western Europe and Greek, symbols, the 3,755 characters of GB 2312 level 1, and whatever else
the words of the page use. The font's licence (OFL.txt, beside this file) allows that; the name says it is a subset, so
that it is never mistaken for a whole one that happens to be installed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))  # run from anywhere

from resnet_demo.ui.text import LANGUAGES  # noqa: E402
from resnet_demo.ui.text.classes import CHINESE  # noqa: E402

FAMILY = "Noto Sans SC Subset"
SYMBOLS, LEVEL_1 = (1, 2, 3, 6), range(16, 56)  # rows of GB 2312: punctuation, numbers, full width, Greek; characters


def rows(numbers) -> str:
    """The characters in these rows of GB 2312."""
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in numbers for cell in range(1, 95))
    return "".join(cell.decode("gb2312", errors="ignore") for cell in cells)


def wanted() -> set[str]:
    """Every character that the font should have."""
    latin = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    words = "".join(word for text in LANGUAGES.values() for word in text.words.values())
    classes = "".join(name for names in CHINESE.values() for name in names)
    return {*latin, *rows(SYMBOLS), *rows(LEVEL_1), *words, *classes, *"–—‘’“”…←↑→↓−×÷·≤≥≈≠∞∑√∂∇∈⊕⊙✓△▲▼●○■□★☆"} - {"\n"}


def main(source: str) -> None:
    """Write the subset beside this file and say what is in it."""
    options = Options(hinting=False, layout_features=["kern"], name_IDs=["*"], notdef_outline=True)
    options.drop_tables += ["BASE", "GDEF", "GSUB", "STAT", "vhea", "vmtx", "gasp", "prep"]
    font = load_font(source, options)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(wanted()))
    subsetter.subset(font)
    for number, name in ((1, FAMILY), (4, FAMILY), (6, FAMILY.replace(" ", ""))):
        font["name"].setName(name, number, 3, 1, 0x409)
    target = HERE / "NotoSansSC-subset.ttf"
    save_font(font, str(target), options)
    missing = sorted(wanted() - {chr(code) for code in font.getBestCmap()})
    print(f"{target.name}: {font['maxp'].numGlyphs:,} glyphs, {target.stat().st_size:,} bytes")
    print("not in the source:", "".join(missing) or "nothing")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python assets/fonts/make.py NotoSansSC-Regular.ttf")
    main(sys.argv[1])
