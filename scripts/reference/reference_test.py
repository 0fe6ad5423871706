"""Tests scripts/reference.py on the committed fixtures. Needs scripts/reference/requirements.txt, so no build runs it:

    .hbar/reference/venv/bin/python scripts/reference/reference_test.py
"""
import json
import pathlib
import sys
import tempfile
import unittest

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
FIXTURES = ROOT / "tests/src/test/resources/fixtures"
import reference  # noqa: E402

TOLERANCE = 1e-5  # of the largest value: float32 sums in another order


def run(fixture, *options):
    """(tensors, metadata)"""
    prompt = ",".join(map(str, json.loads((FIXTURES / fixture / "expected.json").read_text())["prompt"]))
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "reference.safetensors")
        reference.main([str(FIXTURES / fixture), "--prompt-ids", prompt, "--out", str(out), *options])
        with safe_open(out, "numpy") as file:
            return load_file(out), file.metadata()


class ReferenceTest(unittest.TestCase):
    def near(self, name, expected, actual, tolerance=TOLERANCE):
        self.assertEqual(expected.shape, actual.shape, name)
        np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * np.abs(expected).max(), err_msg=name)

    def test_trace_equals_the_fixture(self):
        """The fixtures were made by other code: numpy unpacked their weights."""
        for fixture in ("llama_tied", "override_false", "modes_mixed", "qwen2_window", "qwen3_mxfp8", "mistral_window_crossing",
                        "phi3_fused_mixed", "phi3_longrope_crossing"):
            with self.subTest(fixture):
                actual, _ = run(fixture, "--points", "none")
                expected = load_file(FIXTURES / fixture / "expected.safetensors")
                np.testing.assert_array_equal(actual["tokens"], expected["tokens"])
                for name in ("logits", "blocks", "final_norm"):
                    self.near(name, expected[name], actual[name])

    def test_engines_agree_at_every_point(self):
        for fixture in ("biases", "qwen2_untied", "qwen3_qknorm", "phi3_plain", "mistral_nemo"):
            with self.subTest(fixture):
                ours, meta = run(fixture, "--positions", "all")
                theirs, other = run(fixture, "--positions", "all", "--engine", "mlx-lm")
                self.assertEqual(("transformers", "mlx-lm"), (meta["rope_reference"], other["rope_reference"]))
                self.assertEqual(meta["points"], other["points"])
                self.assertEqual(set(ours), set(theirs))
                for name in ours:
                    self.near(name, ours[name], theirs[name], 1e-4)

    def test_head_norms_are_points_of_their_family(self):
        tensors, _ = run("qwen3_qknorm", "--points", "block.1.*")
        self.assertEqual((1, 4, 1, 32), tensors["point.block.1.q_norm"].shape)
        self.assertEqual((1, 2, 1, 32), tensors["point.block.1.k_norm"].shape)

    def test_attention_rows_sum_to_one(self):
        tensors, _ = run("llama_tied", "--points", "block.*.attention_weights", "--positions", "all")
        weights = tensors["point.block.0.attention_weights"]
        self.assertEqual((1, 4, 5, 5), weights.shape)
        np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-6)
        self.assertEqual(0, np.abs(np.triu(weights[0, 0], 1)).max())

    def test_last_position_is_the_last_of_all(self):
        every, _ = run("llama_tied", "--positions", "all")
        last, meta = run("llama_tied")
        self.assertEqual("last", meta["positions"])
        for name in last:
            if name.startswith("point."):
                axis = next(i for i, (a, b) in enumerate(zip(every[name].shape, last[name].shape, strict=True)) if a != b)
                self.near(name, np.take(every[name], [-1], axis), last[name])

    def test_points_follow_from_each_other(self):
        tensors, _ = run("llama_tied", "--positions", "all")
        point = {name.removeprefix("point."): value for name, value in tensors.items()}
        for i in range(3):
            parts = [point[f"block.{i}.{part}"] for part in ("input", "attention_output", "mlp_output")]
            self.near(f"block {i}", point[f"block.{i}.output"], sum(parts))
        np.testing.assert_array_equal(point["block.0.input"], point["embedding"])
        self.near("logits", tensors["logits"][0], point["logits"][0, -1])

    def test_unknown_point_is_an_error(self):
        with self.assertRaisesRegex(SystemExit, "no such point in a model of 3 blocks"):
            run("llama_tied", "--points", "block.7.output")

    def test_point_of_another_family_is_an_error(self):
        with self.assertRaisesRegex(SystemExit, "this family has no such point"):
            run("llama_tied", "--points", "block.0.q_norm")


if __name__ == "__main__":
    unittest.main()
