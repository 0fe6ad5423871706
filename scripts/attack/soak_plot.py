"""What scripts/attack/soak saw of scoring and opening is checked, and all of it drawn: soak_plot.py FOLDER [FILE.svg]."""
import json
import pathlib
import re
import statistics
import sys

LINE = re.compile(
    r"(?P<when>\d+) (?P<doing>samples|openings) +active (?P<active>[\d.]+) MB, cache (?P<cache>[\d.]+) MB, peak [\d.]+ MB, "
    r"live arrays (?P<arrays>\d+), resident (?P<resident>\d+) MB, threads (?P<threads>\d+), descriptors (?P<descriptors>\d+)"
)
FLAT = 0.05  # share of itself by which memory may move; counts may grow by the connections of eight clients
WIDTH, STRIP, LEFT, TOP = 840, 46, 28, 34
SHOWN = [("resident", "resident memory, MB", "r"), ("active", "held by MLX, MB", "a"), ("threads", "threads", "t"), ("descriptors", "descriptors", "d")]
STYLE = """text{font:13px system-ui,sans-serif;fill:#1c2733}.h{font-weight:600}.q{fill:#5b6b7b}path{fill:none;stroke-width:1.6}
.g{stroke:#d5dde5}.r{stroke:#b3470f}.a{stroke:#1f6fb2}.t{stroke:#3b7d3b}.d{stroke:#7a4fa3}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.q{fill:#9aa8b5}.g{stroke:#36424e}.r{stroke:#f0884a}.a{stroke:#62b0ee}.t{stroke:#7cc47c}.d{stroke:#bb95e0}}"""


def served(folder):
    lines = [json.loads(line) for line in (folder / "serve.jsonl").read_text().splitlines()]
    return [{**l, "when": l["time"], "resident": l["resident"] / 1e6, "active": l["active"] / 1e6} for l in lines]


def measured(folder, doing):
    found = [m.groupdict() for m in map(LINE.match, (folder / "score.txt").read_text().splitlines()) if m and m["doing"] == doing]
    return [{name: value if name == "doing" else float(value) for name, value in line.items()} for line in found]


def check(what, lines):
    """The first quarter is the warm-up: caches fill, heaps reach their size. After it memory is flat and counts do not grow."""
    lines, holds = lines[len(lines) // 4 :], True
    for name in "resident", "active", "arrays", "threads", "descriptors":
        values = [line[name] for line in lines if name in line]
        if values and name in ("resident", "active"):
            moved = (max(values) - min(values)) / (statistics.median(values) or 1)
            kept, words = moved <= FLAT, f"{min(values):,.0f} to {max(values):,.0f} MB, {moved:.1%} apart, at most {FLAT:.0%}"
        elif values:
            kept, words = values[-1] <= values[0] + 9, f"{values[0]:g} at first, {values[-1]:g} at the end"
        else:
            continue
        print(f"{'ok    ' if kept else 'FAILS '}{what}, {name}: {words}")
        holds = holds and kept
    return holds


def panel(number, title, unit, lines):
    """Curves below each other over time or count, each from 0 to its own maximum, which is written beside it."""
    y, right = TOP + number * (len(SHOWN) * STRIP + 64), WIDTH - 190
    start, end = lines[0]["when"], lines[-1]["when"]
    parts = [f'<text class="h" x="{LEFT}" y="{y - 12}">{title}</text>']
    for name, words, style in SHOWN:
        base, top = y + STRIP - 8, max(line[name] for line in lines) or 1
        points = [f"{LEFT + (line['when'] - start) / (end - start) * (right - LEFT):.1f} {base - (STRIP - 14) * line[name] / top:.1f}" for line in lines]
        least, most = (f"{pick(line[name] for line in lines):,.0f}" for pick in (min, max))
        parts.append(f'<path class="g" d="M{LEFT} {base}H{right}"/>')
        parts.append(f'<path class="{style}" d="M{"L".join(points)}"><title>{words}</title></path>')
        parts.append(f'<text x="{right + 12}" y="{base - 20}">{words}</text>')
        parts.append(f'<text class="q" x="{right + 12}" y="{base - 4}">{least} to {most}</text>')
        y += STRIP
    parts.append(f'<text class="q" x="{LEFT}" y="{y + 12}">{start:g}</text>')
    parts.append(f'<text class="q" x="{right}" y="{y + 12}" text-anchor="end">{end:g} {unit}</text>')
    return parts


def main():
    folder, target = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    serve, samples, openings = served(folder), measured(folder, "samples"), measured(folder, "openings")
    asked = [line for line in serve if line["doing"] in ("streams", "short")]
    holds = [check("server", asked), check("scoring", samples), check("openings", openings)]
    if target:
        rows = [("A server under streams and short requests", "s", serve), ("Scoring", "samples", samples), ("A model opened, used and closed", "times", openings)]
        body = [part for number, (title, unit, lines) in enumerate(rows) for part in panel(number, title, unit, lines)]
        height = TOP + len(rows) * (len(SHOWN) * STRIP + 64)
        pathlib.Path(target).write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Memory, threads and descriptors over time">'
            f"<style>{STYLE}</style>{''.join(body)}</svg>\n"
        )
    sys.exit(not all(holds))


main()
