"""A picture of curves: a line for each SDK, both axes from 0."""

import html
import statistics

from chart import COLORS

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 260, 90, 44, 40, 30
LINES = {"cpp": "#2c7a3f", **COLORS}
TICKS = 5


def medians(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """One point for each x."""
    by_x: dict[float, list[float]] = {}
    for x, y in points:
        by_x.setdefault(x, []).append(y)
    return [(x, statistics.median(ys)) for x, ys in sorted(by_x.items())]


def curves(title: str, x_name: str, y_name: str, series: dict[str, list[tuple[float, float]]], names: dict) -> str:
    lines = {sdk: medians(points) for sdk, points in series.items()}
    greatest_x = max(x for line in lines.values() for x, _ in line) or 1
    greatest_y = 1.1 * max(y for line in lines.values() for _, y in line) or 1

    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + x / greatest_x * WIDTH, TOP + HEIGHT - y / greatest_y * HEIGHT

    drawn = []
    for tick in range(TICKS + 1):
        x, y = greatest_x * tick / TICKS, greatest_y * tick / TICKS
        across, down = place(x, 0)[0], place(0, y)[1]
        drawn.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{down:.1f}" y2="{down:.1f}" class="grid"/>')
        drawn.append(f'<text x="{LEFT - 6}" y="{down + 4:.1f}" text-anchor="end" class="n">{y:,.0f}</text>')
        drawn.append(f'<text x="{across:.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle" class="n">{x:,.0f}</text>')
    for index, (sdk, line) in enumerate(lines.items()):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in line))
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{LINES[sdk]}" stroke-width="2"/>')
        at = LEFT + 110 * index
        drawn.append(f'<rect x="{at}" y="12" width="10" height="10" fill="{LINES[sdk]}"/>')
        drawn.append(f'<text x="{at + 15}" y="21">{html.escape(names[sdk])}</text>')
    style = "text{font:12px sans-serif;fill:#222}.n{font-size:10px;fill:#555}.grid{stroke:#e4e4e4}"
    size = f"{LEFT + WIDTH + RIGHT} {TOP + HEIGHT + BOTTOM}"
    axes = [
        f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 36}" text-anchor="middle">{html.escape(x_name)}</text>',
        f'<text x="6" y="21">{html.escape(y_name)}</text>',
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img">'
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    return "\n".join([head, f"<title>{html.escape(title)}</title>", f"<style>{style}</style>", background, *drawn, *axes, "</svg>", ""])
