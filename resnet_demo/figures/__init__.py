"""Pictures and diagrams made from networks and results, to be looked at, downloaded and printed. Must not depend on a
page."""
