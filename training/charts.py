"""Charts as inline SVG: pure functions from numbers to markup; a report opens anywhere, without a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

WIDTH, HEIGHT = 320, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 34
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
LONGEST = 23
# Space and bar for what is missing, to the right of the numbers.
GAP, ASIDE = 8, 22
# Tick texts of numbers lie at least so far apart.
APART = 44


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A stretch of an attribute: what it is called, its log-odds, how many leads stand in it."""

    name: str
    value: float
    leads: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A point of a calibration curve: promised and observed share, and the interval of the observed one."""

    promised: float
    observed: float
    low: float
    high: float


def calibration_chart(lines: dict[str, Sequence[Point]]) -> Markup:
    """Observed against promised shares of each family, the first with intervals; honest ones lie on the line."""
    parts = [_line(_across(0), _up(0), _across(1), _up(1), "ideal")]
    for number, points in reversed(list(enumerate(lines.values()))):
        path = " ".join(f"{_across(each.promised):.1f},{_up(each.observed):.1f}" for each in points)
        parts.append(f'<polyline class="family f{number}" points="{path}"/>')
    for each in next(iter(lines.values()), ()):
        parts.append(_line(_across(each.promised), _up(each.low), _across(each.promised), _up(each.high), "error"))
        said = f"promised {each.promised:.1%}, observed {each.observed:.1%}"
        parts.append(
            _titled(
                f'<circle class="dot" cx="{_across(each.promised):.1f}" cy="{_up(each.observed):.1f}" r="3.5"/>', said
            )
        )
    ticks = [0, 0.25, 0.5, 0.75, 1]
    parts += [_text(_across(tick), HEIGHT - 18, f"{tick:.0%}", "middle") for tick in ticks]
    parts += [_text(LEFT - 5, _up(tick) + 3, f"{tick:.0%}", "end") for tick in ticks]
    parts.append(_text(LEFT + PLOT_WIDTH / 2, HEIGHT - 4, "promised", "middle"))
    return _svg(parts, "Calibration: observed against promised conversion", WIDTH, HEIGHT)


def lift_chart(shares: Sequence[float], captured: Sequence[float], base: float) -> Markup:
    """The share that converts in each tenth as bars, the captured share of all who convert as a line."""
    step, top = PLOT_WIDTH / len(shares), max(*shares, 1e-9)
    parts = []
    for number, share in enumerate(shares):
        tall = share / top * PLOT_HEIGHT
        said = (
            f"tenth {number + 1}: {share:.1%} convert, lift {share / base:.2f}; {captured[number]:.1%} captured so far"
        )
        bar = _rect(LEFT + number * step + 2, TOP + PLOT_HEIGHT - tall, step - 4, tall, "bar")
        parts += [_titled(bar, said), _text(LEFT + (number + 0.5) * step, HEIGHT - 18, f"{number + 1}", "middle")]
    level = TOP + PLOT_HEIGHT * (1 - base / top)
    parts.append(_line(LEFT, level, LEFT + PLOT_WIDTH, level, "ideal"))
    path = " ".join(
        f"{LEFT + (number + 1) * step:.1f},{TOP + PLOT_HEIGHT * (1 - share):.1f}"
        for number, share in enumerate(captured)
    )
    parts.append(f'<polyline class="captured" points="{LEFT},{TOP + PLOT_HEIGHT} {path}"/>')
    parts += [_text(LEFT - 5, TOP + PLOT_HEIGHT * (1 - tick) + 3, f"{tick * top:.0%}", "end") for tick in (0, 0.5, 1)]
    parts.append(_text(LEFT + PLOT_WIDTH / 2, HEIGHT - 4, "tenths of leads, best first", "middle"))
    return _svg(parts, "Conversion by tenth, and captured share", WIDTH, HEIGHT)


def number_chart(steps: Sequence[Step], edges: Sequence[float], missing: Step, reach: float) -> Markup:
    """The shape of a number: each cell as wide as the leads in it, as tall as its log-odds; missing ones beside."""
    total = max(sum(each.leads for each in steps), 1)
    wide = PLOT_WIDTH - (GAP + ASIDE if missing.leads else 0)
    zero = TOP + PLOT_HEIGHT / 2
    parts, x, last = [_line(LEFT, zero, WIDTH - RIGHT, zero, "axis")], float(LEFT), -1e9
    for number, each in enumerate(steps):
        width = each.leads / total * wide
        parts.append(_titled(_column(x, width, each.value, reach), _said(each)))
        x += width
        if number < len(edges) and x - last >= APART and LEFT + wide - x > 8:
            parts += [
                _line(x, TOP + PLOT_HEIGHT, x, TOP + PLOT_HEIGHT + 4, "axis"),
                _text(x, HEIGHT - 18, f"{edges[number]:.4g}", "middle"),
            ]
            last = x
    if missing.leads:
        parts.append(_titled(_column(x + GAP, ASIDE, missing.value, reach, "bar missing"), _said(missing)))
        parts.append(_text(x + GAP + ASIDE / 2, HEIGHT - 18, "none", "middle"))
    parts.append(_text(LEFT + wide / 2, HEIGHT - 4, "as wide as the leads between these values", "middle"))
    return _svg([*parts, *_reach(reach)], "log-odds by value", WIDTH, HEIGHT)


def category_chart(steps: Sequence[Step], reach: float) -> Markup:
    """The shape of a category: a bar for each level, those that speak for the lead on top."""
    row, left = 18, 168
    height, middle = row * len(steps) + 22, left + (WIDTH - left) / 2
    scale = (WIDTH - left - RIGHT) / 2 / reach
    parts = [_line(middle, 4, middle, height - 18, "axis")]
    for number, each in enumerate(sorted(steps, key=lambda step: -step.value)):
        y, long = 4 + number * row, min(abs(each.value), reach) * scale
        kind = "bar" if each.value >= 0 else "bar against"
        parts.append(
            _titled(
                _rect(middle if each.value >= 0 else middle - long, y + 2, max(long, 0.8), row - 5, kind), _said(each)
            )
        )
        parts.append(_text(left - 6, y + 12, f"{_cut(each.name)} ({each.leads:,})", "end"))
    parts += [
        _text(middle + side * reach * scale, height - 5, f"{side * reach:+.2g}", "end" if side > 0 else "start")
        for side in (-1, 1)
    ]
    return _svg(parts, "log-odds by level", WIDTH, height)


def pair_chart(rows: Sequence[Step], columns: Sequence[Step], values: Sequence[Sequence[float]]) -> Markup:
    """What two attributes add together: a field for each pair of stretches, blue for and rust against the lead.

    `rows` and `columns` name the stretches; `values` has a log-odds for each row and column.
    """
    reach = max(1e-9, *(abs(value) for line in values for value in line))
    left, bottom, width, height = 118, 74, 420, 300
    across, down = _places(columns, width - left - RIGHT), _places(rows, height - TOP - bottom)
    parts = []
    for (y, tall), line, row in zip(down, values, rows, strict=True):
        for (x, wide), value, column in zip(across, line, columns, strict=True):
            kind = "for" if value >= 0 else "against"
            where = f'x="{left + x:.1f}" y="{TOP + y:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
            field = f'<rect class="field {kind}" {where} fill-opacity="{abs(value) / reach:.3f}"/>'
            parts.append(_titled(field, f"{row.name} and {column.name}: {value:+.2f}"))
    last = -1e9
    for (y, tall), row in zip(down, rows, strict=True):
        if y + tall / 2 - last >= 11:
            parts.append(_text(left - 5, TOP + y + tall / 2 + 3, _cut(row.name, 20), "end"))
            last = y + tall / 2
    last = -1e9
    for (x, wide), column in zip(across, columns, strict=True):
        place = left + x + wide / 2
        if place - last >= 12:
            tilt = f'transform="rotate(-40 {place:.1f} {height - bottom + 14})" text-anchor="end"'
            name = Markup.escape(_cut(column.name, 16))
            parts.append(f'<text x="{place:.1f}" y="{height - bottom + 14}" {tilt}>{name}</text>')
            last = place
    return _svg(parts, "log-odds that two attributes add together", width, height)


def merged(steps: Sequence[Step], kinds: Sequence[int]) -> list[tuple[Step, int]]:
    """Neighbouring stretches of one kind as one stretch, named from the first to the last, with their kind."""
    found = []
    for kind, run in groupby(zip(steps, kinds, strict=True), key=lambda each: each[1]):
        inside = [step for step, _ in run]
        first, last = inside[0].name, inside[-1].name
        name = first if first == last else f"{first} ... {last}"
        found.append((Step(name=name, value=0.0, leads=sum(each.leads for each in inside)), kind))
    return found


def _across(share: float) -> float:
    return LEFT + share * PLOT_WIDTH


def _up(share: float) -> float:
    return TOP + (1 - share) * PLOT_HEIGHT


def _places(steps: Sequence[Step], size: float) -> list[tuple[float, float]]:
    """Where each stretch begins and how long it is: half shared out evenly, half by leads."""
    total = max(sum(each.leads for each in steps), 1)
    sizes = [size * (0.5 / len(steps) + 0.5 * each.leads / total) for each in steps]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return list(zip(starts, sizes, strict=True))


def _column(x: float, width: float, value: float, reach: float, kind: str = "bar") -> str:
    zero, tall = TOP + PLOT_HEIGHT / 2, min(abs(value) / reach, 1) * PLOT_HEIGHT / 2
    return _rect(
        x, zero - tall if value >= 0 else zero, width, max(tall, 0.8), kind if value >= 0 else f"{kind} against"
    )


def _reach(reach: float) -> list[str]:
    return [
        _text(LEFT - 5, TOP + PLOT_HEIGHT * (1 - side) / 2 + 3, f"{side * reach:+.2g}" if side else "0", "end")
        for side in (-1, 0, 1)
    ]


def _said(step: Step) -> str:
    return f"{step.name}: {step.value:+.3f} ({step.leads:,} leads)"


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _svg(parts: Sequence[str], label: str, width: float, height: float) -> Markup:
    inside = "".join(parts)
    return Markup(f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{Markup.escape(label)}">{inside}</svg>')


def _titled(shape: str, said: str) -> str:
    return f"<g>{shape}<title>{Markup.escape(said)}</title></g>"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{Markup.escape(text)}</text>'


def _line(x: float, y: float, to_x: float, to_y: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"/>'


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
