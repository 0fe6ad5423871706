"""The scoring job in torch/transformers: HaluEval qa, greedy, at most 20 new tokens, the signals of every token.

    python reference_score.py CHECKPOINT QA.jsonl [--skip 0] [--limit 20] [--out SAMPLES.jsonl]

The checkpoint is dequantized to float32. Record k gives two samples, with the right and with the hallucinated answer, one
after the other, each with a KV cache. Loading is not part of the time. Prints one JSON object; --out keeps, per
sample, the ids, the signals and the distance of the two largest logits ("gap"), to compare with."""
import argparse
import importlib.metadata
import json
import pathlib
import sys
import time

import torch
from tokenizers import Tokenizer

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(SCRIPTS / "fixtures"), str(SCRIPTS / "reference")]
from expected import forward, signals  # noqa: E402
from torch_engine import model_of  # noqa: E402

PROMPT = ("Context: {knowledge}\nQuestion: {question}\nProposed Answer: {answer}\n\n"
          "Is this answer faithful to the context? Answer 'Yes' or 'No':")
ANSWERS = (("cor", "right_answer"), ("hal", "hallucinated_answer"))


def load(folder, attention):
    """(model in float32, ids that end an answer)"""
    ends = json.loads((folder / "config.json").read_text())["eos_token_id"]
    return model_of(folder, attention=attention), set(ends if isinstance(ends, list) else [ends])


@torch.no_grad()
def trajectory(model, ids, ends, most):
    tokens, cache, previous = [], None, None
    for _ in range(most):
        blocks, _, logits, cache = forward(model, ids, cache)
        top = logits.topk(2)
        token = int(top.indices[0])
        tokens.append(signals(blocks, logits, token, previous) | {"gap": float(top.values[0] - top.values[1])})
        if token in ends:
            break
        previous, ids = blocks[-1], [token]
    return tokens


def samples(file, skip, limit):
    with file.open(encoding="utf-8") as lines:
        for k, line in enumerate(lines):
            if skip <= k < skip + limit:
                record = json.loads(line)
                for label, (ending, field) in enumerate(ANSWERS):
                    prompt = PROMPT.format(knowledge=record["knowledge"], question=record["question"], answer=record[field])
                    yield f"qa_{k}_{ending}", label, prompt


def top_mean(tokens, name):
    largest = sorted((t[name] for t in tokens), reverse=True)[:5]
    return sum(largest) / len(largest)


def score(options):
    model, ends = load(options.checkpoint, options.attention)
    tokenizer = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json"))
    rows = []
    for name, label, prompt in samples(options.data, options.skip, options.limit):
        start = time.perf_counter()
        ids = tokenizer.encode(prompt).ids
        tokens = trajectory(model, ids, ends, options.max_tokens)
        rows.append({"id": name, "label": label, "prompt_tokens": len(ids), "new_tokens": len(tokens),
                     "hbar": top_mean(tokens, "hbar"), "pri": top_mean(tokens, "pri"),
                     "seconds": time.perf_counter() - start, "tokens": tokens})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--max-tokens", type=int, default=20)
    parser.add_argument("--attention", choices=("eager", "sdpa"), default="eager")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    rows = score(options)
    if options.out:
        options.out.write_text("".join(json.dumps(row) + "\n" for row in rows))
    total = {key: sum(row[key] for row in rows) for key in ("seconds", "prompt_tokens", "new_tokens")}
    print(json.dumps({"samples": len(rows), "seconds_per_sample": round(total["seconds"] / len(rows), 4),
                      "seconds": round(total["seconds"], 3), "prompt_tokens": total["prompt_tokens"],
                      "new_tokens": total["new_tokens"], "threads": torch.get_num_threads(), "attention": options.attention,
                      "versions": {p: importlib.metadata.version(p) for p in ("torch", "transformers")}}))


if __name__ == "__main__":
    main()
