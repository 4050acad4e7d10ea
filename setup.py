"""What pyproject.toml cannot say: an installed copy has the published runs and the images in its package.

An editable install (`pip install -e .`) needs no copies: it uses the folders of the checkout.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("assets", "weights")
NOT_USED = ("screenshots", "*.py", "__pycache__")  # what only the README shows, and what made the rest


class BuildWithFolders(build_py):
    """`build_py`, and the folders that the page reads, where `resnet_demo/places.py` looks for them."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        shipped = Path(self.build_lib, "resnet_demo", "shipped")
        shutil.rmtree(shipped, ignore_errors=True)  # of an earlier build, whose runs may be gone
        for folder in SHIPPED:
            shutil.copytree(folder, shipped / folder, ignore=shutil.ignore_patterns(*NOT_USED))


setup(cmdclass={"build_py": BuildWithFolders})
