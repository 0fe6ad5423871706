"""Sends malformed requests to a running server; see scripts/attack/serve. serve.py URL PID [TEXT...]."""
import json
import os
import re
import socket
import sys
import time
from urllib.parse import urlparse

url, pid, chosen = urlparse(sys.argv[1]), sys.argv[2], sys.argv[3:]
WAIT = 20
USER = [{"role": "user", "content": "Hi"}]
SOUND = {
    "/v1/chat/completions": {"messages": USER, "max_tokens": 1},
    "/v1/completions": {"prompt": "Hi", "max_tokens": 1},
    "/v1/responses": {"input": "Hi", "max_output_tokens": 1},
    "/v1/messages": {"messages": USER, "max_tokens": 1},
    "/v1/embeddings": {"input": "Hi"},
    "/v1/score": {"prompt": "Hi", "answer": "there"},
    "/v1/tokenize": {"text": "Hi"},
}
GET = ["/v1/models", "/v1/models/x", "/health", "/ready", "/metrics", "/openapi.json", "/"]
SETTINGS = """temperature top_k top_p min_p seed repetition_penalty presence_penalty frequency_penalty logit_bias timeout
    uncertainty stream model""".split()
FIELDS = {
    "/v1/chat/completions": """messages max_tokens max_completion_tokens stop n tools tool_choice response_format logprobs
        top_logprobs documents chat_template_kwargs stream_options""".split() + SETTINGS,
    "/v1/completions": "prompt max_tokens stop n echo logprobs suffix best_of stream_options".split() + SETTINGS,
    "/v1/responses": """input instructions max_output_tokens tools tool_choice text include top_logprobs background metadata
        previous_response_id""".split() + SETTINGS,
    "/v1/messages": "messages system max_tokens stop_sequences tools tool_choice".split() + SETTINGS,
    "/v1/embeddings": "input model encoding_format dimensions".split(),
    "/v1/score": "prompt answer model".split(),
    "/v1/tokenize": "text messages model add_special_tokens".split(),
}
# Texts of JSON, so that what json.dumps would not write can be sent.
VALUES = {
    "true": "true",
    "minus": "-1",
    "fraction": "0.5",
    "over-int": "2147483648",
    "over-long": "9223372036854775808",
    "over-double": "1e400",
    "long-number": "1" * 900,
    "empty": '""',
    "word": '"x"',
    "nul": '"a\\u0000b"',
    "surrogate": '"a\\ud800"',
    "bidi": '"a\\u202eb"',
    "escape": '"\\u001b[31m\\r\\n"',
    "list": "[]",
    "null-in-list": "[null]",
    "numbers": "[1, -1, 1e99]",
    "nested": "[[[]]]",
    "object": "{}",
    "odd-object": '{"\\ud800": [{}], "type": 5, "": null}',
    "typed-list": '[{"type": "text"}, {"role": []}, "x"]',
}
OBJECTS = {
    "messages": ['[{"role": "user"}]', '[{"role": "\\u202e", "content": "x"}]', '[{"role": "tool", "content": [{"type": "image_url"}]}]',
                 '[{"role": "assistant", "tool_calls": [{"function": {"arguments": "{"}}]}]',
                 '[{"role": "user", "content": "x", "tool_calls": {}}]', '[{"role": "user", "content": [{"type": "text", "text": 1}]}]',
                 '[{"role": "assistant", "content": [{"type": "tool_use"}]}]', '[{"role": "user", "content": [{"type": "tool_result"}]}]'],
    "input": ['[{"type": "function_call"}]', '[{"type": "function_call_output", "call_id": 1}]', '[{"type": "message", "role": "user"}]',
              '[{"type": "message", "role": "user", "content": [{"type": "input_image"}]}]', '["", ""]', '[[1, 2], "x"]'],
    "tools": ['[{"type": "function"}]', '[{"type": "function", "function": {"name": ""}}]',
              '[{"type": "function", "function": {"name": "f", "parameters": []}}]', '[{"name": "f", "input_schema": 1}]',
              '[{"type": "function", "name": "f", "parameters": {"type": "nothing"}}]'],
    "tool_choice": ['{"type": "function"}', '{"type": "tool", "name": "none"}', '"required"', '{"type": "any"}'],
    "response_format": ['{"type": "json_schema"}', '{"type": "json_schema", "json_schema": {"schema": {"type": "integer", "minimum": 1e400}}}',
                        '{"type": "json_schema", "json_schema": {"schema": {"$ref": "#"}}}',
                        '{"type": "json_schema", "json_schema": {"schema": {"enum": []}}}',
                        '{"type": "json_schema", "json_schema": {"schema": {"type": "string", "pattern": "("}}}',
                        '{"type": "json_schema", "json_schema": {"schema": {"type": "string", "maxLength": -1}}}',
                        '{"type": "json_schema", "json_schema": {"schema": {"type": "array", "minItems": 2147483647, "items": {}}}}',
                        '{"type": "json_schema", "json_schema": {"schema": {"type": "object", "required": ["b"], "properties": {"a": false}}}}'],
    "text": ['{"format": 1}', '{"format": {"type": "json_schema", "schema": {"$ref": "http://localhost/x"}}}'],
    "logit_bias": ['{"x": 1}', '{"-1": 1}', '{"999999999": 1}', '{"1": 1e400}', '{"1": null}'],
    "uncertainty": ['{"policy": "stop"}', '{"threshold": 2}', '{"text": 1}', '{"tokens": "yes"}'],
    "stream_options": ['{"include_usage": "yes"}'],
    "stop": ['["a", ""]', json.dumps(["a"] * 17), json.dumps("a" * 1001)],
    "chat_template_kwargs": ['{"messages": 1}', '{"bos_token": []}', '{"add_generation_prompt": {}}', '{"tools": 1}'],
}


