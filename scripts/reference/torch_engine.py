"""transformers on a checkpoint folder: float weights as they are, MLX-quantized ones unpacked first."""
import functools
import json
import pathlib
import sys

import mlx.core as mx
import numpy as np
import torch
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.initialization import no_init_weights

from recording import Recording

# What the conversion to MLX or another library's loader added: not the model's own settings.
NOT_CONFIG = ("quantization", "quantization_config", "torch_dtype", "dtype", "model_type", "architectures")


def unpacked(folder, config):
    """Name to float32 array (numpy), each quantized weight beside its scales made one dense weight."""
    stored = {}
    for file in sorted(folder.glob("model*.safetensors")):
        stored.update(mx.load(str(file)))
    general = config.get("quantization") or {}
    dense = {}
    for name, value in stored.items():
        path, _, part = name.rpartition(".")
        if f"{path}.scales" in stored and part != "bias":
            if part == "weight":
                dense[name] = dequantized(path, stored, general)
        else:
            dense[name] = np.array(value.astype(mx.float32))
    return dense


def dequantized(path, stored, general):
    how = general | (general.get(path) or {})
    mode = how.get("mode", "affine")
    parts = [stored[f"{path}.{part}"] for part in ("weight", "scales", "biases") if f"{path}.{part}" in stored]
    if mode == "affine":  # multiplied and added in float32: a 16-bit sum would be another weight
        parts[1:] = [part.astype(mx.float32) for part in parts[1:]]
    settings = {key: how[key] for key in ("group_size", "bits") if key in how}
    return np.array(mx.dequantize(*parts, mode=mode, **settings).astype(mx.float32))


def model_of(folder, dtype=torch.float32, attention="eager"):
    """Only eager attention shows its weights."""
    folder = pathlib.Path(folder)
    config = json.loads((folder / "config.json").read_text())
    weights = {name: torch.from_numpy(value).to(dtype) for name, value in unpacked(folder, config).items()}
    fields = {key: value for key, value in config.items() if key not in NOT_CONFIG}
    settings = AutoConfig.for_model(config["model_type"], **fields)
    with no_init_weights():
        model = AutoModelForCausalLM.from_config(settings, dtype=dtype, attn_implementation=attention)
    if settings.tie_word_embeddings:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    missing, unexpected = model.load_state_dict(weights, strict=False, assign=True)
    if missing or unexpected:
        raise SystemExit(f"reference: {folder}: weights do not fit: missing {missing[:5]}, unexpected {unexpected[:5]}")
    model.tie_weights()
    return model.eval()


def float32(value):
    return value.detach().float().numpy()


class TorchEngine:
    def __init__(self, folder, dtype, points, positions):
        self.model = model_of(folder, getattr(torch, dtype))
        self.layers = self.model.config.num_hidden_layers
        self.recording = Recording(self.layers, points(self.layers), positions, float32)
        self.cache, self.block = None, 0
        note, body = self.recording.note, self.model.model
        body.embed_tokens.register_forward_hook(lambda _m, _i, out: note("embedding", out))
        body.norm.register_forward_hook(lambda _m, _i, out: note("final_norm", out))
        for index, layer in enumerate(body.layers):
            self.tap(index, layer)
        modeling = sys.modules[type(body.layers[0].self_attn).__module__]
        modeling.apply_rotary_pos_emb = self.rotating(modeling.apply_rotary_pos_emb)

    @torch.no_grad()
    def forward(self, ids):
        result = self.model(torch.tensor([ids]), past_key_values=self.cache, use_cache=True)
        self.cache = result.past_key_values
        self.recording.note("logits", result.logits)

    def rotating(self, rotate):
        """RoPE is a plain function in transformers, called once in a block for queries and keys [1, heads, T, headDim]."""

        @functools.wraps(rotate)
        def tapped(*arguments, **keywords):
            query, key = rotate(*arguments, **keywords)
            self.recording.note(f"block.{self.block}.q_rope", query, 2)
            self.recording.note(f"block.{self.block}.k_rope", key, 2)
            return query, key

        return tapped

    def tap(self, index, layer):
        def noted(part, value, axis=1):
            self.recording.note(f"block.{index}.{part}", value, axis)

        def enter(_module, inputs, keywords):
            self.block = index
            noted("input", inputs[0] if inputs else keywords["hidden_states"])

        def attended(_module, _inputs, out):
            noted("attention_output", out[0])
            noted("attention_weights", out[1], 2)

        layer.register_forward_pre_hook(enter, with_kwargs=True)
        layer.register_forward_hook(lambda _m, _i, out: noted("output", out[0] if isinstance(out, tuple) else out))
        layer.self_attn.register_forward_hook(attended)
        layer.mlp.register_forward_hook(lambda _m, _i, out: noted("mlp_output", out))
        for name, module in (*layer.self_attn.named_children(), *layer.mlp.named_children()):
            self.tap_projection(name, module, noted)

    def tap_projection(self, name, module, noted):
        """Fused projections are noted in their parts; head norms come as [1, T, heads, headDim] and are noted heads first."""
        config = self.model.config
        head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        heads, kv = config.num_attention_heads * head, config.num_key_value_heads * head
        split = {"q_proj": (("q_proj", heads),), "k_proj": (("k_proj", kv),), "v_proj": (("v_proj", kv),),
                 "qkv_proj": (("q_proj", heads), ("k_proj", kv), ("v_proj", kv)),
                 "gate_proj": (("gate", config.intermediate_size),), "up_proj": (("up", config.intermediate_size),),
                 "gate_up_proj": (("gate", config.intermediate_size), ("up", config.intermediate_size))}
        if name in ("q_norm", "k_norm"):
            module.register_forward_hook(lambda _m, _i, out: noted(name, out.transpose(1, 2), 2))
        elif name in split:
            parts, sizes = zip(*split[name], strict=True)

            def projected(_module, _inputs, out):
                for part, value in zip(parts, out.split(sizes, -1), strict=True):
                    noted(part, value)

            module.register_forward_hook(projected)
