"""The same codes as a GGUF file, for llama.cpp. Llama checkpoints with a BPE tokenizer.

4 bits in groups of a multiple of 32 become Q4_1, which has a scale and a least value for each 32: the same numbers, as far as
float16 holds the scales. Other packings become Q8_0, and what is not packed stays as it is.
"""
import json
import struct
import sys

import gguf
import numpy as np

NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
         "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
         "post_attention_layernorm": "ffn_norm"}
TOP = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
TYPES = {"F16": np.float16, "F32": np.float32, "U32": np.uint32}


def tensors(folder):
    found = {}
    for file in sorted(folder.glob("*.safetensors")):
        data = np.memmap(file, np.uint8, "r")
        size = struct.unpack("<Q", data[:8].tobytes())[0]
        for name, entry in json.loads(data[8:8 + size].tobytes()).items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                found[name] = array(data[8 + size + begin:8 + size + end], entry)
    return found


def array(raw, entry):
    if entry["dtype"] == "BF16":
        return (raw.view(np.uint16).astype(np.uint32) << 16).view(np.float32).reshape(entry["shape"])
    return raw.view(TYPES[entry["dtype"]]).reshape(entry["shape"])


def codes(packed, bits):
    """uint8 [rows, columns] of the uint32 codes, the first in the lowest bits."""
    parts = [(packed >> np.uint32(shift)) & np.uint32((1 << bits) - 1) for shift in range(0, 32, bits)]
    return np.stack(parts, -1).reshape(packed.shape[0], -1).astype(np.uint8)


def turned(rows, heads):
    """Row order of llama.cpp's rope, which turns neighbours, from that of halves."""
    return np.arange(rows).reshape(heads, 2, rows // heads // 2).swapaxes(1, 2).reshape(-1)


def q4_1(numbers, scales, biases, group):
    rows, columns = numbers.shape
    blocks = numbers.reshape(rows, columns // 32, 2, 16)
    out = np.empty((rows, columns // 32, 20), np.uint8)
    repeat = group // 32
    out[..., 0:2] = np.repeat(scales, repeat, 1).astype(np.float16)[..., None].view(np.uint8)
    out[..., 2:4] = np.repeat(biases, repeat, 1).astype(np.float16)[..., None].view(np.uint8)
    out[..., 4:] = blocks[:, :, 0] | (blocks[:, :, 1] << 4)
    return out.reshape(rows, -1)


def packing(config, path):
    spec = config["quantization"].get(path, config["quantization"])
    return spec["group_size"], spec["bits"]


def add_weight(writer, name, path, found, config, order):
    weight = found[path + ".weight"]
    if path + ".scales" not in found:
        kept = weight if order is None else weight[order]
        writer.add_tensor(name + ".weight", kept.astype(np.float32) if kept.ndim == 1 else np.ascontiguousarray(kept))
        return
    group, bits = packing(config, path)
    scales, biases, numbers = found[path + ".scales"], found[path + ".biases"], codes(weight, bits)
    if order is not None:
        scales, biases, numbers = scales[order], biases[order], numbers[order]
    if bits == 4:
        kind, data = gguf.GGMLQuantizationType.Q4_1, q4_1(numbers, scales, biases, group)
    else:
        kind = gguf.GGMLQuantizationType.Q8_0
        unpacked = numbers * np.repeat(scales, group, 1).astype(np.float32) + np.repeat(biases, group, 1).astype(np.float32)
        data = gguf.quants.quantize(unpacked.astype(np.float32), kind)
    writer.add_tensor(name + ".weight", data, raw_dtype=kind)


def add_tokenizer(writer, folder):
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    ids = tokenizer["model"]["vocab"] | {each["content"]: each["id"] for each in tokenizer["added_tokens"]}
    tokens = sorted(ids, key=ids.get)
    special = {each["content"] for each in tokenizer["added_tokens"]}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL for token in tokens])
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in tokenizer["model"]["merges"]])


def converted(folder, place):
    """The path of the file, made once in place."""
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] != "llama" or config.get("rope_scaling"):
        sys.exit(f"{folder}: only Llama checkpoints without rope scaling are converted for llama.cpp")
    path = place / f"{folder.name}.gguf"
    if path.exists():
        return path
    found, part = tensors(folder), path.with_suffix(".part")
    writer = gguf.GGUFWriter(part, "llama")
    heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_rope_dimension_count(config.get("head_dim") or config["hidden_size"] // heads)
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    add_tokenizer(writer, folder)
    for path_of in sorted({name.rsplit(".", 1)[0] for name in found}):
        if path_of in TOP:
            add_weight(writer, TOP[path_of], path_of, found, config, None)
            continue
        _, _, layer, rest = path_of.split(".", 3)
        turning = {"self_attn.q_proj": heads, "self_attn.k_proj": kv_heads}.get(rest)
        rows = found[path_of + ".weight"].shape[0]
        order = turned(rows, turning) if turning else None
        add_weight(writer, f"blk.{layer}.{NAMES[rest]}", path_of, found, config, order)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.rename(path)
    return path
