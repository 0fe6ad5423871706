"""The study's own algorithm: the whole text is read anew for every token, one sample at a time, with mlx-lm's model.

    python study_score.py CHECKPOINT QA.jsonl [--skip 0] [--limit 4] [--float32]

With --float32 the weights are unpacked first, which MLX multiplies many times as fast on a CPU. Greedy, at most 20 new tokens, hbar_s and PRI of every token, as in the published study's Python. Loading is not part of the time.
Prints one JSON object.
"""
import argparse
import importlib.metadata
import json
import math
import pathlib
import time

import mlx.core as mx
from mlx_lm.models.base import create_attention_mask
from mlx_lm.utils import dequantize_model, load_model
from tokenizers import Tokenizer

from reference_score import samples, top_mean


def step(model, ids):
    """What the last position gives: outputs of all blocks [layers, hidden] and logits, float32."""
    inner = model.model
    x = inner.embed_tokens(mx.array([ids]))
    mask = create_attention_mask(x, None)
    blocks = []
    for layer in inner.layers:
        x = layer(x, mask, None)
        blocks.append(x[0, -1].astype(mx.float32))
    normed = inner.norm(x)
    logits = inner.embed_tokens.as_linear(normed) if model.args.tie_word_embeddings else model.lm_head(normed)
    return mx.stack(blocks), logits[0, -1].astype(mx.float32)


def signals(blocks, logits, previous, alpha=0.1):
    p = mx.softmax(logits)
    token = mx.argmax(logits)
    unit = blocks / mx.sqrt((blocks * blocks).sum(-1, keepdims=True) + 1e-8)
    drift = mx.sqrt(((unit - unit.mean(0)) ** 2).sum(-1).mean())
    spread = 1 / mx.sqrt(1 - (p * p).sum() + 1e-2)
    surprise = -math.log(min(max(p[token].item(), 1e-10), 1.0))
    moved = 0.0
    if previous is not None:
        cosine = (blocks[-1] * previous).sum() / (mx.linalg.norm(blocks[-1]) * mx.linalg.norm(previous) + 1e-8)
        moved = 1 - min(max(cosine.item(), -1.0), 1.0)
    return token.item(), {"hbar": mx.sqrt(spread * drift).item(), "pri": surprise * (1 + alpha * moved)}


def trajectory(model, ids, ends, most=20):
    tokens, previous, ids = [], None, list(ids)
    for _ in range(most):
        blocks, logits = step(model, ids)
        token, values = signals(blocks, logits, previous)
        tokens.append(values)
        if token in ends:
            break
        previous = blocks[-1]
        ids.append(token)
    return tokens


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--limit", type=int, default=4)
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    model, config = load_model(options.checkpoint)
    if options.float32:
        model = dequantize_model(model)
        model.set_dtype(mx.float32)
    ends = config["eos_token_id"]
    ends = set(ends if isinstance(ends, list) else [ends])
    tokenizer = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json"))
    rows, seconds = [], 0.0
    for name, _, _, _, prompt in samples(options.data, "qa", options.skip, options.limit):
        start = time.perf_counter()
        tokens = trajectory(model, tokenizer.encode(prompt).ids, ends)
        seconds += time.perf_counter() - start
        rows.append({"id": name, "hbar": top_mean(tokens, "hbar"), "pri": top_mean(tokens, "pri"), "new_tokens": len(tokens)})
    print(json.dumps({"samples": len(rows), "seconds_per_sample": round(seconds / len(rows), 4), "rows": rows,
                      "versions": {p: importlib.metadata.version(p) for p in ("mlx", "mlx-lm")}}))


if __name__ == "__main__":
    main()
