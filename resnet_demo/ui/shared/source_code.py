"""The source code of a part of a model, read from the modules that run, in pieces for highlighting.

It must not depend on a tab or on Gradio.
"""

from __future__ import annotations

import inspect
import io
import keyword
import tokenize
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...models import blocks, resnet
from ...models.anatomy import Part
from ...models.spec import ModelSpec
from ..text import Text


def sources(part: Part, spec: ModelSpec, text: Text) -> list[dict[str, Any]]:
    """The classes and functions that make a part, the most specific first."""
    if part.position is None:
        makers: list[Any] = [resnet.ResNet]
    else:
        makers = [resnet.BLOCKS[spec.block], blocks.Block, blocks.make_shortcut]
        if spec.shortcut == "A":
            makers.insert(2, blocks.PadShortcut)
    return [
        {
            "title": text("block.class" if inspect.isclass(one) else "block.function", name=one.__name__),
            "from": text("block.from", file=Path(inspect.getsourcefile(one) or "").name),
            "code": pieces(one),
        }
        for one in makers
    ]


@lru_cache
def pieces(one: Any) -> list[list[str]]:
    """The source of a class or function as [kind, text]: "word" for keywords, "quiet" for comments and docstrings."""
    source = inspect.getsource(one)
    lines, marked, done = source.splitlines(keepends=True), [], (1, 0)

    def until(place: tuple[int, int]) -> str:
        (row, column), (last, end) = done, place
        if row == last:
            return lines[row - 1][column:end]
        return "".join((lines[row - 1][column:], *lines[row : last - 1], lines[last - 1][:end] if end else ""))

    before = tokenize.INDENT
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        statement = before in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.NL)
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and statement):
            kind = "quiet"
        else:
            kind = "word" if token.type == tokenize.NAME and keyword.iskeyword(token.string) else ""
        if kind:
            marked += [["", until(token.start)], [kind, token.string]]
            done = token.end
        before = token.type
    rest = "".join((lines[done[0] - 1][done[1] :], *lines[done[0] :]))
    return [piece for piece in [*marked, ["", rest.rstrip("\n")]] if piece[1]]
