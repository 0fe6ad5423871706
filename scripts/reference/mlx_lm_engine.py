"""mlx-lm on a checkpoint folder, packed weights as they are. It has no hooks: what is to be noted is wrapped."""
import pathlib
import sys

import mlx.core as mx
import numpy as np
from mlx_lm.models.cache import make_prompt_cache
from mlx_lm.utils import load_model

from recording import Recording


def float32(value):
    return np.array(value.astype(mx.float32))


class Tap:
    """Stands in a module's place, and tells what goes in and what comes out."""

    def __init__(self, inner, after, before=lambda _inputs: None):
        self.inner, self.after, self.before = inner, after, before

    def __call__(self, *inputs, **keywords):
        self.before(inputs)
        out = self.inner(*inputs, **keywords)
        self.after(out)
        return out

    def __getattr__(self, name):
        return getattr(self.inner, name)


def attention_weights(queries, keys, scale, mask):
    """Softmax of the masked scores [1, heads, T, K]: the fused kernel keeps them to itself."""
    keys = mx.repeat(keys, queries.shape[1] // keys.shape[1], axis=1)
    scores = (queries.astype(mx.float32) * scale) @ keys.astype(mx.float32).swapaxes(-1, -2)
    rows, columns = scores.shape[-2:]
    if isinstance(mask, str):
        mask = mx.arange(columns - rows, columns)[:, None] >= mx.arange(columns)[None]
    if mask is not None:
        scores = mx.where(mask, scores, -mx.inf) if mask.dtype == mx.bool_ else scores + mask
    return mx.softmax(scores, axis=-1)


class MlxEngine:
    def __init__(self, folder, dtype, points, positions):
        model, _ = load_model(pathlib.Path(folder))
        model.set_dtype(getattr(mx, dtype))
        self.model, self.layers, self.block = model, len(model.layers), 0
        self.recording = Recording(self.layers, points(self.layers), positions, float32)
        self.cache = make_prompt_cache(model)
        note, body = self.recording.note, model.model
        body.embed_tokens = Tap(body.embed_tokens, lambda out: note("embedding", out))
        body.norm = Tap(body.norm, lambda out: note("final_norm", out))
        modeling = sys.modules[type(body.layers[0].self_attn).__module__]
        modeling.scaled_dot_product_attention = self.attending(modeling.scaled_dot_product_attention)
        for index in range(self.layers):
            self.tap(index, body.layers)

    def forward(self, ids):
        self.recording.note("logits", self.model(mx.array([ids]), cache=self.cache))

    def attending(self, attend):
        def tapped(queries, keys, values, **keywords):
            name = f"block.{self.block}.attention_weights"
            if self.recording.wants(name):
                self.recording.note(name, attention_weights(queries, keys, keywords["scale"], keywords["mask"]), 2)
            return attend(queries, keys, values, **keywords)

        return tapped

    def tap(self, index, layers):
        def noted(part, value, axis=1):
            self.recording.note(f"block.{index}.{part}", value, axis)

        def enter(inputs):
            self.block = index
            noted("input", inputs[0])

        layer = layers[index]
        self.tap_projections(layer.self_attn, layer.mlp, noted)
        layer.self_attn = Tap(layer.self_attn, lambda out: noted("attention_output", out))
        layer.mlp = Tap(layer.mlp, lambda out: noted("mlp_output", out))
        layers[index] = Tap(layer, lambda out: noted("output", out), enter)

    def tap_projections(self, attention, mlp, noted):
        def wrap(owner, name, after):
            if hasattr(owner, name):
                setattr(owner, name, Tap(getattr(owner, name), after))

        def parts(names, value, cuts):
            for name, part in zip(names, mx.split(value, cuts, axis=-1), strict=True):
                noted(name, part)

        for part in ("q", "k", "v"):
            wrap(attention, f"{part}_proj", lambda out, name=f"{part}_proj": noted(name, out))
        for name in ("q_norm", "k_norm"):
            wrap(attention, name, lambda out, name=name: noted(name, out.swapaxes(1, 2), 2))
        for name in ("gate", "up"):
            wrap(mlp, f"{name}_proj", lambda out, name=name: noted(name, out))
        wrap(mlp, "gate_up_proj", lambda out: parts(("gate", "up"), out, 2))
        if hasattr(attention, "qkv_proj"):
            heads, kv = attention.n_heads * attention.head_dim, attention.n_kv_heads * attention.head_dim
            wrap(attention, "qkv_proj", lambda out: parts(("q_proj", "k_proj", "v_proj"), out, [heads, heads + kv]))
        self.tap_rope(attention, noted)

    def tap_rope(self, attention, noted):
        """The same RoPE is called for queries, then for keys."""
        turns = ["q_rope", "k_rope"]

        def rotated(out):
            noted(turns[0], out, 2)
            turns.reverse()

        attention.rope = Tap(attention.rope, rotated)
