#!/usr/bin/env python3
"""What another implementation computes with a checkpoint, layer by layer, in a file for `hbar compare --reference`.

    scripts/reference.py CHECKPOINT --prompt-ids 5,9,200 --out reference.safetensors
    scripts/reference.py CHECKPOINT --prompt TEXT --engine mlx-lm --dtype float16 --points 'block.*.output' --out FILE

CHECKPOINT is a folder, of Hugging Face or of MLX. Engine transformers (the default) unpacks quantized weights and computes in
float32 unless --dtype says otherwise; engine mlx-lm computes with the packed weights, its own rope and no sliding windows.
The file's layout is described in scripts/reference/layout.py. Needs the packages of scripts/reference/requirements.txt:
where they are missing, they are installed once into $HBAR_HOME/reference/venv (on Linux some 3 GB, as torch brings CUDA).
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "reference"))

from environment import ensure_packages  # noqa: E402


def options(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path, metavar="CHECKPOINT")
    prompt = parser.add_mutually_exclusive_group(required=True)
    prompt.add_argument("--prompt-ids", metavar="5,9,200", type=lambda text: [int(part) for part in text.split(",")])
    prompt.add_argument("--prompt", metavar="TEXT", help="encoded by the folder's tokenizer.json, special tokens as it adds them")
    parser.add_argument("--engine", choices=("transformers", "mlx-lm"), default="transformers")
    parser.add_argument("--steps", type=int, default=8, help="greedy steps to trace (default %(default)s)")
    parser.add_argument("--points", default="*", help="capture points of the prompt's pass, comma-separated, * for any part of a "
                        "name (default: all of them); none for the trace alone")
    parser.add_argument("--positions", choices=("last", "all"), default="last", help="of the prompt (default %(default)s); "
                        "running single blocks on the reference's input takes all")
    parser.add_argument("--dtype", choices=("float32", "float16", "bfloat16"), default="float32")
    parser.add_argument("--out", required=True, type=pathlib.Path, metavar="FILE.safetensors")
    return parser.parse_args(arguments)


def prompt_ids(chosen):
    if chosen.prompt_ids:
        return chosen.prompt_ids
    from tokenizers import Tokenizer
    return Tokenizer.from_file(str(chosen.checkpoint / "tokenizer.json")).encode(chosen.prompt).ids


def engine_class(name):
    if name == "transformers":
        from torch_engine import TorchEngine
        return TorchEngine
    from mlx_lm_engine import MlxEngine
    return MlxEngine


def reference(chosen):
    """Writes the file. Returns the tensors of the trace and the points."""
    import layout
    from recording import greedy, wanted_points

    patterns = [] if chosen.points == "none" else chosen.points.split(",")
    engine = engine_class(chosen.engine)(
        chosen.checkpoint, chosen.dtype, lambda layers: wanted_points(patterns, layers), chosen.positions)
    prompt = prompt_ids(chosen)
    trace = greedy(engine, prompt, chosen.steps)
    points = engine.recording.points
    lacking = [name for name in patterns if "*" not in name and name not in points]
    if lacking:
        raise SystemExit(f"reference: --points {lacking[0]}: this family has no such point")
    positions = chosen.positions if points else "none"
    names = [name for name in layout.every_point(engine.layers) if name in points]
    layout.write(chosen.out, trace, points,
                 layout.metadata(chosen.engine, chosen.dtype, positions, names, prompt, chosen.checkpoint))
    return trace, points


def main(arguments):
    chosen = options(arguments)
    if not (chosen.checkpoint / "config.json").is_file():
        raise SystemExit(f"reference: {chosen.checkpoint} has no config.json: name a checkpoint folder")
    ensure_packages()
    trace, points = reference(chosen)
    print(f"{chosen.out}: {len(points)} points, {chosen.steps} steps, tokens {trace['tokens'].tolist()}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
