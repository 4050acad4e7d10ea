"""The tab Classify: images, models, their answers, and where the models look; also at what a camera sees."""

from .layout import TAB, build
from .live import routes

__all__ = ["TAB", "build", "routes"]
