"""Prints what scripts/bench/load measured as a table: load_ratios.py FILE, one "STATE SECONDS_OF_CAT JSON_OF_LOAD" a line."""
import json
import pathlib
import statistics
import sys


def row(what, value, wanted):
    print(f"{what:66}{value:>12}  {wanted}")


def main():
    lines = [line.split(" ", 2) for line in pathlib.Path(sys.argv[1]).read_text().splitlines()]
    pairs = [(state, float(seconds), json.loads(load)) for state, seconds, load in lines]
    for state in dict.fromkeys(state for state, _, _ in pairs if state != "run"):
        of = [(seconds, load) for at, seconds, load in pairs if at == state]
        words = "files not in the page cache" if state == "cold" else "files in the page cache"
        row(f"cat, {words}, seconds (median of {len(of)})", f"{statistics.median(s for s, _ in of):.3f}", "")
        row(f"load, {words}, seconds", f"{statistics.median(load['seconds'] for _, load in of):.3f}", "")
        ratio = statistics.median(load["seconds"] / seconds for seconds, load in of)
        row("load over cat, median of the pairs' ratios", f"{ratio:.2f}", "about 1 from the disk" if state == "cold" else "")
    worst = [max(load[key] - load["weights_loaded"] for _, _, load in pairs) / pairs[0][2]["bytes"]
             for key in ("peak_while_loading", "resident_peak")]
    row("extra memory while loading, share of the checkpoint: MLX", f"{worst[0]:.4f}", "under 0.10")
    row("extra memory while loading, share of the checkpoint: whole process", f"{worst[1]:.4f}", "under 0.10")
    last = pairs[-1][2]
    row("weights: planned over loaded", f"{last['weights_planned'] / last['weights_loaded']:.4f}", "0.90 to 1.10")
    row("all memory of one new token: planned over used", f"{last['total_planned'] / last['total_used']:.4f}", "0.90 to 1.10")


if __name__ == "__main__":
    main()