def post(path, body, *headers, host="localhost"):
    body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def line(text, *headers, body=b""):
    return ("\r\n".join([text, *headers]) + "\r\n\r\n").encode("latin-1") + body


def cases():
    """Name, path, bytes, and whether an answer without an error is right too."""
    for path, sound in SOUND.items():
        whole = json.dumps(sound)
        for name, body in bodies(whole):
            yield f"body {name}", path, post(path, body), False
        for field in FIELDS[path]:
            rest = whole[1:] if field not in sound else json.dumps({k: v for k, v in sound.items() if k != field})[1:]
            for name, value in [*VALUES.items(), *((f"odd{i}", v) for i, v in enumerate(OBJECTS.get(field, [])))]:
                comma = "" if rest == "}" else ", "
                yield f"field {field} {name}", path, post(path, "{" + json.dumps(field) + ": " + value + comma + rest), True
        for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"]:
            yield f"method {method}", path, line(f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"), False
        for name, raw, fine in wire(path, whole):
            yield f"wire {name}", path, raw, fine
    for path in GET:
        for method in ["POST", "PUT", "DELETE", "PATCH"]:
            yield f"method {method}", path, line(f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", "Content-Length: 2", body=b"{}"), False
    for path in ["/../../etc/passwd", "/..%2f..%2fetc/passwd", "/page/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%00", "/%", "/%zz",
                 "/v1/models/..%2f..%2f..%2fetc%2fpasswd", "/v1/models/%e2%80%ae", "/v1//models", "/\\..\\..\\windows", "/" + "a" * 3000,
                 "/v1/models/" + "../" * 200, "//evil.example/", "/v1/models?" + "a=b&" * 500, "/index.html%00.js", "/page.js/", "/v1/models/;x=y"]:
        yield f"path {path[:30]}", path, line(f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close"), "?" in path or path == "/v1//models"
    for name, raw in lines():
        yield f"line {name}", "", raw, False


def bodies(whole):
    yield "none", ""
    yield "blank", " \n"
    yield "cut", whole[:-1]
    yield "twice", whole + whole
    yield "list", "[" + whole + "]"
    yield "text", json.dumps(whole)
    yield "null", "null"
    yield "number", "1" * 2000
    yield "single quotes", whole.replace('"', "'")
    yield "comment", "/* */" + whole
    yield "NaN", whole[:-1] + ', "temperature": NaN}'
    yield "same key twice", whole[:-1] + ', "model": "a", "model": "b"}'
    yield "deep list", whole[:-1] + ', "x": ' + "[" * 100_000
    yield "deep object", whole[:-1] + ', "x": ' + '{"a":' * 5000 + "1" + "}" * 5000 + "}"
    yield "deep right field", '{"messages": ' + "[" * 999 + "]" * 999 + "}"
    yield "long name", whole[:-1] + ', "' + "k" * 60_000 + '": 1}'
    yield "latin-1", whole.replace("Hi", "H\xe9").encode("latin-1")
    yield "overlong", whole.replace("Hi", "H").encode().replace(b'"H"', b'"\xc0\x80"')
    yield "surrogate bytes", whole.replace("Hi", "\ud800")
    yield "cut character", whole.encode().replace(b"Hi", b"\xf0\x9f\x98")
    yield "control in text", whole.replace("Hi", "a\x01b")
    yield "zeros", b"\0" * 500
    yield "half a surrogate name", whole[:-1] + ', "\\ud8zz": 1}'
    yield "gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
    yield "UTF-16", b"\xff\xfe\x00"


def wire(path, whole):
    """Requests whose framing is wrong, and some that are odd and right."""
    head = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    size = f"Content-Length: {len(whole)}"
    body = whole.encode()
    chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    yield "content type", line(*head, size, "Content-Type: image/png", body=body), True
    yield "charset", line(*head, size, "Content-Type: application/json; charset=ebcdic", body=body), True
    yield "broken content type", line(*head, size, "Content-Type: ;;;/", body=body), True
    yield "broken accept", line(*head, size, "Accept: ;q=x/,,", body=body), True
    yield "encoding", line(*head, size, "Content-Encoding: gzip", body=body), True
    yield "chunks", line(*head, "Transfer-Encoding: chunked", body=chunk), True
    yield "chunk without number", line(*head, "Transfer-Encoding: chunked", body=b"zz\r\n" + body), False
    yield "negative chunk", line(*head, "Transfer-Encoding: chunked", body=b"-5\r\n" + body), False
    yield "endless chunk number", line(*head, "Transfer-Encoding: chunked", body=b"f" * 300 + b"\r\n" + body), False
    yield "huge chunk", line(*head, "Transfer-Encoding: chunked", body=b"7fffffffffffffff\r\n" + body), False
    yield "chunk cut", line(*head, "Transfer-Encoding: chunked", body=chunk[:-9]), False
    yield "unknown transfer", line(*head, "Transfer-Encoding: cow", body=body), False
    yield "both lengths", line(*head, size, "Transfer-Encoding: chunked", body=chunk), True
    yield "length no number", line(*head, "Content-Length: ten", body=body), False
    yield "negative length", line(*head, "Content-Length: -5", body=body), False
    yield "huge length", line(*head, "Content-Length: 9223372036854775808", body=body), False
    yield "long length", line(*head, "Content-Length: 999999999999", body=body), False
    yield "two lengths", line(*head, size, "Content-Length: 3", body=body), False
    yield "short body", line(*head, f"Content-Length: {len(body) + 9}", body=body), False
    yield "no length", line(*head), False
    yield "expect", line(*head, size, "Expect: 100-continue", body=body), True
    yield "odd expect", line(*head, size, "Expect: wonders", body=body), True
    yield "other host", post(path, whole, host="evil.example"), False
    yield "no host", line(head[0], size, "Connection: close", body=body), False
    yield "broken host", post(path, whole, host="[::1"), False
    yield "other origin", post(path, whole, "Origin: http://localhost:1"), False
    yield "key", post(path, whole, "Authorization: Bearer \xe9\xff"), True
    yield "http2 upgrade", post(path, whole, "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), True
    yield "web socket", post(path, whole, "Upgrade: websocket", "Sec-WebSocket-Key: x"), True


def lines():
    yield "none", b"\r\n\r\n\r\n"
    yield "word", b"HELLO\r\n\r\n"
    yield "no version", b"GET /health\r\nHost: localhost\r\n\r\n"
    yield "http 9", b"GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n"
    yield "no path", b"GET  HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield "bare path", b"GET health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield "long", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield "endless", b"A" * 200_000
    yield "bytes", bytes(range(256)) * 4 + b"\r\n\r\n"
    yield "tls", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200 + b"\r\n\r\n"
    yield "huge header", line("GET /health HTTP/1.1", "Host: localhost", "X: " + "a" * 100_000)
    yield "many headers", line("GET /health HTTP/1.1", "Host: localhost", *(f"X{i}: {i}" for i in range(20_000)))
    yield "header without colon", line("GET /health HTTP/1.1", "Host: localhost", "nothing")
    yield "header of a blank", line("GET /health HTTP/1.1", "Host: localhost", "a b: c")
    yield "header with a zero", line("GET /health HTTP/1.1", "Host: localhost", "X: a\0b")
    yield "folded header", line("GET /health HTTP/1.1", "Host: localhost", "X: a", "  b")
    yield "bare line feeds", b"GET /health HTTP/1.1\nHost: localhost\n\n"
    yield "http2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 40


def exchange(raw):
    """Status and body of the first answer; 0 where the connection was closed without one."""
    with socket.create_connection((url.hostname, url.port), timeout=WAIT) as s:
        try:
            s.sendall(raw)
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before all was sent
        said = b""
        try:
            while piece := s.recv(65536):
                said += piece
        except ConnectionResetError:
            pass
    said = re.sub(rb"^HTTP/1.1 100 Continue\r\n\r\n", b"", said)
    if not said:
        return 0, b""
    head, _, body = said.partition(b"\r\n\r\n")
    if b"chunked" in head.lower():
        body = unchunked(body)
    return int(head.split()[1]), body


def unchunked(body):
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return whole


def wrong(path, raw, fine):
    """What is wrong with the server's answer to a case, or nothing."""
    try:
        status, body = exchange(raw)
    except (TimeoutError, socket.timeout):
        return "hangs"
    if status == 0:
        return "" if not path else "closed without an answer"
    if status >= 500:
        return f"{status} {body[:300]!r}"
    if status < 400:
        return "" if fine else f"{status} for a request that is wrong"
    try:
        said = json.loads(body)
        error = said["error"]
        text, kind = error["message"], error["type"]
    except (ValueError, KeyError, TypeError):
        return f"{status} not in the protocol's form: {body[:100]!r}"
    if path == "/v1/messages" and said.get("type") != "error":
        return "not in Anthropic's form"
    if not kind or len(text) > 1003 or re.search("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text):
        return f"{status} {text[:300]!r}"
    return ""


def measured():
    try:
        with open(f"/proc/{pid}/status") as f:
            threads = int(re.search(r"Threads:\s*(\d+)", f.read()).group(1))
        return threads, len(os.listdir(f"/proc/{pid}/fd"))
    except FileNotFoundError:
        return 0, 0


def clients():
    """Clients that do not do as clients do; a wrong one is told by its name."""
    body = json.dumps({**SOUND["/v1/completions"], "prompt": "The capital of France is"}).encode()
    whole = line("POST /v1/completions HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", body=body)
    address = (url.hostname, url.port)
    with socket.create_connection(address, timeout=WAIT) as s:
        s.sendall(whole * 5)
        said = b""
        while said.count(b"HTTP/1.1 200") < 5:
            piece = s.recv(65536)
            if not piece:
                break
            said += piece
        yield "client pipelines", said.count(b" Paris") == 5
    with socket.create_connection(address, timeout=WAIT) as s:
        for i in range(0, len(whole), 8):
            s.sendall(whole[i : i + 8])
            time.sleep(0.02)
        yield "client writes slowly", b" Paris" in s.recv(65536)
    stalled = []
    for part in [b"", b"POST", whole[:40], whole[:-30]] * 10:
        s = socket.create_connection(address, timeout=WAIT)
        s.sendall(part)
        stalled.append(s)
    yield "40 clients stall and others are answered", exchange(post("/v1/completions", body))[0] == 200
    for s in stalled:
        s.close()
    for i in range(40):
        s = socket.create_connection(address, timeout=WAIT)
        s.sendall(whole[: 20 + 3 * i])
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.close()
    yield "40 clients reset", exchange(post("/v1/completions", body))[0] == 200


def main():
    exchange(post("/v1/completions", json.dumps(SOUND["/v1/completions"])))
    before, count, failed = measured(), 0, 0
    for name, path, raw, fine in cases():
        if chosen and not any(text in f"{path} {name}" for text in chosen):
            continue
        count += 1
        begun = time.monotonic()
        problem = wrong(path, raw, fine)
        if time.monotonic() - begun > 5:
            problem = problem or f"took {time.monotonic() - begun:.1f} s"
        if problem:
            failed += 1
            print(f"FAILS {path} {name}: {problem}", flush=True)
    for name, holds in clients():
        count += 1
        failed += not holds
        print(f"{'ok   ' if holds else 'FAILS'} {name}", flush=True)
    status, body = exchange(post("/v1/completions", json.dumps({"prompt": "The capital of France is", "max_tokens": 1})))
    right = status == 200 and json.loads(body)["choices"][0]["text"] == " Paris"
    for _ in range(20):
        after = measured()
        if after[0] <= before[0] + 4 and after[1] <= before[1] + 4:
            break
        time.sleep(1)
    none = b'status="5' not in exchange(line("GET /metrics HTTP/1.1", "Host: localhost", "Connection: close"))[1]
    flat = after[0] <= before[0] + 4 and after[1] <= before[1] + 4
    print(f"{'ok   ' if right else 'FAILS'} the answer afterwards is right")
    print(f"{'ok   ' if flat else 'FAILS'} threads and descriptors before {before}, after {after}")
    print(f"{'ok   ' if none else 'FAILS'} nothing was counted as a failure of the server")
    print(f"{count} requests, {failed} wrong")
    sys.exit(failed > 0 or not (right and flat and none))


main()
