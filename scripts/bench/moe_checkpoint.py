"""Makes a random checkpoint in the shape of Qwen3-30B-A3B with a few layers, for `hbar inspect`, `generate` and the like.

    python3 moe_checkpoint.py FOLDER [LAYERS]        (needs mlx and numpy; 4 bits in groups of 64, routers 8; 0.9 GB with 2 layers)
"""
import json
import pathlib
import sys

import mlx.core as mx
import numpy as np

HIDDEN, INNER, EXPERTS, HEADS, KV_HEADS, HEAD, VOCABULARY = 2048, 768, 128, 32, 4, 128, 151936
GROUP = 64
CODES = np.random.default_rng(0)
mx.set_default_device(mx.cpu)


def packed(tensors, path, *shape, bits=4):
    """Random codes, evenly spread over +-0.035, which is a standard deviation of 0.02."""
    *rows, columns = shape
    codes = CODES.integers(0, 2**32, (*rows, columns * bits // 32), dtype=np.uint32)
    step = 0.07 / (2**bits - 1)
    groups = (*rows, columns // GROUP)
    tensors[f"{path}.weight"] = mx.array(codes)
    tensors[f"{path}.scales"] = mx.full(groups, step, dtype=mx.bfloat16)
    tensors[f"{path}.biases"] = mx.full(groups, -0.035, dtype=mx.bfloat16)


def main():
    folder, layers = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
    folder.mkdir(parents=True, exist_ok=True)
    tensors, gates = {}, {}
    ones = lambda n: mx.ones(n, dtype=mx.bfloat16)
    packed(tensors, "model.embed_tokens", VOCABULARY, HIDDEN)
    packed(tensors, "lm_head", VOCABULARY, HIDDEN)
    tensors["model.norm.weight"] = ones(HIDDEN)
    for layer in range(layers):
        own = f"model.layers.{layer}"
        for name in ("input_layernorm", "post_attention_layernorm"):
            tensors[f"{own}.{name}.weight"] = ones(HIDDEN)
        for name in ("q_norm", "k_norm"):
            tensors[f"{own}.self_attn.{name}.weight"] = ones(HEAD)
        packed(tensors, f"{own}.self_attn.q_proj", HEADS * HEAD, HIDDEN)
        packed(tensors, f"{own}.self_attn.k_proj", KV_HEADS * HEAD, HIDDEN)
        packed(tensors, f"{own}.self_attn.v_proj", KV_HEADS * HEAD, HIDDEN)
        packed(tensors, f"{own}.self_attn.o_proj", HIDDEN, HEADS * HEAD)
        packed(tensors, f"{own}.mlp.gate", EXPERTS, HIDDEN, bits=8)
        gates[f"{own}.mlp.gate"] = {"group_size": GROUP, "bits": 8}
        packed(tensors, f"{own}.mlp.switch_mlp.gate_proj", EXPERTS, INNER, HIDDEN)
        packed(tensors, f"{own}.mlp.switch_mlp.up_proj", EXPERTS, INNER, HIDDEN)
        packed(tensors, f"{own}.mlp.switch_mlp.down_proj", EXPERTS, HIDDEN, INNER)
    mx.save_safetensors(str(folder / "model.safetensors"), tensors, {"format": "mlx"})
    config = {"model_type": "qwen3_moe", "vocab_size": VOCABULARY, "hidden_size": HIDDEN, "intermediate_size": 6144, "num_hidden_layers": layers,
              "num_attention_heads": HEADS, "num_key_value_heads": KV_HEADS, "head_dim": HEAD, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
              "max_position_embeddings": 40960, "tie_word_embeddings": False, "hidden_act": "silu", "num_experts": EXPERTS,
              "num_experts_per_tok": 8, "moe_intermediate_size": INNER, "norm_topk_prob": True, "decoder_sparse_step": 1, "mlp_only_layers": [],
              "eos_token_id": 151645, "bos_token_id": 151643, "torch_dtype": "bfloat16",
              "quantization": {"group_size": GROUP, "bits": 4, "mode": "affine", **gates}}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


if __name__ == "__main__":
    main()
