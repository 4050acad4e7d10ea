"""Runs, data sets, recorded answers and who may see them, for every tab and the API. Must not depend on Gradio."""
