"""Latency by percentile as SVG. The horizontal axis has as much room from 90 to 99 as from 99 to 99.9, the vertical one
is logarithmic; colours are those of the page around it."""
import html
import math
import statistics

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 480, 80, 30, 70, 60
MARKS = (0, 50, 90, 99, 99.9, 99.99, 99.999)
COLOURS = 6


def middle(curves):
    """The median of the rounds at each percentile, as far as all of them reach."""
    return [(points[0][0], statistics.median(us for _, us in points)) for points in zip(*curves)]


def nines(percentile):
    return -math.log10(max(1e-12, 1 - percentile / 100))


def draw(curves):
    """One curve for each name, its points (percentile, microseconds)."""
    points = [point for curve in curves.values() for point in curve]
    if not points:
        return ""
    right = max(1.0, max(nines(percentile) for percentile, _ in points))
    low = 10 ** math.floor(math.log10(max(1.0, min(us for _, us in points))))
    high = max(low * 10, 10 ** math.ceil(math.log10(max(1.0, max(us for _, us in points)))))

    def x(percentile):
        return LEFT + nines(percentile) / right * (WIDTH - LEFT - RIGHT)

    def y(us):
        return HEIGHT - BOTTOM - math.log(max(us, low) / low) / math.log(high / low) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
             f'height="{HEIGHT}" font-size="13" role="img" aria-label="latency by percentile">']
    parts += axes(x, y, right, low, high)
    at, line_y = LEFT, 20
    for index, (name, curve) in enumerate(curves.items()):
        stroke = f'fill="none" stroke="var(--c{index % COLOURS})" stroke-width="2"'
        line = " ".join(f"{x(percentile):.1f},{y(us):.1f}" for percentile, us in curve)
        parts.append(f'<polyline {stroke} points="{line}"/>')
        room = 60 + int(7.5 * len(name))
        if at > LEFT and at + room > WIDTH:
            at, line_y = LEFT, line_y + 22
        parts.append(f'<line {stroke} x1="{at}" y1="{line_y}" x2="{at + 28}" y2="{line_y}"/>')
        parts.append(text(at + 34, line_y + 4, "start", name))
        at += room
    return "\n".join(parts + ["</svg>"])


def axes(x, y, right, low, high):
    parts = []
    for mark in MARKS:
        if nines(mark) <= right + 1e-9:
            parts.append(rule(x(mark), TOP, x(mark), HEIGHT - BOTTOM))
            parts.append(text(x(mark), HEIGHT - BOTTOM + 18, "middle", f"{mark:g} %"))
    value = low
    while value <= high:
        for us in (value, 2 * value, 5 * value):
            if us <= high:
                parts.append(rule(LEFT, y(us), WIDTH - RIGHT, y(us)))
                parts.append(text(LEFT - 8, y(us) + 4, "end", f"{us / 1000:g}"))
        value *= 10
    middle_y = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "middle", "percentile"))
    parts.append(f'<text x="20" y="{middle_y}" text-anchor="middle" transform="rotate(-90 20 {middle_y})">'
                 "milliseconds</text>")
    return parts


def rule(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="var(--faint)"/>'


def text(x, y, anchor, content):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(content)}</text>'
