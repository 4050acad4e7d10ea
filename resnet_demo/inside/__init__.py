"""Measurements inside a running model: activations, cuts, heat maps. Must not depend on pages, commands or drawings."""
