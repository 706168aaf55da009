"""A picture of ratios: for each figure a row, for each other SDK a bar that says how many times better or worse we are."""

import html
import math

from measured import Entry

ROW, BAR, LEFT, WIDTH, RIGHT = 24, 14, 330, 520, 70
COLORS = {"go": "#0f7fb8", "rust": "#b3541e", "python": "#8a6d00"}
# The axis goes from 1/AXIS to AXIS, in powers of two.
AXIS = 5


def ratios(entries: list[Entry], names: dict) -> str:
    rows = []
    y = 46
    middle = LEFT + WIDTH / 2
    for entry in entries:
        others = [sdk for sdk in entry.sdks if sdk != "cpp"]
        label = html.escape(f"{entry.job}, {entry.figure}")
        rows.append(f'<text x="{LEFT - 10}" y="{y + BAR * len(others) / 2 + 4:.0f}" text-anchor="end">{label}</text>')
        for sdk in others:
            if not entry.ratios(sdk) or (ratio := entry.ratio(sdk)) <= 0:
                continue  # nothing to divide by
            better = ratio if entry.more_is_better else 1 / ratio
            length = max(-1.0, min(1.0, math.log2(better) / AXIS)) * WIDTH / 2
            x = middle if length >= 0 else middle + length
            rows.append(f'<rect x="{x:.1f}" y="{y}" width="{abs(length):.1f}" height="{BAR - 3}" fill="{COLORS[sdk]}"/>')
            anchor, at = ("start", middle + length + 4) if length >= 0 else ("end", middle + length - 4)
            rows.append(f'<text x="{at:.1f}" y="{y + BAR - 4}" text-anchor="{anchor}" class="n">{better:.2f}x</text>')
            y += BAR
        y += ROW - BAR
    height = y + 10
    grid = []
    for power in range(-AXIS, AXIS + 1):
        x = middle + power / AXIS * WIDTH / 2
        name = f"{2**power}x" if power >= 0 else f"1/{2**-power}"
        grid.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="36" y2="{height - 8}" class="{"one" if power == 0 else "grid"}"/>')
        grid.append(f'<text x="{x:.1f}" y="30" text-anchor="middle" class="n">{name}</text>')
    keys = []
    for index, sdk in enumerate(COLORS):
        x = 10 + 95 * index
        keys.append(f'<rect x="{x}" y="8" width="10" height="10" fill="{COLORS[sdk]}"/>')
        keys.append(f'<text x="{x + 15}" y="17">than {html.escape(names[sdk])}</text>')
    style = "text{font:12px sans-serif;fill:#222}.n{font-size:10px;fill:#555}.grid{stroke:#e4e4e4}.one{stroke:#555}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" role="img">'
    title = "<title>How many times better Hourglass is</title>"
    background = f'<rect width="100%" height="{height}" fill="#fff"/>'
    return "\n".join([head, title, f"<style>{style}</style>", background, *keys, *grid, *rows, "</svg>", ""])
