"""The errors' own sentences as words of the page (`error.<code>`), and warnings about uploaded images."""

from __future__ import annotations

from ...errors import chinese, english

ENGLISH = {
    **{f"error.{code}": sentence for code, sentence in english.SENTENCES.items()},
    # what makes learning hard though not impossible: data.own.Preview.warnings
    "own.warn.few": "There are only {count} training images; results get better from about {most} on.",
    "own.warn.tiny": "Fewer than {least} training images: {names}.",
    "own.warn.uneven": "“{large}” has {most} training images, “{small}” only {least}: the model may rarely predict it.",
}

CHINESE = {
    **{f"error.{code}": sentence for code, sentence in chinese.SENTENCES.items()},
    "own.warn.few": "可用于训练的图像只有 {count} 张；从 {most} 张起可以期待更好的结果。",
    "own.warn.tiny": "可用于训练的图像少于 {least} 张：{names}。",
    "own.warn.uneven": "“{large}”有 {most} 张可用于训练的图像，“{small}”只有 {least} 张：模型可能很少预测后者。",
}
