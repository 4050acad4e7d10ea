"""The page speaks one language at a time: every word exists in both, and none of the other one is left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from hands import TWO_FRAMES, rest

from resnet_demo.hub.account import LOGIN
from resnet_demo.inference.explain import METHODS
from resnet_demo.ui.text import CHINESE, ENGLISH, LANGUAGES

CHINESE_LETTERS = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")  # characters, and their wide punctuation

# What a Chinese sentence may say in Latin letters. Single letters (x, F, A, B, C), abbreviations in capitals (CSV),
# and identifiers (with a digit, an underscore, a dot or a capital inside: ResNet, layer1.0, BatchNorm2d) always.
NAMES = {
    *("Fashion", "shapes", "torchvision", "timm", "captum", "pillow", "heif", "pandas"),  # data sets and programs
    *("safetensors", "zip", "parquet", "pth", "Markdown", "id", "file"),  # files and their columns
    *("SIGKILL", "Hugging", "Face", "Hub", "Space", "Gradio", "Python", "Slurm", "submitit", "trackio"),
    *("Enter", "Escape", "Esc", "Home", "End", "Page", "Down", "Up", "Shift", "Ctrl", "Tab"),  # keys
    *("He", "Selvaraju", "Draelos", "Carin", "Simonyan", "Holm", "Bonferroni", "Spearman", "et", "al"),  # authors
    *("Adebayo", "Fergus", "Li", "Luo", "Petsiuk", "Veit", "Zeiler", "Zhang"),
    *("Deeper", "Bottleneck", "Architectures", "Plain", "Residual", "Identity", "Conv", "Block"),  # terms of the paper
    *("Grad", "Finer", "logits", "pad", "top", "Top", "dtype", "epoch", "centre", "whole", "Ws"),  # methods, arguments
    *("fc", "avgpool", "maxpool"),  # layers, as state dicts call them
    "none",  # a shortcut's value, which Gradio shows as the tooltip of its checkbox
}
# What Gradio says in English whatever the language; it translates the rest itself.
GRADIO = re.compile(
    "Gradio footer navigation|Upload file|File upload|Click to upload or drop files|Paste from clipboard"
    "|Capture from camera|Stop Recording|Delete image|Reset to default value|Thumbnail [0-9]+ of [0-9]+"
    "|number input for |range slider for "
)
SPARED = {"none.command"}  # a command to type
IDENTIFIER = re.compile(r"[A-Za-z_]\w*(?:[./]\w+)+|\w*(?:\d|_|[a-z][A-Z])\w*|\b[A-Z]{2,5}\b")


def left_over(sentence: str, language: str, known: tuple[str, ...] = ()) -> list[str]:
    """The words of the other language in what a page in `language` shows; `known` are other people's words."""
    for words in sorted(filter(None, known), key=len, reverse=True):
        sentence = re.sub(rf"(?<![A-Za-z]){re.escape(words)}(?![A-Za-z])", " ", sentence)
    if language == "en":
        return CHINESE_LETTERS.findall(sentence)
    sentence = IDENTIFIER.sub(" ", GRADIO.sub(" ", sentence))
    return [word for word in re.findall(r"[A-Za-z]{2,}", sentence) if word not in NAMES]


def fields(word: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(word) if name is not None}


