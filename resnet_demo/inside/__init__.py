"""Measurements inside a running model; must not depend on pages, the command line or drawings."""
