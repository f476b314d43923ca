"""Drawings of the performance records, as SVG without anything from elsewhere. They follow the reader's dark or light mode."""

import math
from html import escape

import records

STYLE = """
:root { --ink: #1f2328; --dim: #59636e; --grid: #d1d9e0; --ours: #0969da; --peer: #bc4c00; --page: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --dim: #9198a1; --grid: #3d444d; --ours: #58a6ff; --peer: #f0883e; --page: #0d1117; }
}
svg { font: 12px system-ui, sans-serif; }
text { fill: var(--ink); stroke: var(--page); stroke-width: 3px; paint-order: stroke; }
.dim { fill: var(--dim); }
.title { font-weight: 600; }
.grid { stroke: var(--grid); }
.even { stroke: var(--ink); stroke-dasharray: 4 3; }
.ours { fill: var(--ours); stroke: var(--ours); }
.peer { fill: var(--peer); stroke: var(--peer); }
.line { fill: none; stroke-width: 2; }
.whisker { stroke-width: 1.5; }
.over { stroke: var(--ink); stroke-width: 1.5; }
text.ours, text.peer { stroke: var(--page); }
"""

# Of drawings with more than two things in them; each is readable on white and on black.
COLOURS = ["#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#9a6700", "#57606a", "#1b7c83", "#cf222e", "#6e7781"]

SHOWN = ["encode_s", "step_s", "decode_s", "total_s", "peak_rss_bytes", "peak_gpu_bytes"]


def ticks(most):
    """Round numbers from 0 to at least `most`, four to six of them."""
    step = 10 ** math.floor(math.log10(most / 4))
    step = next(step * factor for factor in (1, 2, 2.5, 5, 10) if most / (step * factor) <= 5)
    return [i * step for i in range(math.ceil(most / step - 1e-9) + 1)]


def number(value):
    """Three digits that count."""
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if value else "0"


def svg(width, height, title, body, style=""):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}">{f"<style>{style}</style>" if style else ""}{"".join(body)}</svg>'
    )


def text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def shown(record):
    return [figure for figure in records.figures(record) if figure in SHOWN]


def ratio_bars(newest, style=""):
    """A bar for each figure of each record: how many times less we take than the peer."""
    left, right, width, row = 150, 560, 780, 24
    # As much as the peer takes is always on the scale.
    marks = ticks(max(1.2, *(records.ratio(record, figure)[2] for record in newest for figure in shown(record))))

    def x(value):
        return left + (right - left) * value / marks[-1]

    body, y = [], 20
    for record in newest:
        body.append(text(0, y, records.label(record), "title"))
        y += 10
        bottom = y + row * len(shown(record))
        body += [line(x(mark), y, x(mark), bottom, "grid") for mark in marks]
        for i, figure in enumerate(shown(record)):
            body += bar(record, figure, x, left, y + i * row, row)
        body.append(line(x(1), y, x(1), bottom, "even"))
        y = bottom + 28
    y -= 12
    body += [text(x(mark), y, f"{mark:g}×", "dim", "middle") for mark in marks]
    peer = newest[-1]["peer"]["peer"]
    body.append(text(left, y + 20, f"times less than {peer} takes; dashed: as much; whiskers: least and most of all pairs", "dim"))
    return svg(width, y + 30, f"Time and memory against {peer}", body, style)


def bar(record, figure, x, left, y, row):
    name, divisor, unit = records.FIGURES[figure]
    least, median, most = records.ratio(record, figure)
    mine, theirs = (number(records.side(record, who, figure)[1] / divisor) for who in ("ours", "peer"))
    middle = y + row / 2
    words = f"{median:.2f}×"
    return [
        text(left - 8, middle + 4, name, anchor="end"),
        f'<rect x="{left}" y="{y + 4}" width="{x(median) - left:.1f}" height="{row - 8}" class="ours">'
        f"<title>{escape(f'{name}: {least:.2f}× to {most:.2f}×')}</title></rect>",
        line(x(least), middle, x(most), middle, "over"),
        line(x(least), middle - 4, x(least), middle + 4, "over"),
        line(x(most), middle - 4, x(most), middle + 4, "over"),
        text(x(most) + 8, middle + 4, words, "title"),
        text(x(most) + 54, middle + 4, f"{mine} {unit} against {theirs} {unit}", "dim"),
    ]


def tradeoff(quality, style=""):
    """How many steps each variant spares and what that costs in PSNR: the mean over the prompts, and down to the least."""
    left, right, top, bottom, width, height = 52, 620, 40, 280, 780, 330
    variants = sorted(quality["variants"], key=spared)
    across = ticks(max(spared(variant) for variant in variants))
    up = ticks(max(variant["mean_psnr"] for variant in variants))

    def x(value):
        return left + (right - left) * value / across[-1]

    def y(value):
        return bottom - (bottom - top) * value / up[-1]

    body = [text(0, 14, "PSNR against the video without, dB: mean of all prompts, whiskers down to the least", "title")]
    for mark in up:
        body += [line(left, y(mark), right, y(mark), "grid"), text(left - 6, y(mark) + 4, f"{mark:g}", "dim", "end")]
    for mark in across:
        body += [line(x(mark), top, x(mark), bottom, "grid"), text(x(mark), bottom + 16, f"{mark:g}", "dim", "middle")]
    points = " ".join(f"{x(spared(v)):.1f},{y(v['mean_psnr']):.1f}" for v in variants)
    body.append(f'<polyline points="{points}" class="line ours" style="fill: none"/>')
    for variant in variants:
        at, mean, least = x(spared(variant)), y(variant["mean_psnr"]), y(variant["min_psnr"])
        body.append(line(at, least, at, mean, "whisker ours"))
        body.append(f'<circle cx="{at:.1f}" cy="{mean:.1f}" r="4" class="ours"/>')
        body.append(text(at + 8, mean - 8, variant["variant"], "dim"))
    body.append(text(left, bottom + 36, f"steps of a generation that reuse an earlier one, mean of all prompts, {quality['model']}", "dim"))
    return svg(width, height, "What reusing steps gives and costs", body, style)


