"""Pictures and diagrams made from networks and results, to be looked at, downloaded and printed. It knows no page."""
