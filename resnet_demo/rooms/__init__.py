"""Rooms: a class of phones that sends images to a teacher, who accepts or removes them. Must not depend on pages."""
