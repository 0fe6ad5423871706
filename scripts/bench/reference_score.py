"""The scoring job in torch/transformers: greedy, at most 20 new tokens, the signals of every token.

    python reference_score.py CHECKPOINT RECORDS.jsonl [--task qa] [--skip 0] [--limit 20] [--answers generated] [--out SAMPLES.jsonl]

The checkpoint is dequantized to float32. Record k gives two samples, with the right and with the hallucinated answer, one
after the other, each with a KV cache. Loading is not part of the time. With --answers given the tokens of the answer in the data
are measured: one pass over question and answer, one over the answer alone and one over the question whether it is right. Prints
one JSON object; --out keeps, per sample, the ids, the signals and the distance of the two largest logits ("gap"), to compare
with."""
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
from expected import forward, signals, text_model  # noqa: E402
from torch_engine import model_of  # noqa: E402

# What stands before the answer, what comes behind it, and the fields of the two answers.
TASKS = {
    "qa": ("Context: {knowledge}\nQuestion: {question}\nProposed Answer: ",
           "\n\nIs this answer faithful to the context? Answer 'Yes' or 'No':", ("right_answer", "hallucinated_answer")),
    "summarization": ("Document: {document}\nSummary: ",
                      "\n\nIs this summary faithful to the document? Answer 'Yes' or 'No':",
                      ("right_summary", "hallucinated_summary")),
}


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


@torch.no_grad()
def given(model, tokenizer, before, answer, prompt):
    """The signals of the answer's tokens behind its question. The other two passes give what is compared with them."""
    question = tokenizer.encode(before.rstrip(" ")).ids  # the space before a word is part of its token
    ids = tokenizer.encode(before + answer).ids
    answer_ids = ids[len(question):]
    for others in (answer_ids, tokenizer.encode(prompt).ids):
        torch.log_softmax(model(torch.tensor([others])).logits[0], -1)
    outputs, tokens, previous = [], [], None
    grab = lambda _module, _inputs, out: outputs.append((out[0] if isinstance(out, tuple) else out)[0])
    hooks = [layer.register_forward_hook(grab) for layer in text_model(model).layers]  # hidden_states' last is normed
    logits = model(torch.tensor([ids])).logits[0]
    for hook in hooks:
        hook.remove()
    blocks = torch.stack(outputs)
    for at, token in enumerate(answer_ids, len(ids) - len(answer_ids) - 1):
        tokens.append(signals(blocks[:, at].double(), logits[at].double(), token, previous))
        previous = blocks[-1, at].double()
    return tokens


def samples(file, task, skip, limit):
    """(id, label, what stands before the answer, the answer, the whole prompt)"""
    before, behind, answers = TASKS[task]
    with file.open(encoding="utf-8") as lines:
        for k, line in enumerate(lines):
            if skip <= k < skip + limit:
                record = json.loads(line)
                for label, (ending, field) in enumerate(zip(("cor", "hal"), answers, strict=True)):
                    start = before.format(**record)
                    yield f"{task}_{k}_{ending}", label, start, record[field], start + record[field] + behind


def top_mean(tokens, name):
    largest = sorted((t[name] for t in tokens), reverse=True)[:5]
    return sum(largest) / len(largest)


def score(options):
    model, ends = load(options.checkpoint, options.attention)
    tokenizer = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json"))
    rows = []
    for name, label, before, answer, prompt in samples(options.data, options.task, options.skip, options.limit):
        start = time.perf_counter()
        ids = tokenizer.encode(prompt).ids
        if options.answers == "given":
            tokens = given(model, tokenizer, before, answer, prompt)
        else:
            tokens = trajectory(model, ids, ends, options.max_tokens)
        rows.append({"id": name, "label": label, "prompt_tokens": len(ids), "new_tokens": len(tokens),
                     "hbar": top_mean(tokens, "hbar"), "pri": top_mean(tokens, "pri"),
                     "seconds": time.perf_counter() - start, "tokens": tokens})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--task", choices=TASKS, default="qa")
    parser.add_argument("--answers", choices=("generated", "given"), default="generated")
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
