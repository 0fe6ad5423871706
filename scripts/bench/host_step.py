"""How long mlx-lm's Python takes to build the graph of one decode step. Nothing is evaluated.

    python host_step.py FOLDER [--builds 100] [--cached 100]      (FOLDER: see host_shapes.py)

Prints one JSON object; times are milliseconds, medians over the builds:
  model_ms  the model's call on one token, with its cache
  step_ms   the same, and what mlx-lm's generate_step adds: last position, log-probabilities, argmax
  drop_ms   letting the graph of such a step go
"""
import argparse
import gc
import importlib.metadata
import json
import pathlib
import statistics
import time

import mlx.core as mx
from mlx_lm.models.cache import make_prompt_cache
from mlx_lm.utils import load_model


def greedy(logits):
    logits = logits[:, -1, :]
    logprobs = logits - mx.logsumexp(logits, keepdims=True)
    return mx.argmax(logprobs, axis=-1), logprobs.squeeze(0)


def milliseconds(start):
    return (time.perf_counter() - start) * 1e3


def build_once(model, cached):
    """Times of one build: the model's call, the whole step, dropping it. The cache is new, as a build writes to it."""
    cache = make_prompt_cache(model)
    model(mx.zeros((1, cached), mx.uint32), cache=cache)
    token = mx.array([[9]], mx.uint32)
    start = time.perf_counter()
    logits = model(token, cache=cache)
    called = milliseconds(start)
    result = greedy(logits)
    built = milliseconds(start)
    start = time.perf_counter()
    del result, logits
    dropped = milliseconds(start)
    return called, built, dropped


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--builds", type=int, default=100)
    parser.add_argument("--cached", type=int, default=100, help="tokens in the cache")
    options = parser.parse_args()
    model, _ = load_model(options.folder, lazy=True)
    for _ in range(10):
        build_once(model, options.cached)
    gc.collect()
    columns = list(zip(*(build_once(model, options.cached) for _ in range(options.builds)), strict=True))
    result = {name: round(statistics.median(c), 4) for name, c in zip(("model_ms", "step_ms", "drop_ms"), columns, strict=True)}
    result |= {"step_min_ms": round(min(columns[1]), 4), "builds": options.builds, "cached": options.cached,
               "versions": {p: importlib.metadata.version(p) for p in ("mlx", "mlx-lm")}}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
