"""One block in detail: the layers of its branch, the shortcut, the addition and the last ReLU, with all shapes.

Data flows downwards, as in the paper's figures 2 and 5 (He et al. 2015); the shortcut is the arc on the right. Given
other blocks to compare with, it marks what is not the same in all of them. Must not depend on a page or a language.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..models.anatomy import Part
from ..models.describe import LayerRow
from .marks import layer_text, plus, shape_text
from .svg import document, path, tag, words
from .words import WORDS

WIDTH, CENTRE, HALF = 204, 62, 58  # of the drawing; of the boxes on the branch: their middle, half their width
SIDE, SIDE_HALF = 168, 33  # the same of what stands on the shortcut
CONV, NORM, LINK = 26, 16, 46  # heights: of a convolution, of its normalisation, of the wire to the next


def block_figure(part: Part, option: str, wording: Mapping[str, str] = WORDS, reference: Part | None = None) -> str:
    """A block as SVG text. `option` is the network's shortcut ("A", "B", "C", "none"), for the arc's line.

    What is not as in the block `reference` gets `class="changed"`: a coloured ground and bold type. ValueError for stem
    and head.
    """
    if part.position is None:
        raise ValueError(f"only a block can be drawn in detail, and the {part.name} is none")
    changed = different(part, reference) if reference else set()
    content = [words(CENTRE, 14, "x", "italic middle"), words(CENTRE + 12, 14, shape_text(part.input_shape))]
    fork, y = 30.0, 50.0
    content.append(path("wire", "M", CENTRE, 20, "V", y))
    tops = []
    for index, conv in enumerate(part.convolutions):
        norm = next((row for row in part.branch if row.name == conv.name.replace("conv", "bn")), None)
        tops.append(y)
        content += [_tip(CENTRE, y), _layer(conv, wording, y, conv.name in changed)]
        y += CONV
        if norm:
            content.append(_norm(CENTRE, HALF, y, wording))
            y += NORM
        if index + 1 < len(part.convolutions):
            content += [path("wire", "M", CENTRE, y, "V", y + LINK), _relu(CENTRE, y + 14, wording)]
            content.append(_shape(conv, y + 38, f"{conv.name}.shape" in changed))
            y += LINK
    content.append(path("wire", "M", CENTRE, y, "V", y + 62))
    # beside the second convolution, where no shape stands between the two
    content.append(_shortcut(part, option, wording, (fork, y + 34), tops[1] + (CONV + NORM) / 2, changed))
    y += 62
    content += [_relu(CENTRE, y, wording), path("wire", "M", CENTRE, y + 8, "V", y + 22), _tip(CENTRE, y + 26)]
    y += 42
    content += [words(CENTRE, y, "y", "italic middle"), words(CENTRE + 12, y, shape_text(part.output_shape))]
    title = f"{wording[part.role]} {part.name}"
    return document(WIDTH, y + 10, title, *content, role="img", aria_label=title)


def different(part: Part, reference: Part) -> set[str]:
    """What of a block is not as in another one: names of its layers, "NAME.shape" for what only comes out otherwise,
    and "shortcut" for the whole way. Places in the network do not count."""
    changed = {"shortcut"} if part.way != reference.way else set()
    theirs = {_local(row): row for row in reference.rows}
    for row in part.rows:
        twin = theirs.get(_local(row))
        if twin is None or _own(row) != _own(twin):
            changed.add(row.name)
        if twin is None or row.output_shape != twin.output_shape:
            changed.add(f"{row.name}.shape")
    return changed


def _local(row: LayerRow) -> str:
    """ "conv1" of "layer2.0.conv1"."""
    return row.name.split(".", 2)[2]


def _own(row: LayerRow) -> tuple[object, ...]:
    """What a layer is, whatever size of picture flows through it."""
    return row.kind, row.input_shape[0], row.output_shape[0], row.stride


def _layer(conv: LayerRow, wording: Mapping[str, str], y: float, changed: bool) -> str:
    kernel = conv.kind.removeprefix("convolution ").replace("x", "×")
    parts = [wording["conv"].format(kernel=kernel, count=conv.output_shape[0])]
    if conv.stride > 1:
        parts.append(wording["stride"].format(stride=conv.stride))
    look, bold = (" changed", " bold") if changed else ("", "")
    return tag(
        "g",
        tag("rect", x=CENTRE - HALF, y=y, width=2 * HALF, height=CONV, rx=3, class_=f"box{look}"),
        words(CENTRE, y + 17, wording["comma"].join(parts), f"layer middle{bold}"),
        class_=f"layer{look}",
        data_layer=conv.name,
    )


def _norm(centre: float, half: float, y: float, wording: Mapping[str, str]) -> str:
    frame = tag("rect", x=centre - half, y=y, width=2 * half, height=NORM, rx=2, class_="box norm")
    return frame + words(centre, y + 12, wording["norm"], "small soft middle")


def _relu(x: float, y: float, wording: Mapping[str, str]) -> str:
    frame = tag("rect", x=x - 20, y=y - 8, width=40, height=16, rx=8, class_="pill")
    return frame + words(x, y + 4, wording["relu"], "small middle")


def _shape(row: LayerRow, y: float, changed: bool) -> str:
    text, look = shape_text(row.output_shape), "small soft changed bold" if changed else "small soft"
    mark = tag("rect", x=CENTRE + 3, y=y - 11, width=7.2 * len(text) + 6, height=15, class_="mark") if changed else ""
    return mark + words(CENTRE + 6, y, text, look)


def _shortcut(
    part: Part, option: str, wording: Mapping[str, str], ends: tuple[float, float], middle: float, changed: set[str]
) -> str:
    """The arc from the fork to the addition, and what stands on it; where there is none and should be, it says so."""
    look = f" {option}" if part.way in ("padding", "projection") else ""
    turned = " changed" if changed & {"shortcut", *(row.name for row in part.shortcut)} else ""
    if part.way == "none" and not turned:
        return ""
    lines = _shortcut_lines(part, wording)
    height = 10 + 14 * len(lines) + (NORM if len(part.shortcut) > 1 else 0)
    top, (fork, end) = middle - height / 2, ends
    frame = {"x": SIDE - SIDE_HALF, "y": top, "width": 2 * SIDE_HALF, "height": height, "rx": 4}
    content = [tag("rect", **frame, class_=f"sign{look}{turned}")]
    style = "small middle bold" if turned else "small middle"
    content += [words(SIDE, top + 15 + 14 * i, line, style) for i, line in enumerate(lines)]
    if len(part.shortcut) > 1:
        content.append(_norm(SIDE, SIDE_HALF, top + height - NORM, wording))
    if part.way != "none":
        steps = ("M", CENTRE, fork, "H", SIDE - 14, "q", 14, 0, 14, 14, "V", end - 14, "q", 0, 14, -14, 14)
        arc = path(f"arc{look}", *steps, "H", CENTRE + 13)
        dot = tag("circle", cx=CENTRE, cy=fork, r=2.4, class_="tip")
        tip = path("tip", "M", CENTRE + 7, end, "l", 6, -3.4, "v", 6.8, "Z")
        content = [arc, dot, tip, _tip(CENTRE, end - 6.5), plus(CENTRE, end), *content]
    return tag("g", *content, class_=f"shortcut{turned}", data_way=part.way)


def _shortcut_lines(part: Part, wording: Mapping[str, str]) -> list[str]:
    """What the shortcut does, in short lines."""
    if part.way in ("identity", "none"):
        return wording[part.way].split("|")
    first = part.shortcut[0]
    given, made, stride = first.input_shape[0], first.output_shape[0], first.stride
    if part.way == "projection":
        return [layer_text(first), *([wording["stride"].format(stride=stride)] if stride > 1 else [])]
    lines = wording["every"].format(stride=stride).split("|") if stride > 1 else []
    return lines + (wording["zeros"].format(count=made - given).split("|") if made > given else [])


def _tip(x: float, y: float) -> str:
    return path("tip", "M", x, y, "l", -3.4, -6, "h", 6.8, "Z")
