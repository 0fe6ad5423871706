"""Soaks a running server; see scripts/attack/soak. soak.py URL PID SECONDS REQUESTS FILE.

Prints figures, writes what the process held every two seconds to FILE as JSON lines, and ends with 1 if a check fails. PID is the
server's, whose memory, threads and descriptors are read in /proc.
"""
import concurrent.futures as futures
import http.client
import json
import os
import socket
import statistics
import sys
import threading
import time
from urllib.parse import urlparse

url, pid = urlparse(sys.argv[1]), sys.argv[2]
seconds, requests, record = float(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
failed = []
FILLING = 100  # prompts after which the prefix cache must be full


def post(path, body, connection=None):
    c = connection or http.client.HTTPConnection(url.hostname, url.port, timeout=600)
    c.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    r = c.getresponse()
    return r.status, r.read()


def chat(words, tokens, **more):
    return {"messages": [{"role": "user", "content": words}], "max_tokens": tokens, **more}


def events(body):
    """Time of every event that carries text."""
    c = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
    c.request("POST", "/v1/chat/completions", json.dumps({**body, "stream": True}))
    r, times, begun = c.getresponse(), [], time.monotonic()
    whole = False
    for line in r:
        if line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"].get("content"):
            times.append(time.monotonic() - begun)
        whole = whole or line.startswith(b"data: [DONE]")
    c.close()
    return times, whole


def process():
    """What the server holds now, in bytes and counts."""
    with open(f"/proc/{pid}/status") as f:
        status = dict(line.split(":", 1) for line in f)
    c = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
    c.request("GET", "/metrics")
    gauges = dict(line.split(" ") for line in c.getresponse().read().decode().splitlines() if line.startswith("hbar_mlx_"))
    c.close()
    return {
        "resident": int(status["VmRSS"].split()[0]) * 1024,
        "active": int(float(gauges["hbar_mlx_active_bytes"])),
        "cache": int(float(gauges["hbar_mlx_cache_bytes"])),
        "threads": int(status["Threads"]),
        "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
    }


class Watch(threading.Thread):
    """Writes down what the server holds every two seconds, under the name of what is being done."""

    def __init__(self):
        super().__init__(daemon=True)
        self.doing, self.over = "", threading.Event()

    def run(self):
        begun = time.monotonic()
        with open(record, "w") as f:
            while not self.over.wait(2):
                line = {"time": round(time.monotonic() - begun, 1), "doing": self.doing, **process()}
                f.write(json.dumps(line) + "\n")


def check(what, holds):
    print(("ok    " if holds else "FAILS ") + what, flush=True)
    if not holds:
        failed.append(what)


def figure(text):
    print("      " + text, flush=True)


def throughput():
    """Eight answers at once against the same eight one after the other."""
    bias = {"logit_bias": {"2": -100}}
    asks = [chat(f"Write about the number {i}.", 64, **bias) for i in range(8)]
    post("/v1/chat/completions", asks[0])
    begun = time.monotonic()
    alone = [json.loads(post("/v1/chat/completions", ask)[1]) for ask in asks]
    one = time.monotonic() - begun
    begun = time.monotonic()
    with futures.ThreadPoolExecutor(8) as pool:
        many = [json.loads(a[1]) for a in pool.map(lambda ask: post("/v1/chat/completions", ask), asks)]
    eight = time.monotonic() - begun
    same = sum(a["choices"][0]["message"] == b["choices"][0]["message"] for a, b in zip(alone, many))
    figure(f"8 answers of 64 tokens: {512 / one:.1f} tokens/s one by one, {512 / eight:.1f} together, ratio {one / eight:.2f}")
    check(f"greedy text in the batch is the text alone: {same} of 8", same == 8)


def fairness():
    """Time to the first token of a short prompt while a long one is read."""
    alone = statistics.median(events(chat(f"Hi {i}", 4))[0][0] for i in range(5))
    reading = threading.Thread(target=events, args=(chat("word " * 4000, 2),))
    reading.start()
    time.sleep(0.3)
    first = []
    while reading.is_alive() and len(first) < 20:
        first.append(events(chat(f"Hello {len(first)}", 4))[0][0])
    reading.join()
    figure(f"time to first token: {alone * 1000:.0f} ms alone, median {statistics.median(first) * 1000:.0f} ms and at most {max(first) * 1000:.0f} ms while 4,000 tokens are read ({len(first)} asked)")


def second_turn():
    text = "Remember this list. " + " ".join(f"item {i} is {i * 7 % 100}," for i in range(180))
    begun = time.monotonic()
    ask = chat(text, 16)
    first, _ = events(ask)
    said = json.loads(post("/v1/chat/completions", ask)[1])["choices"][0]["message"]["content"]
    turns = ask["messages"] + [{"role": "assistant", "content": said}, {"role": "user", "content": "And the last?"}]
    second, _ = events({"messages": turns, "max_tokens": 4})
    share = second[0] / first[0]
    figure(f"first turn starts after {first[0] * 1000:.0f} ms, second after {second[0] * 1000:.0f} ms")
    check(f"the second turn starts in {share:.1%} of the first's time, at most 15 %", share <= 0.15)


def vanish(i):
    s = socket.create_connection((url.hostname, url.port))
    body = json.dumps(chat(f"Tell me {i}", 400, stream=True, logit_bias={"2": -100})).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    s.sendall(head.encode() + body)
    s.recv(200 if i % 2 else 1)
    s.close()


def slow(i):
    s = socket.create_connection((url.hostname, url.port))
    body = json.dumps(chat(f"Slowly {i}", 40, stream=True)).encode()
    s.sendall(f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    text = b""
    while piece := s.recv(64):
        text += piece
        time.sleep(0.01)
    s.close()
    return b"[DONE]" in text


def streams():
    """Eight streams at once until the time is over, between clients that vanish or read slowly."""
    end, lost, told = time.monotonic() + seconds, [], []

    def talk(worker):
        n = 0
        while time.monotonic() < end:
            n += 1
            if worker == 0 and n % 3 == 0:
                vanish(n)
            elif worker == 1 and n % 3 == 0:
                if not slow(n):
                    lost.append(n)
            else:
                times, whole = events(chat(f"Stream {worker} {n}", 32))
                told.append(len(times))
                if not whole:
                    lost.append(n)

    with futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(talk, range(8)))
    check(f"{len(told)} streams and {sum(told)} pieces in {seconds:.0f} s, {len(lost)} lost", not lost)


def short():
    local = threading.local()

    def ask(i):
        if not hasattr(local, "c"):
            local.c = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
        return post("/v1/completions", {"prompt": f"{i % 50} and", "max_tokens": 1}, local.c)[0]

    begun = time.monotonic()
    with futures.ThreadPoolExecutor(8) as pool:
        bad = sum(status != 200 for status in pool.map(ask, range(requests)))
    taken = time.monotonic() - begun
    check(f"{requests} short requests, {requests / taken:.0f} a second, {bad} refused", bad == 0)


def fill():
    """Long prompts, then shorter ones, until the prefix cache lets go of as much as it takes."""
    held = [process()["active"]]
    for words in 1500, 200:
        sent = 0
        while sent < FILLING and (sent < 3 or held[-1] > 1.005 * held[-4]):
            post("/v1/completions", {"prompt": f"{len(held)} " + "more words " * words, "max_tokens": 2})
            held.append(process()["active"])
            sent += 1
    figure(f"the prefix cache is full after {len(held) - 1} prompts: {held[-1] / 1e6:,.0f} MB active")


def text(held):
    return ", ".join(f"{name} {n / 1e6:,.0f} MB" if n > 1e5 else f"{name} {n}" for name, n in held.items())


def held(when, *parts):
    """Does the parts, and says what is held when nothing has been asked for twelve seconds."""
    for part in parts:
        watch.doing = part.__name__
        part()
    watch.doing = ""
    time.sleep(12)
    now = process()
    figure(f"{when}: {text(now)}")
    return now


watch = Watch()
watch.start()
before = held("before", throughput, fairness, second_turn, fill)
after = held("after", streams, short)
watch.over.set()
watch.join()
for what in "threads", "descriptors":
    check(f"{what} are back", after[what] <= before[what] + 4)
sys.exit(bool(failed))
