"""Checkpoints in the exact shapes of models that people run, whose weights are zeros, for timing what a step costs the host: that
does not depend on what is in an array. The files are sparse: they take no room on the disk.

    python host_shapes.py NAME FOLDER
"""
import json
import pathlib
import sys

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten
from mlx_lm.utils import _get_classes

LLAMA = {"model_type": "llama", "hidden_size": 3072, "num_hidden_layers": 28, "intermediate_size": 8192,
         "num_attention_heads": 24, "num_key_value_heads": 8, "head_dim": 128, "rms_norm_eps": 1e-5, "vocab_size": 128256,
         "max_position_embeddings": 131072, "rope_theta": 500000.0, "tie_word_embeddings": True,
         "rope_scaling": {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                          "original_max_position_embeddings": 8192}}
QWEN2 = {"model_type": "qwen2", "hidden_size": 3584, "num_hidden_layers": 28, "intermediate_size": 18944,
         "num_attention_heads": 28, "num_key_value_heads": 4, "rms_norm_eps": 1e-6, "vocab_size": 152064,
         "max_position_embeddings": 32768, "rope_theta": 1000000.0, "tie_word_embeddings": False}
PHI3 = {"model_type": "phi3", "hidden_size": 3072, "num_hidden_layers": 32, "intermediate_size": 8192,
        "num_attention_heads": 32, "num_key_value_heads": 32, "rms_norm_eps": 1e-5, "vocab_size": 32064,
        "max_position_embeddings": 4096, "original_max_position_embeddings": 4096, "rope_theta": 10000.0,
        "tie_word_embeddings": False}
# 48 layers in the published model; twelve hold 4 GB of experts, and a step's time grows evenly with its layers.
QWEN3_MOE = {"model_type": "qwen3_moe", "hidden_size": 2048, "num_hidden_layers": 12, "intermediate_size": 6144,
             "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128, "rms_norm_eps": 1e-6, "vocab_size": 151936,
             "max_position_embeddings": 40960, "rope_theta": 1000000.0, "tie_word_embeddings": False, "num_experts": 128,
             "num_experts_per_tok": 8, "moe_intermediate_size": 768, "norm_topk_prob": True, "decoder_sparse_step": 1,
             "mlp_only_layers": []}
QWEN35 = {"model_type": "qwen3_5_text", "hidden_size": 2560, "num_hidden_layers": 32, "intermediate_size": 9216,
          "num_attention_heads": 16, "num_key_value_heads": 4, "head_dim": 256, "rms_norm_eps": 1e-6, "vocab_size": 248320,
          "max_position_embeddings": 262144, "tie_word_embeddings": True, "attn_output_gate": True, "full_attention_interval": 4,
          "layer_types": [*["linear_attention"] * 3, "full_attention"] * 8, "linear_conv_kernel_dim": 4,
          "linear_key_head_dim": 128, "linear_value_head_dim": 128, "linear_num_key_heads": 16, "linear_num_value_heads": 32,
          "rope_parameters": {"rope_type": "default", "rope_theta": 10000000.0, "partial_rotary_factor": 0.25}}
SHAPES = {"Llama-3.2-3B": LLAMA, "Qwen2.5-7B": QWEN2, "Phi-3-mini": PHI3, "Qwen3-30B-A3B": QWEN3_MOE,
          "Qwen3.5-4B": {"model_type": "qwen3_5", "text_config": QWEN35}}
PACKING = {"group_size": 64, "bits": 4}
NAMES = {mx.uint32: "U32", mx.float16: "F16", mx.float32: "F32"}


def make(name, folder):
    """config.json and model.safetensors, as mlx-lm saves a model that it quantized."""
    config = SHAPES[name] | {"torch_dtype": "float16", "eos_token_id": 2}
    model_class, arguments = _get_classes(config)
    model = model_class(arguments.from_dict(config))
    model.set_dtype(mx.float16)
    nn.quantize(model, **PACKING)
    header, end = {}, 0
    for path, array in tree_flatten(model.parameters()):
        header[path] = {"dtype": NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
    encoded = json.dumps({"__metadata__": {"format": "mlx"}} | header).encode()
    encoded += b" " * (-len(encoded) % 8)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(len(encoded).to_bytes(8, "little") + encoded)
        file.truncate(8 + len(encoded) + end)
    (folder / "config.json").write_text(json.dumps(config | {"quantization": PACKING}))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in SHAPES:
        sys.exit(f"usage: host_shapes.py NAME FOLDER, with NAME one of {', '.join(SHAPES)}")
    make(sys.argv[1], pathlib.Path(sys.argv[2]))
