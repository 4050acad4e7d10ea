"""Parts of the page that Gradio does not have: each a function that makes one component.

What a component shows is data. It reaches the page through `props` and is written with `textContent`, never
into a template: Gradio evaluates templates as JavaScript, so a name in them could run as code.
"""
