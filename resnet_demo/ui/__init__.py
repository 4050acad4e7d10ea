"""The web page: one module a tab, `components/` for what several tabs use, `text` for every word it shows.

Gradio is imported here and nowhere else.
"""
