"""The web page: `python app.py`, which Spaces run, too."""

import sys

from resnet_demo.server import main

if __name__ == "__main__":
    sys.exit(main())
