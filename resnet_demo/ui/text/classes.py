"""Chinese names for the classes of the built-in data sets. What users called their own classes stays as it is."""

from __future__ import annotations

from ...data.shapes import CLASSES, CLASSES_ZH
from ...data.sources import HUB_SOURCES

CIFAR10 = ("飞机", "汽车", "鸟", "猫", "鹿", "狗", "青蛙", "马", "船", "卡车")
FASHION = ("T恤", "裤子", "套头衫", "连衣裙", "外套", "凉鞋", "衬衫", "运动鞋", "包", "短靴")
CHINESE = {
    CLASSES: CLASSES_ZH,
    HUB_SOURCES["cifar10"].classes: CIFAR10,
    HUB_SOURCES["fashion-mnist"].classes: FASHION,
}


def class_names(classes: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The classes as a page in `language` shows them; only the lists of the built-in data sets are translated."""
    return CHINESE.get(classes, classes) if language == "zh" else classes
