"""What an engine's passes computed: the trace of every step, and the wanted points of the prompt's pass."""
import fnmatch

import numpy as np

from layout import every_point


def wanted_points(patterns, layers):
    """Names for patterns such as block.*.output, in the order of the computation; an unknown one is an error."""
    known, wanted = every_point(layers), set()
    for pattern in patterns:
        matching = fnmatch.filter(known, pattern)
        if not matching:
            raise SystemExit(f"reference: --points {pattern}: no such point in a model of {layers} blocks; take one of "
                             "scripts/reference/layout.py")
        wanted.update(matching)
    return [name for name in known if name in wanted]


class Recording:
    """Taps call note; greedy calls begin before each pass and reads row after it. Of every pass only what is asked for is copied."""

    def __init__(self, layers, wanted, positions, numpy):
        self.outputs = [f"block.{i}.output" for i in range(layers)]
        self.wanted, self.positions, self.numpy = set(wanted), positions, numpy
        self.points, self.last, self.in_prompt = {}, {}, False

    def begin(self, in_prompt):
        self.last, self.in_prompt = {}, in_prompt

    def wants(self, name):
        return self.in_prompt and name in self.wanted

    def note(self, name, value, axis=1):
        """value: [1, ...] with the positions on axis 1 or 2."""
        last = value[:, -1:] if axis == 1 else value[:, :, -1:]
        if name in self.outputs or name in ("final_norm", "logits"):
            self.last[name] = self.numpy(last).reshape(-1)
        if self.wants(name):
            self.points[name] = self.numpy(value if self.positions == "all" else last)

    def row(self):
        """(logits [vocab], blocks [layers, hidden], final_norm [hidden]) of the pass."""
        return self.last["logits"], np.stack([self.last[name] for name in self.outputs]), self.last["final_norm"]


def greedy(engine, prompt, steps):
    """The trace's tensors. An end-of-sequence token does not stop it."""
    rows, tokens, ids = [], [], prompt
    for step in range(steps):
        engine.recording.begin(step == 0)
        engine.forward(ids)
        rows.append(engine.recording.row())
        tokens.append(int(rows[-1][0].argmax()))
        ids = [tokens[-1]]
    logits, blocks, final_norm = (np.stack(column) for column in zip(*rows, strict=True))
    return {"tokens": np.array(tokens), "logits": logits, "blocks": blocks, "final_norm": final_norm, "prompt": np.array(prompt)}
