"""Measurements inside a running model: activations, responses, cuts and their price. Must not depend on pages, the
command line or drawings."""
