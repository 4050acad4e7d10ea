"""A whole network as one drawing: stem, a row for each stage, head.

Data flows through each row from left to right and returns to the left under it, where the shape of the data stands.
Conv Blocks have cut corners and a colour, Identity Blocks are rounded, Plain Blocks have a broken outline; shortcuts
are arcs, their line tells option A, B or C. In stages that are long, blocks that are alike stand as one pile.

Each part is a group with `class="part"`, `data-block` (its name, "layer2.0"), `data-stage`, and a title that reads it
out; what folds a stage is a group with `class="fold"`. Must not depend on a page or a language: words are arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ..models.anatomy import Part, parts, runs_of_equals, stages
from ..models.describe import Description, LayerRow, spell
from ..models.spec import ModelSpec
from .legend import figure_name, headline, legend
from .marks import BOX, arrow, layer_text, outline, pill, plus, shape_text, volume
from .svg import breadth, document, path, tag, words
from .words import WORDS, reading

WIDE, NARROW = 6, 3  # blocks in a row: for a screen, for a phone
PITCH, LINE = 102, 14  # one block with its wires, a line of text in it
END, END_PITCH, LOW = 88, 116, 32  # a layer of stem or head, with its wires, and its height
ARC, GAP = 24, 36  # room for the shortcut above a box, and for the way back below it
PILL = 8  # what the count of a pile takes below its box
GUTTER, CAPTION = 156, 44  # captions stand left of their row, on a phone above it
FACE, SMALL_FACE = 44.0, 28.0  # the longest edge of a drawn volume, beside its row and above it


@dataclass(frozen=True)
class Row:
    """One line of the drawing: `units` are blocks, each with those it stands for; `opens` where its stage begins."""

    stage: str
    units: tuple[tuple[Part, ...], ...]
    opens: bool
    closes: bool


def network_figure(
    description: Description,
    wording: Mapping[str, str] = WORDS,
    *,
    columns: int = WIDE,
    unfolded: Collection[str] = (),
) -> str:
    """The network as SVG text.

    columns:  blocks in a row; from 5 on captions stand beside the rows, else above them
    unfolded: stages ("layer3") whose blocks are all drawn; others show alike ones as one pile where they have
              more than `WIDE`
    """
    network = parts(description)
    beside = columns > 4
    tallest = max(len(part.convolutions) for part in network)
    left = GUTTER if beside else 12
    width = left + PITCH * columns + 16
    sketch = _Sketch(description.spec, wording, left, beside, LINE * tallest + 12, _scale(network, beside))
    title, y = headline(description, wording, width)
    drawn, rows, back = [title], list(_rows(network, columns, unfolded)), None
    for row in rows:
        members = [part for part in network if part.stage == row.stage]
        ends = row.stage in ("stem", "head")
        height = LOW if ends else sketch.height
        y += (CAPTION if row.opens and not beside else 0) + (0 if ends else ARC)
        wire = y + height / 2
        if back:
            drawn.append(sketch.way_back(*back, wire))
        if row.opens:
            middle = wire if beside else wire - height / 2 - (0 if ends else ARC) - 16
            drawn.append(sketch.caption(members, middle, row.stage in unfolded))
        drawn.append(sketch.end(row.units[0][0], wire) if ends else sketch.row(row, wire))
        y += height + (PILL if any(len(unit) > 1 for unit in row.units) else 0)
        back = sketch.reach(row), wire, y + 14, shape_text(members[-1].output_shape) if row.closes else ""
        y += GAP
    key, bottom = legend(network, description.spec, wording, y - 10, width)
    return document(
        width,
        bottom,
        figure_name(description, network, wording),
        *drawn,
        key,
        role="img",
        aria_label=figure_name(description, network, wording),
    )


def _rows(network: Iterable[Part], columns: int, unfolded: Collection[str]) -> Iterator[Row]:
    for stage, members in stages(network):
        if len(members) > WIDE and stage not in unfolded:
            units = list(runs_of_equals(members))
        else:
            units = [(part,) for part in members]
        for start in range(0, len(units), columns):
            yield Row(stage, tuple(units[start : start + columns]), start == 0, start + columns >= len(units))


@dataclass(frozen=True)
class _Sketch:
    """What all parts of one drawing share: the network, the words, and the measures that follow from them."""

    spec: ModelSpec
    wording: Mapping[str, str]
    left: int
    beside: bool
    height: int
    scale: tuple[float, float]

    def reach(self, row: Row) -> float:
        """Where the wire of a row ends."""
        if row.stage in ("stem", "head"):
            return self.left + END_PITCH * len(_layers(row.units[0][0]))
        return self.left + PITCH * len(row.units)

    def row(self, row: Row, wire: float) -> str:
        return "".join(self.block(unit, self.left + PITCH * i, wire) for i, unit in enumerate(row.units))

    def part(self, unit: tuple[Part, ...], area: tuple[float, float, float, float], *content: str) -> str:
        """A group that can be pointed at, anywhere in `area` (x, y, width, height)."""
        part, (x, y, width, height) = unit[0], area
        return tag(
            "g",
            tag("title", escape(reading(unit, self.spec, self.wording))),
            tag("rect", x=x, y=y, width=width, height=height, rx=8, class_="halo"),
            *content,
            class_="part",
            data_block=part.name,
            data_stage=part.stage,
            data_role=part.role,
            data_count=len(unit),
        )

    def block(self, unit: tuple[Part, ...], x: float, wire: float) -> str:
        part, half = unit[0], self.height / 2
        top, box, right = wire - half, x + 14, x + 14 + BOX
        content = []
        if part.way == "none":
            content += [path("wire", "M", x - 6, wire, "H", box), path("wire", "M", right, wire, "H", x + PITCH - 6)]
        else:
            content += [path("wire", "M", x - 6, wire, "H", box), path("wire", "M", right, wire, "H", x + PITCH - 14)]
            content.append(self.arc(part, x + 5, x + PITCH - 7, wire, top - 16))
        content.append(arrow(box, wire))
        for lift in range(min(len(unit) - 1, 2), 0, -1):  # a pile shows the edges of those below
            content.append(outline(part.role, box + 3 * lift, top - 3 * lift, self.height))
        content.append(outline(part.role, box, top, self.height))
        for i, row in enumerate(part.convolutions):
            content.append(words(box + BOX / 2, top + 16 + LINE * i, layer_text(row), "middle"))
        if part.stride > 1:
            content.append(words(x + 4, wire + 15, self.wording["stride"].format(stride=part.stride), "bold middle"))
        if part.way != "none":
            content.append(plus(x + PITCH - 7, wire))
        if len(unit) > 1:
            content.append(pill(box + BOX / 2, wire + half + PILL, f"× {len(unit)}"))
        return self.part(unit, (x - 1, top - ARC - 1, PITCH, self.height + ARC + 11), *content)

    def arc(self, part: Part, start: float, end: float, wire: float, top: float) -> str:
        look = "" if part.way == "identity" else f" {self.spec.shortcut}"
        steps = ("M", start, wire, "V", top + 14, "Q", start, top, start + 14, top, "H", end - 14)
        line = path(f"arc{look}", *steps, "Q", end, top, end, top + 14, "V", wire - 6.5)
        dot = tag("circle", cx=start, cy=wire, r=2, class_="tip")
        if part.way == "identity":
            return dot + line
        sign, middle = self.wording[f"sign.{part.way}"], (start + end) / 2
        width = breadth(sign, 10.5) + 10
        frame = tag("rect", x=middle - width / 2, y=top - 7.5, width=width, height=15, rx=3, class_=f"sign{look}")
        return dot + line + frame + words(middle, top + 4, sign, "small middle")

    def end(self, part: Part, wire: float) -> str:
        """Stem or head: its layers in boxes, without normalisation, and what comes out in the end."""
        layers, content = _layers(part), []
        for i, row in enumerate(layers):
            x = self.left + END_PITCH * i
            content += [path("wire", "M", x - 6, wire, "H", x + END_PITCH - 6), arrow(x + 14, wire)]
            content.append(tag("rect", x=x + 14, y=wire - LOW / 2, width=END, height=LOW, rx=4, class_="box end"))
            content.append(words(x + 14 + END / 2, wire + 4, self.told(row), "middle small"))
            if row.stride > 1:
                content.append(words(x + 3, wire + 15, self.wording["stride"].format(stride=row.stride), "bold middle"))
        width: float = END_PITCH * len(layers)
        if part.stage == "head":
            classes = self.wording["classes"].format(count=self.spec.num_classes)
            content += [arrow(self.left + width, wire), words(self.left + width + 6, wire + 4, classes)]
            width += 6 + breadth(classes)
        return self.part((part,), (self.left - 1, wire - LOW / 2 - 8, width, LOW + 16), *content)

    def told(self, row: LayerRow) -> str:
        """A layer of stem or head in a few letters."""
        if row.kind.startswith("convolution"):
            return layer_text(row)
        kind = {"max pooling": "pool", "global average pooling": "average", "linear": "linear"}[row.kind]
        return self.wording[kind].format(kernel="3×3", count=spell(row.output_shape, "×"))

    def caption(self, members: list[Part], y: float, unfolded: bool) -> str:
        """The name of a row, its volume drawn to scale, and the switch that unfolds it; y is the middle."""
        wording, stage, out = self.wording, members[0].stage, members[-1].output_shape
        foldable = len(members) > WIDE
        if stage == "stem":
            lines = [wording["input"], shape_text(members[0].input_shape)]
        elif stage == "head":
            lines = [wording["head"]]
        else:
            count = wording["one"] if len(members) == 1 else wording["count"].format(count=len(members))
            lines = [wording["stage"].format(number=stage.removeprefix("layer")), count]
        solid = ""
        if stage.startswith("layer"):
            solid = volume(4 if self.beside else 14, y, out[0] * self.scale[0], out[1] * self.scale[1])
        after: float
        switch_x: float
        if self.beside:
            x = after = 70
            first = y + 4 - 8 * (len(lines) - 1 + foldable)
            second, switch_x, switch_y = first + 16, x, first + 33
        else:
            x, first = 66 if solid else 14, y + 4
            after, second = x + breadth(lines[0], 14) + 10, first
            switch_x, switch_y = after + breadth(lines[-1]) + 12, first
        content = [words(x, first, lines[0], "strong"), *(words(after, second, text, "soft") for text in lines[1:])]
        if foldable:
            content.append(self.switch(stage, len(members), switch_x, switch_y, unfolded))
        return "".join((solid, *content))

    def switch(self, stage: str, count: int, x: float, y: float, unfolded: bool) -> str:
        """What folds and unfolds a stage, its base line at y."""
        word, title = ("fold", "fold.stage") if unfolded else ("unfold", "unfold.stage")
        label = f"{'▾' if unfolded else '▸'} {self.wording[word]}"
        return tag(
            "g",
            tag("title", escape(self.wording[title].format(number=stage.removeprefix("layer"), count=count))),
            tag("rect", x=x - 5, y=y - 14, width=breadth(label) + 10, height=20, rx=4, class_="halo"),
            words(x, y, label, "link"),
            class_="fold",
            data_stage=stage,
            data_unfolded=str(unfolded).lower(),
        )

    def way_back(self, end: float, wire: float, under: float, shape: str, drop: float) -> str:
        """The wire from the end of a row, below it, to the beginning of the next, and the shape of what flows there."""
        near, r = self.left - 10, 8
        out = ("M", end - 6, wire, "h", 2, "q", r, 0, r, r, "V", under - r, "q", 0, r, -r, r)
        line = path("wire", *out, "H", near + r, "q", -r, 0, -r, r, "V", drop - r, "q", 0, r, r, r)
        return line + (words(self.left + 24, under + 13, shape, "small soft") if shape else "")


def _layers(part: Part) -> list[LayerRow]:
    """What is drawn of stem and head: normalisation is not, as in the paper's figures."""
    return [row for row in part.branch if row.kind != "batch normalisation"]


def _scale(network: Iterable[Part], beside: bool) -> tuple[float, float]:
    """Pixels of the drawing for a channel and for a pixel of the data, so that all stages are to scale."""
    shapes = [part.output_shape for part in network if part.position is not None]
    face = FACE if beside else SMALL_FACE
    return face / max(shape[0] for shape in shapes), face / max(shape[1] for shape in shapes)
