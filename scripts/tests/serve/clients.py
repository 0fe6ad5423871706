"""The official Python clients of OpenAI and Anthropic against a running server: python3 clients.py URL. Prints a transcript."""
import json
import sys

import anthropic
import openai

url = sys.argv[1]
chat = openai.OpenAI(base_url=url + "/v1", api_key="none")
claude = anthropic.Anthropic(base_url=url, api_key="none")
model = chat.models.list().data[0].id
question = [{"role": "user", "content": "What is the capital of France?"}]
schema = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 20}, "people": {"type": "integer", "minimum": 0, "maximum": 9999999}},
    "required": ["city", "people"],
    "additionalProperties": False,
}


def said(what, value):
    print(f"{what}: {value!r}", flush=True)
    return value


def refused(kind, ask):
    try:
        ask()
    except kind as e:
        said(kind.__module__.split(".")[0] + "." + kind.__name__, str(e))
    else:
        sys.exit(f"{kind.__name__} did not come")


answer = chat.chat.completions.create(model=model, messages=question, max_tokens=12, logprobs=True, top_logprobs=2)
text = said("chat", answer.choices[0].message.content)
assert "Paris" in text
entry = answer.choices[0].logprobs.content[0]
assert bytes(entry.bytes).decode() == entry.token and len(entry.top_logprobs) == 2
assert said("uncertainty", answer.choices[0].uncertainty)["mean_surprise"] > 0

parts, usage, surprises = [], None, []
for chunk in chat.chat.completions.create(
    model=model, messages=question, max_tokens=12, stream=True, stream_options={"include_usage": True}, extra_body={"uncertainty": True}
):
    usage = chunk.usage or usage
    for choice in chunk.choices:
        parts.append(choice.delta.content or "")
        surprises += [choice.uncertainty["surprise"]] if "surprise" in (getattr(choice, "uncertainty", None) or {}) else []
assert "".join(parts) == text and usage.completion_tokens == answer.usage.completion_tokens
# The token that ends the text is no part of it.
assert usage.completion_tokens - len(surprises) == (answer.choices[0].finish_reason == "stop")
said("streamed surprises", [round(s, 2) for s in surprises])

echo = chat.completions.create(model=model, prompt="The capital of France is", max_tokens=3, logprobs=2, echo=True)
said("echo", list(zip(echo.choices[0].logprobs.tokens, echo.choices[0].logprobs.token_logprobs)))
assert echo.choices[0].logprobs.token_logprobs[0] is None

bound = chat.chat.completions.create(
    model=model,
    messages=question,
    max_tokens=80,
    response_format={"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": schema}},
)
value = json.loads(said("json_schema", bound.choices[0].message.content))
assert set(value) == {"city", "people"} and isinstance(value["people"], int)

tool = {"type": "function", "function": {"name": "look_up", "description": "Facts of a city.", "parameters": schema}}
called = chat.chat.completions.create(model=model, messages=question, max_tokens=80, tools=[tool], tool_choice="required")
call = called.choices[0].message.tool_calls[0]
assert called.choices[0].finish_reason == "tool_calls" and call.function.name == "look_up"
assert set(json.loads(said("tool call", call.function.arguments))) == {"city", "people"}
turns = question + [called.choices[0].message.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": "found"}]
said("after the tool", chat.chat.completions.create(model=model, messages=turns, max_tokens=8).choices[0].message.content)

response = chat.responses.create(model=model, input=question[0]["content"], max_output_tokens=12)
assert said("response", response.output_text) == text
with chat.responses.stream(model=model, input=question[0]["content"], max_output_tokens=12) as stream:
    kinds = [event.type for event in stream]
    assert stream.get_final_response().output_text == text
said("events", sorted(set(kinds)))
flat = {"type": "function", **tool["function"]}
with chat.responses.stream(model=model, input="Paris?", max_output_tokens=80, tools=[flat], tool_choice="required") as stream:
    for event in stream:
        pass
    item = stream.get_final_response().output[0]
assert item.type == "function_call" and set(json.loads(said("streamed call", item.arguments))) == {"city", "people"}

vectors = chat.embeddings.create(model=model, input=["hello world", "bye"])
assert len(vectors.data) == 2 and len(vectors.data[0].embedding) == len(vectors.data[1].embedding)

message = claude.messages.create(model=model, max_tokens=12, messages=question)
assert said("message", message.content[0].text) == text
with claude.messages.stream(model=model, max_tokens=12, messages=question) as stream:
    assert "".join(stream.text_stream) == text
stopped = claude.messages.create(model=model, max_tokens=12, messages=question, stop_sequences=["Paris"])
assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "Paris")
used = claude.messages.create(
    model=model, max_tokens=80, messages=question, tools=[{"name": "look_up", "input_schema": schema}], tool_choice={"type": "tool", "name": "look_up"}
)
assert used.stop_reason == "tool_use" and set(said("tool use", used.content[0].input)) == {"city", "people"}
with claude.messages.stream(
    model=model, max_tokens=80, messages=question, tools=[{"name": "look_up", "input_schema": schema}], tool_choice={"type": "any"}
) as stream:
    final = stream.get_final_message()
assert final.content[0].type == "tool_use" and final.content[0].input == used.content[0].input

refused(openai.NotFoundError, lambda: chat.chat.completions.create(model="none", messages=question))
refused(openai.BadRequestError, lambda: chat.chat.completions.create(model=model, messages=question, temperature=-1))
refused(anthropic.NotFoundError, lambda: claude.messages.create(model="none", max_tokens=1, messages=question))
refused(anthropic.BadRequestError, lambda: claude.messages.create(model=model, max_tokens=0, messages=question))
print("all held")
