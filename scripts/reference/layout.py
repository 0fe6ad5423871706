"""The file that scripts/reference.py writes and `hbar compare --reference` reads: one safetensors file.

Tensors of the greedy steps, at the last position of each step (the same as in DIR/trace.safetensors of `hbar trace`):
  tokens      int32   [steps]                  the id chosen in each step
  logits      float32 [steps, vocab]
  blocks      float32 [steps, layers, hidden]  raw output of each decoder block, before the final norm
  final_norm  float32 [steps, hidden]          after the final norm
  prompt      int32   [P]                      the ids of the prompt

Capture points of the prompt's pass, float32, each under "point." and its name, for example "point.block.3.q_rope". T is the
number of captured positions, P with metadata positions=all and 1 (the last one) with positions=last; the axis always stays:
  embedding, block.{i}.input, block.{i}.attention_output, block.{i}.mlp_output, block.{i}.output, final_norm   [1, T, hidden]
  block.{i}.q_proj                       [1, T, heads * headDim]     after projection and bias
  block.{i}.k_proj, block.{i}.v_proj     [1, T, kvHeads * headDim]
  block.{i}.q_norm, block.{i}.q_rope     [1, heads, T, headDim]      q_norm only in families that have one
  block.{i}.k_norm, block.{i}.k_rope     [1, kvHeads, T, headDim]
  block.{i}.attention_weights            [1, heads, T, P]            each row sums to 1; 0 where the mask or the window hides
  block.{i}.gate, block.{i}.up           [1, T, intermediate]        before the activation
  logits                                 [1, T, vocab]
A pair of rope halves is (d, d + rotated / 2) in all of them; no head is permuted.

Metadata, all strings: format "hbar-reference-1"; engine "transformers" or "mlx-lm"; dtype (the engine computed in it: float32,
float16, bfloat16); rope_reference "transformers" or "mlx-lm" (which longrope factors and windows apply); positions "last",
"all" or "none"; points (names, comma-separated; empty for none); prompt_ids (comma-separated); checkpoint (the folder's name);
config_sha256 (of its config.json); versions (JSON object: package to version).
"""
import hashlib
import importlib.metadata
import json
import os
import pathlib

import numpy as np
from safetensors.numpy import save

FORMAT = "hbar-reference-1"
POINT = "point."
PACKAGES = {"transformers": ("mlx", "numpy", "torch", "transformers"), "mlx-lm": ("mlx", "mlx-lm", "numpy", "transformers")}
BLOCK_PARTS = ("input", "q_proj", "k_proj", "v_proj", "q_norm", "k_norm", "q_rope", "k_rope", "attention_weights",
               "attention_output", "gate", "up", "mlp_output", "output")


def every_point(layers):
    """All names in the order of the computation, also those that only some families have."""
    inside = [f"block.{i}.{part}" for i in range(layers) for part in BLOCK_PARTS]
    return ["embedding", *inside, "final_norm", "logits"]


def metadata(engine, dtype, positions, points, prompt, folder):
    folder = pathlib.Path(folder).resolve()
    versions = {package: importlib.metadata.version(package) for package in PACKAGES[engine]}
    return {"format": FORMAT, "engine": engine, "dtype": dtype, "rope_reference": engine, "positions": positions,
            "points": ",".join(points), "prompt_ids": ",".join(map(str, prompt)), "checkpoint": folder.name,
            "config_sha256": hashlib.sha256((folder / "config.json").read_bytes()).hexdigest(),
            "versions": json.dumps(versions)}


def write(path, trace, points, meta):
    """trace: the tensors of the steps; points: name to array. The file is complete or not there."""
    tensors = dict(trace) | {POINT + name: value for name, value in points.items()}
    tensors = {k: np.ascontiguousarray(v, np.int32 if k in ("tokens", "prompt") else np.float32) for k, v in tensors.items()}
    part = f"{path}.part"
    try:
        with open(part, "wb") as file:
            file.write(save(tensors, meta))
        os.replace(part, path)
    except BaseException:
        pathlib.Path(part).unlink(missing_ok=True)
        raise
