"""A random checkpoint in the exact shape of Qwen2.5-0.5B: 24 blocks, 14 query and 2 key/value heads, 290 bfloat16 tensors.

    python qwen25_shape.py OUT_DIR [--seed 0] [--untied]      (--untied: a head of its own, 291 tensors)

Nothing is trained, but everything is alive: projections keep their input's size, so that every block adds about as much to
the residual stream as the one before, attention is neither even nor one key alone, and biases and norms differ from 0 and 1.
A fault in any block then shows in its output, and an error made in one block is neither damped nor blown up by the next.
"""
import argparse
import json
import pathlib
import sys

import mlx.core as mx
import numpy as np

LAYERS, HIDDEN, MIDDLE, HEADS, KV_HEADS, VOCABULARY = 24, 896, 4864, 14, 2, 151936
HEAD = HIDDEN // HEADS
LOGIT_SIZE = 3.0  # standard deviation of the logits, about a trained model's
CONFIG = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", "hidden_size": HIDDEN,
          "intermediate_size": MIDDLE, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
          "num_key_value_heads": KV_HEADS, "vocab_size": VOCABULARY, "max_position_embeddings": 32768, "rms_norm_eps": 1e-06,
          "rope_theta": 1000000.0, "sliding_window": 32768, "use_sliding_window": False, "max_window_layers": 21,
          "tie_word_embeddings": True, "attention_dropout": 0.0, "initializer_range": 0.02, "torch_dtype": "bfloat16",
          "bos_token_id": 151643, "eos_token_id": 151645}


def tensors(seed, untied):
    random = np.random.default_rng(seed)

    def matrix(rows, columns, size=1.0):
        return random.standard_normal((rows, columns), np.float32) * np.float32(size / np.sqrt(columns))

    def vector(length, mean, deviation):
        return mean + deviation * random.standard_normal(length, np.float32)

    yield "model.embed_tokens.weight", matrix(VOCABULARY, HIDDEN, LOGIT_SIZE)
    for i in range(LAYERS):
        for name, rows in (("q", HEADS * HEAD), ("k", KV_HEADS * HEAD), ("v", KV_HEADS * HEAD)):
            yield f"model.layers.{i}.self_attn.{name}_proj.weight", matrix(rows, HIDDEN)
            yield f"model.layers.{i}.self_attn.{name}_proj.bias", vector(rows, 0, 0.5)
        yield f"model.layers.{i}.self_attn.o_proj.weight", matrix(HIDDEN, HEADS * HEAD)
        yield f"model.layers.{i}.mlp.gate_proj.weight", matrix(MIDDLE, HIDDEN)
        yield f"model.layers.{i}.mlp.up_proj.weight", matrix(MIDDLE, HIDDEN)
        yield f"model.layers.{i}.mlp.down_proj.weight", matrix(HIDDEN, MIDDLE)
        yield f"model.layers.{i}.input_layernorm.weight", vector(HIDDEN, 1, 0.1)
        yield f"model.layers.{i}.post_attention_layernorm.weight", vector(HIDDEN, 1, 0.1)
    yield "model.norm.weight", vector(HIDDEN, 1, 0.1)
    if untied:
        yield "lm_head.weight", matrix(VOCABULARY, HIDDEN, LOGIT_SIZE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path, metavar="OUT_DIR")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--untied", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    kept = {name: mx.array(values).astype(mx.bfloat16) for name, values in tensors(options.seed, options.untied)}
    mx.save_safetensors(str(options.out / "model.safetensors"), kept, {"format": "mlx"})
    config = CONFIG | {"tie_word_embeddings": not options.untied}
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    print(f"{options.out}: {len(kept)} tensors, {sum(a.size for a in kept.values())} numbers", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
