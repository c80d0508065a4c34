"""The app's own colours: calm, high in contrast, one dark and one light.

Colour never stands alone: whatever it says is also said by a word or a mark.
"""

from __future__ import annotations

from textual.theme import Theme

NIGHT = Theme(
    name="handoff-night",
    dark=True,
    primary="#8ec7c4",  # quiet teal: what is yours to do
    secondary="#a8b9cc",
    accent="#e9bd7a",  # warm amber: what only you can see
    foreground="#e8ebe9",
    background="#11171d",
    surface="#182129",
    panel="#212c36",
    success="#9ccb98",
    warning="#e9bd7a",
    error="#f0a08f",
    variables={
        "footer-background": "#182129",
        "footer-foreground": "#c3ccd4",
        "footer-description-foreground": "#c3ccd4",
        "footer-key-foreground": "#8ec7c4",
        "border": "#8ec7c4",
        "border-blurred": "#33424f",
        "block-cursor-background": "#2c4a52",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#243540",
        "block-cursor-blurred-foreground": "#e8ebe9",
        "input-selection-background": "#8ec7c4 35%",
        "scrollbar": "#33424f",
        "scrollbar-background": "#11171d",
        "scrollbar-corner-color": "#11171d",
        "quiet": "#a3b0bb",
        "rule": "#33424f",
    },
)

DAY = Theme(
    name="handoff-day",
    dark=False,
    primary="#0f6469",
    secondary="#465768",
    accent="#8a5200",
    foreground="#1b242c",
    background="#f7f5ef",
    surface="#fffdf8",
    panel="#ebe7dc",
    success="#2d6a31",
    warning="#8a5200",
    error="#a3301b",
    variables={
        "footer-background": "#ebe7dc",
        "footer-foreground": "#33404b",
        "footer-description-foreground": "#33404b",
        "footer-key-foreground": "#0f6469",
        "border": "#0f6469",
        "border-blurred": "#c9c2b2",
        "block-cursor-background": "#cfe4e2",
        "block-cursor-foreground": "#0b2022",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#e2ebe6",
        "block-cursor-blurred-foreground": "#1b242c",
        "input-selection-background": "#0f6469 30%",
        "scrollbar": "#c9c2b2",
        "scrollbar-background": "#f7f5ef",
        "scrollbar-corner-color": "#f7f5ef",
        "quiet": "#55616c",
        "rule": "#c9c2b2",
    },
)
