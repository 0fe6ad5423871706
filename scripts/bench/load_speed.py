"""How fast MLX itself loads a safetensors file: mx.load and the evaluation of every tensor, file in the page cache.

    python load_speed.py FILE.safetensors [--trials 7]

Prints one JSON object: bytes, tensors, the median and the best GB/s (1e9 bytes)."""
import argparse
import importlib.metadata
import json
import pathlib
import statistics
import time

import mlx.core as mx


def load_once(path):
    """(seconds, tensors). Memory of an earlier load is given back first, so that each one pays for its own."""
    mx.clear_cache()
    start = time.perf_counter()
    tensors = mx.load(str(path))
    mx.eval(list(tensors.values()))
    return time.perf_counter() - start, len(tensors)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--trials", type=int, default=7)
    options = parser.parse_args()
    size = options.file.stat().st_size
    load_once(options.file)  # brings the file into the page cache
    seconds, counts = zip(*(load_once(options.file) for _ in range(options.trials)), strict=True)
    print(json.dumps({"bytes": size, "tensors": counts[0], "gb_per_s": round(size / statistics.median(seconds) / 1e9, 3),
                      "best_gb_per_s": round(size / min(seconds) / 1e9, 3), "trials": options.trials,
                      "versions": {"mlx": importlib.metadata.version("mlx")}}))


if __name__ == "__main__":
    main()