def test_both_languages_have_the_same_words_with_the_same_placeholders():
    assert set(ENGLISH) == set(CHINESE)
    assert {key: fields(word) for key, word in ENGLISH.items()} == {key: fields(word) for key, word in CHINESE.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_of_the_other_language(language):
    for key, word in LANGUAGES[language].words.items():
        said = re.sub(r"\{[^}]*\}", "0", word)
        assert key in SPARED or not left_over(said, language), f"{key}: {left_over(said, language)}"


def test_what_is_empty_is_empty_in_both_languages():
    assert {key for key, word in ENGLISH.items() if not word} == {key for key, word in CHINESE.items() if not word}


def test_only_names_and_numbers_are_equal_in_both_languages():
    """A sentence that was forgotten would be the same twice; what may be so has no plain English word in it."""
    for key in ENGLISH:
        if ENGLISH[key] == CHINESE[key]:
            said = re.sub(r"\{[^}]*\}", "0", ENGLISH[key])
            assert key in SPARED or not left_over(said, "zh"), key


def test_left_overs_are_found():
    assert left_over("选择 a network", "zh") == ["network"]
    assert left_over("ResNet-20 的 layer1.0.conv1：BatchNorm2d，/2，F(x) + x，CSV", "zh") == []
    assert left_over("The class “猫”", "en") == ["猫"]
    assert left_over("cat：99.9 %，Markdown", "zh", ("cat", "own")) == []


# --- the whole page in a browser

COLLECT = """
root => {
  // everything that is shown or read out, with the language that it is marked as; code and data are marked as such
  const spared = 'script, style, noscript, template, code, pre, kbd, samp, [translate=no]';
  const attributes = ['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'title', 'alt',
                      'placeholder', 'data-label'];
  const found = [];
  const add = (node, words) => {
    if (words && words.trim()) found.push([words.trim(), node.closest('[lang]').lang]);
  };
  for (const node of document.querySelectorAll(`${root}, ${root} *`)) {
    if (node.closest(spared)) continue;
    for (const name of attributes) add(node, node.getAttribute(name));
    if (node.matches('input:is([type=text], [type=search], :not([type])), textarea')) add(node, node.value);
    for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) add(node, child.data);
  }
  found.push([document.title, document.documentElement.lang]);
  return found;
}
"""
WATCH = """() => {
  window.changed = performance.now();
  const watcher = new MutationObserver(() => { window.changed = performance.now(); });
  watcher.observe(document, {subtree: true, childList: true, characterData: true});
}"""
OPEN = """
() => {
  document.querySelectorAll('details:not([open])').forEach(details => { details.open = true; });
  const closed = [...document.querySelectorAll('button.label-wrap:not(.open)')];
  closed.forEach(button => button.click());
  return closed.length;
}
"""


def shown(page, root: str = "body") -> set[tuple[str, str]]:
    return {tuple(entry) for entry in page.evaluate(COLLECT, root)}


def settled(page) -> set[tuple[str, str]]:
    """What the page shows once it has its answers and nothing more has come for a moment."""
    rest(page)
    page.wait_for_function("performance.now() - changed > 250")
    return shown(page)


def walk(page) -> set[tuple[str, str]]:
    """Everything that can be read on the open tab: folded parts opened, lists unrolled, inner tabs visited."""
    found = settled(page)
    while page.evaluate(OPEN):
        found |= settled(page)
    for index in range(page.locator("[role=tabpanel] [role=tab]:visible").count()):
        page.locator("[role=tabpanel] [role=tab]:visible").nth(index).click()
        found |= settled(page)
    for box in page.locator("input[role=listbox], input[role=combobox]").all():
        if box.is_visible() and box.is_enabled():
            box.click()
            page.evaluate(TWO_FRAMES)  # its list is there already, and unrolls
            found |= shown(page, "ul[role=listbox]")
            page.keyboard.press("Escape")
    return found


def others_words(services) -> tuple[str, ...]:
    """What users called things, what the device is called, and a command to type: they stay as they are."""
    words = {services.device.partition(",")[0], LOGIN}
    for run in services.runs.list():
        words |= {run.id, run.name or "", Path(run.config.data).stem, *run.config.classes}
    return tuple(words)


def assert_one_language(found: set[tuple[str, str]], language: str, known: tuple[str, ...]) -> None:
    wrong = {}
    for sentence, marked in found:
        expected = "zh" if marked.startswith("zh") else "en"
        if words := left_over(sentence, expected, known):
            wrong[sentence] = words
    assert not wrong, f"left over on the page in {language}: {wrong}"
    assert any(marked == LANGUAGES[language].locale for _, marked in found)


def plant(page) -> set[str]:
    """Put words of one language where others may be overlooked: whoever reads the page must find them."""
    page.locator("#picture").evaluate("node => node.setAttribute('aria-label', '剩下的 left')")
    folded = "<details><p>折叠 over</p></details>"
    page.locator("#tabs").evaluate("(node, folded) => node.insertAdjacentHTML('beforeend', folded)", folded)
    return {"剩下的 left", "折叠 over"}


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tab_answer_and_error_is_in_the_language_of_its_page(visit, services, language):
    page, text = visit(language=language), LANGUAGES[language]
    page.evaluate(WATCH)
    known = (*others_words(services), "notes.jpg")
    planted = plant(page)
    page.locator("#heatmap .over img + img").first.wait_for()  # the page has opened with its own image
    broken = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"not an image"}
    page.locator("#picture input[type=file]").first.set_input_files(broken)
    page.locator("#result [role=alert]").first.wait_for()
    found = settled(page)
    page.locator("#samples button").first.click()
    page.locator("#result .best strong").first.wait_for()
    for tab in page.locator("#tabs > .tab-wrapper [role=tab]").all():
        tab.click()
        found |= walk(page)
    listed = {text(f"heat.method.{name}") for name in METHODS}  # in a list of a part that was folded
    assert planted | listed | {text("page.title")} <= {words for words, _ in found}
    assert all(left_over(words, language) for words in planted)
    assert_one_language({entry for entry in found if entry[0] not in planted}, language, known)
