"""The history of a gate as lines: one for each load, a point for each run."""
from lab.curves import BOTTOM, COLOURS, HEIGHT, LEFT, RIGHT, TOP, WIDTH, rule, text


def draw(history):
    """Of its entries, the oldest first: the ratio of the new build to its base."""
    names = list(dict.fromkeys(name for entry in history for name in entry["loads"]))
    values = [load["ratio"] for entry in history for load in entry["loads"].values()]
    low, high = min(0.95, *values), max(1.05, *values)

    def x(index):
        return LEFT + index / max(1, len(history) - 1) * (WIDTH - LEFT - RIGHT)

    def y(ratio):
        return HEIGHT - BOTTOM - (ratio - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
             f'height="{HEIGHT}" font-size="13" role="img" aria-label="history">']
    for ratio in (low, 1.0, high):
        parts += [rule(LEFT, y(ratio), WIDTH - RIGHT, y(ratio)), text(LEFT - 8, y(ratio) + 4, "end", f"{ratio:.2f}")]
    for index in {0, len(history) - 1}:
        anchor = "start" if index == 0 else "end"
        parts.append(text(x(index), HEIGHT - BOTTOM + 18, anchor, f"{history[index]['time'][:10]} "
                                                                  f"{history[index]['new'][-24:]}"))
    for place, name in enumerate(names):
        # more loads than colours: the second time around they are dashed
        dash = ' stroke-dasharray="6 4"' if place // COLOURS % 2 else ""
        stroke = f'fill="none" stroke="var(--c{place % COLOURS})" stroke-width="2"{dash}'
        points = " ".join(f"{x(index):.1f},{y(entry['loads'][name]['ratio']):.1f}"
                          for index, entry in enumerate(history) if name in entry["loads"])
        column, line = place % 5, place // 5
        at, top = LEFT + column * 155, 16 + line * 18
        parts += [f'<polyline {stroke} points="{points}"/>',
                  f'<line {stroke} x1="{at}" y1="{top - 4}" x2="{at + 22}" y2="{top - 4}"/>',
                  text(at + 28, top, "start", name)]
    return "\n".join(parts + ["</svg>"])