def spared(variant):
    """Steps that were not computed, in the mean."""
    prompts = variant["prompts"]
    return sum(prompt["reused_steps"] for prompt in prompts) / len(prompts)


def timeline(series, figure, style=""):
    """A figure of all records of one machine and settings, ours and the peer's, the oldest at the left."""
    left, right, top, bottom, width, height = 52, 370, 40, 170, 390, 215
    name, divisor, unit = records.FIGURES[figure]
    spreads = {who: [[v / divisor for v in records.side(r, who, figure)] for r in series] for who in ("ours", "peer")}
    marks = ticks(max(most for values in spreads.values() for _, _, most in values))
    gap = (right - left) / max(1, len(series))

    def x(index):
        return left + gap * (index + 0.5)

    def y(value):
        return bottom - (bottom - top) * value / marks[-1]

    body = [text(0, 14, f"{name}, {unit}", "title")]
    for mark in marks:
        body += [line(left, y(mark), right, y(mark), "grid"), text(left - 6, y(mark) + 4, f"{mark:g}", "dim", "end")]
    for who, values in spreads.items():
        points = " ".join(f"{x(i):.1f},{y(median):.1f}" for i, (_, median, _) in enumerate(values))
        body.append(f'<polyline points="{points}" class="line {who}" style="fill: none"/>')
        for i, (least, median, most) in enumerate(values):
            hint = f"{series[i]['commit']}, {series[i]['date']}: {median:.3f} {unit} ({least:.3f} to {most:.3f})"
            body.append(line(x(i), y(least), x(i), y(most), f"whisker {who}"))
            body.append(f'<circle cx="{x(i):.1f}" cy="{y(median):.1f}" r="4" class="{who}"><title>{escape(hint)}</title></circle>')
    every = math.ceil(len(series) / 4)
    for i in range(0, len(series), every):
        body.append(text(x(i), bottom + 16, series[i]["date"][:10], "dim", "middle"))
        body.append(text(x(i), bottom + 30, str(series[i]["commit"])[:9], "dim", "middle"))
    body += [text(right - 120, 14, "● ours", "ours"), text(right - 65, 14, "● " + series[-1]["peer"]["peer"].split()[0], "peer")]
    return svg(width, height, f"{name} over time", body, style)


def frame(title, words, across, up, below, width=780, height=330):
    """Axes from 0 with round marks: their drawing, and how values become places."""
    left, right, top, bottom = 60, width - 210, 40, height - 50

    def x(value):
        return left + (right - left) * value / across[-1]

    def y(value):
        return bottom - (bottom - top) * value / up[-1]

    body = [text(0, 14, words, "title")]
    for mark in up:
        body += [line(left, y(mark), right, y(mark), "grid"), text(left - 6, y(mark) + 4, f"{mark:,g}", "dim", "end")]
    for mark in across:
        body += [line(x(mark), top, x(mark), bottom, "grid"), text(x(mark), bottom + 16, f"{mark:,g}", "dim", "middle")]
    body.append(text(left, bottom + 36, below, "dim"))
    return body, x, y, lambda: svg(width, height, title, body, STYLE)


def key(body, names, x=590, y=50):
    """Which colour is what."""
    for i, name in enumerate(names):
        body.append(f'<rect x="{x}" y="{y + 20 * i - 9}" width="10" height="10" fill="{COLOURS[i]}"/>')
        body.append(text(x + 16, y + 20 * i, name))


def courses(title, words, below, series):
    """A line for each of `series`: a name and its (across, up) pairs."""
    across = ticks(max(at for _, pairs in series for at, _ in pairs))
    up = ticks(max(value for _, pairs in series for _, value in pairs))
    body, x, y, drawing = frame(title, words, across, up, below)
    for i, (_, pairs) in enumerate(series):
        places = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in pairs)
        body.append(f'<polyline points="{places}" class="line" style="stroke: {COLOURS[i]}"/>')
    key(body, [name for name, _ in series])
    return drawing()


def spots(title, words, below, named):
    """A spot for each (name, across, up)."""
    body, x, y, drawing = frame(title, words, ticks(max(a for _, a, _ in named)), ticks(max(u for _, _, u in named)), below)
    for i, (name, at, value) in enumerate(named):
        hint = escape(f"{name}: {at:g}, {value:g}")
        body.append(f'<circle cx="{x(at):.1f}" cy="{y(value):.1f}" r="6" fill="{COLOURS[i]}"><title>{hint}</title></circle>')
    key(body, [name for name, _, _ in named])
    return drawing()


def groups(title, words, below, names, rows):
    """Bars side by side: for each of `rows`, a label and a value for each of `names`."""
    up = ticks(max(value for _, values in rows for value in values))
    body, _, y, drawing = frame(title, words, [], up, below)
    room = 510 / len(rows)
    wide = 0.8 * room / len(names)
    for i, (label, values) in enumerate(rows):
        body.append(text(60 + room * (i + 0.5), 296, label, "dim", "middle"))
        for j, value in enumerate(values):
            left = 60 + room * (i + 0.1) + wide * j
            body.append(f'<rect x="{left:.1f}" y="{y(value):.1f}" width="{wide - 2:.1f}" height="{y(0) - y(value):.1f}" fill="{COLOURS[j]}"/>')
            body.append(text(left + wide / 2, y(value) - 4, f"{value:.0f}", "dim", "middle"))
    key(body, names)
    return drawing()
