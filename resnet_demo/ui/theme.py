"""The look: a calm textbook figure. White or near-black space, one accent, system fonts, light and dark.

Colours are from the Okabe-Ito palette. It knows no component; what Gradio's variables cannot say is in
`web/page.css`.
"""

from __future__ import annotations

import gradio as gr

FONTS = (
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Noto Sans",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei",
    "sans-serif",
)
CODE_FONTS = ("ui-monospace", "SFMono-Regular", "Consolas", "Liberation Mono", "monospace")

ACCENT = gr.themes.Color(
    "#eef6fb", "#d8eaf5", "#b3d6ea", "#86bddc", "#56b4e9", "#0072b2", "#00639c", "#005181", "#003f65",
    "#002d49", "#001c2e", name="blue-of-okabe-and-ito",
)  # fmt: skip
GREY = gr.themes.Color(
    "#fafafa", "#f4f4f5", "#e4e4e7", "#d1d1d6", "#a1a1aa", "#6b7280", "#52525b", "#3a3a40", "#242428",
    "#18181b", "#0e0e10", name="grey",
)  # fmt: skip
# Gradio's own, but for what would be smaller than 12 px
TYPE = gr.themes.Size(xxs="12px", xs="12px", sm="12px", md="14px", lg="16px", xl="22px", xxl="26px", name="legible")


def theme() -> gr.themes.Base:
    """Gradio's base theme in our colours, without shadows, gradients or fonts to fetch."""
    return gr.themes.Base(
        primary_hue=ACCENT,
        secondary_hue=ACCENT,
        neutral_hue=GREY,
        radius_size=gr.themes.sizes.radius_sm,
        text_size=TYPE,
        font=FONTS,
        font_mono=CODE_FONTS,
    ).set(
        body_background_fill="white",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        background_fill_primary_dark="*neutral_950",
        background_fill_secondary_dark="*neutral_900",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_shadow_dark="none",
        block_padding="0",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_title_text_weight="600",
        block_title_text_color="*body_text_color",
        block_title_text_color_dark="*body_text_color",
        input_background_fill="white",
        input_border_width="1px",
        input_border_color="*neutral_300",
        input_border_color_dark="*neutral_700",
        input_background_fill_dark="*neutral_900",
        input_border_color_focus="*primary_500",
        input_border_color_focus_dark="*primary_400",
        color_accent="*primary_500",
        border_color_accent="*primary_500",
        link_text_color="*primary_500",
        link_text_color_dark="*primary_400",
    )
