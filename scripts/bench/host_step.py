"""How long mlx-lm's Python takes to build the graph of one decode step at Llama-3.2-3B's shape. Nothing is evaluated.

    python host_step.py [--builds 200] [--cached 100]

The weights stay lazy zeros that are never computed, so no memory is taken; what an array will hold makes no difference to
building on it. Prints one JSON object; times are milliseconds, medians over the builds:
  model_ms  the model's call on one token, with its KV cache
  step_ms   the same, and what mlx-lm's generate_step adds: last position, log-probabilities, argmax
  drop_ms   letting the graph of such a step go
"""
import argparse
import gc
import importlib.metadata
import json
import statistics
import time

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.models.cache import KVCache
from mlx_lm.models.llama import Model, ModelArgs

SHAPE = {"model_type": "llama", "hidden_size": 3072, "num_hidden_layers": 28, "intermediate_size": 8192,
         "num_attention_heads": 24, "num_key_value_heads": 8, "head_dim": 128, "rms_norm_eps": 1e-5, "vocab_size": 128256,
         "max_position_embeddings": 131072, "rope_theta": 500000.0, "tie_word_embeddings": True,
         "rope_scaling": {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                          "original_max_position_embeddings": 8192}}


def lazy_model():
    model = Model(ModelArgs.from_dict(SHAPE))
    model.set_dtype(mx.float16)
    nn.quantize(model, group_size=64, bits=4)
    return model


def filled_cache(cached):
    """One layer's cache as it is after `cached` tokens: a buffer of 256 positions. New for each build, as a build writes to it."""
    cache = KVCache()
    shape = (1, SHAPE["num_key_value_heads"], cache.step, SHAPE["head_dim"])
    cache.keys, cache.values, cache.offset = mx.zeros(shape, mx.float16), mx.zeros(shape, mx.float16), cached
    return cache


def greedy(logits):
    logits = logits[:, -1, :]
    logprobs = logits - mx.logsumexp(logits, keepdims=True)
    return mx.argmax(logprobs, axis=-1), logprobs.squeeze(0)


def milliseconds(start):
    return (time.perf_counter() - start) * 1e3


def build_once(model, cached):
    """Times of one build: the model's call, the whole step, dropping it."""
    cache = [filled_cache(cached) for _ in range(SHAPE["num_hidden_layers"])]
    token = mx.array([[9]], mx.uint32)
    start = time.perf_counter()
    logits = model(token, cache=cache)
    called = milliseconds(start)
    result = greedy(logits)
    built = milliseconds(start)
    start = time.perf_counter()
    del result, logits, cache
    return called, built, milliseconds(start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--builds", type=int, default=200)
    parser.add_argument("--cached", type=int, default=100, help="tokens in the KV cache, under 256")
    options = parser.parse_args()
    model = lazy_model()
    for _ in range(10):
        build_once(model, options.cached)
    gc.collect()
    columns = list(zip(*(build_once(model, options.cached) for _ in range(options.builds)), strict=True))
    names = ("model_ms", "step_ms", "drop_ms")
    result = {name: round(statistics.median(c), 4) for name, c in zip(names, columns, strict=True)}
    result |= {"step_min_ms": round(min(columns[1]), 4), "builds": options.builds, "cached": options.cached,
               "versions": {p: importlib.metadata.version(p) for p in ("mlx", "mlx-lm")}}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
