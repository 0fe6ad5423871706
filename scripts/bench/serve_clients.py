"""Clients of a server with OpenAI's protocol, all at once: tokens a second together, and seconds to the first token of each."""
import concurrent.futures
import contextlib
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request

PROMPT = "Story number {}: in a small town by the sea there lived a clockmaker who had never been late. One morning"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def serving(command, patience=120):
    """Runs a server, `{port}` in its command replaced; gives its address once it answers."""
    port = free_port()
    started = subprocess.Popen([part.format(port=port) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                urllib.request.urlopen(f"{address}/v1/models", timeout=5).read()
                break
            except (urllib.error.URLError, OSError):
                if started.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{command[0]} does not answer") from None
                time.sleep(0.2)
        yield address
    finally:
        started.terminate()
        started.wait(30)


def stream(address, model, number, tokens):
    """One answer: (tokens, seconds to the first, seconds to the last)."""
    body = {"model": model, "prompt": PROMPT.format(number), "max_tokens": tokens, "temperature": 0, "stream": True}
    request = urllib.request.Request(f"{address}/v1/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
    start, first, count = time.perf_counter(), None, 0
    with urllib.request.urlopen(request, timeout=600) as answer:
        for line in answer:
            if line.startswith(b"data: {") and json.loads(line[6:]).get("choices"):
                first = first or time.perf_counter() - start
                count += 1
    return count, first, time.perf_counter() - start


def together(address, model, clients, tokens):
    """Tokens a second of all clients together, and the seconds to the first token of each."""
    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(lambda number: stream(address, model, number, tokens), range(clients)))
    return sum(answer[0] for answer in answers) / (time.perf_counter() - start), [answer[1] for answer in answers]
