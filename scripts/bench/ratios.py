"""Prints, as a table, how two files of one-line JSON results compare: ratios.py FOLDER

FOLDER holds NAME.json (the reference) and NAME.hbar.json (ours) for each benchmark."""
import json
import pathlib
import sys

# name, field, what must hold of ours over the reference, in words
ROWS = [("host_step", "step_ms", "host time of a decode step at Llama-3.2-3B's shape, ms", "at most 0.50"),
        ("load_speed", "gb_per_s", "loading safetensors, GB/s", "at least 0.80"),
        ("reference_score", "seconds_per_sample", "scoring HaluEval qa, seconds a sample", "at most 1.00")]


def main():
    folder = pathlib.Path(sys.argv[1])
    print(f"{'':58}{'reference':>10}{'hbar':>10}{'ratio':>8}  wanted")
    for name, field, what, wanted in ROWS:
        reference, ours = (json.loads((folder / f"{name}{end}.json").read_text())[field] for end in ("", ".hbar"))
        print(f"{what:58}{reference:>10.3f}{ours:>10.3f}{ours / reference:>8.2f}  {wanted}")


if __name__ == "__main__":
    main()
