"""The errors' own sentences as words of the page (`error.<code>`), and warnings about uploaded images."""

from __future__ import annotations

from ...errors import chinese, english

ENGLISH = {
    **{f"error.{code}": sentence for code, sentence in english.SENTENCES.items()},
    # what makes learning hard though not impossible: data.own.Preview.warnings
    "own.warn.few": "There are only {count} pictures to learn from; from {most} on more can be expected.",
    "own.warn.tiny": "Fewer than {least} pictures to learn from: {names}.",
    "own.warn.uneven": "“{large}” has {most} pictures to learn from, “{small}” only {least}: expect few answers of it.",
}

CHINESE = {
    **{f"error.{code}": sentence for code, sentence in chinese.SENTENCES.items()},
    "own.warn.few": "可用于训练的图片只有 {count} 张；从 {most} 张起可以期待更好的结果。",
    "own.warn.tiny": "可用于训练的图片少于 {least} 张：{names}。",
    "own.warn.uneven": "“{large}”有 {most} 张可用于训练的图片，“{small}”只有 {least} 张：网络可能很少给出后者。",
}
