package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.AnswerPart;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.serve.engine.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes an answer as the numbered events of OpenAI's responses. One answer, one thread. */
final class ResponseEvents implements Job.Sink {
  private final Job job;
  private final Responses.Wanted wanted;
  private final Reply.Events events;
  private final AnswerParts parts;
  private final StreamedText sent = new StreamedText();
  private final List<AnswerPart> said = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final String reasoning = OpenAi.id("rs_");
  private final String message = OpenAi.id("msg_");
  // The id of the item that is open, empty before the first, and its place.
  private String open = "";
  private int place = -1;
  private int number;

  ResponseEvents(Job job, Responses.Wanted wanted, Reply.Events events) {
    this.job = job;
    this.wanted = wanted;
    this.events = events;
    this.parts = wanted.parts(job);
  }

  private void send(String name, ObjectNode data) {
    data.put("type", name).put("sequence_number", number++);
    events.send(name, data);
  }

  private static ObjectNode with(String name, ObjectNode inner) {
    ObjectNode event = OpenAi.JSON.objectNode();
    event.set(name, inner);
    return event;
  }

  private ObjectNode at() {
    return OpenAi.JSON.objectNode().put("item_id", open).put("output_index", place);
  }

  private ObjectNode inPart() {
    return at().put("content_index", 0);
  }

  /** The events before the first token. */
  void begin() {
    ObjectNode begun = Responses.head(job, wanted, "in_progress");
    begun.putArray("output");
    begun.putNull("usage");
    send("response.created", with("response", begun.deepCopy()));
    send("response.in_progress", with("response", begun));
  }

  /** Opens an item behind the last one. */
  private void open(String id, ObjectNode item) {
    close();
    open = id;
    place++;
    item.put("id", id).put("status", "in_progress");
    send("response.output_item.added", with("item", item).put("output_index", place));
  }

  /** Ends the open item; its text is all that was said of its kind. */
  private void close() {
    Answer whole = Answer.of(said);
    if (open.equals(reasoning)) {
      send("response.reasoning_text.done", inPart().put("text", whole.reasoning()));
      ObjectNode item = OpenAi.JSON.objectNode().put("type", "reasoning").put("id", open);
      item.put("status", "completed").putArray("summary");
      done(item);
    } else if (open.equals(message)) {
      send("response.output_text.done", inPart().put("text", whole.content()));
      ObjectNode part = Responses.part(job, wanted, whole.content(), List.of());
      send("response.content_part.done", inPart().<ObjectNode>set("part", part));
      ObjectNode item = OpenAi.JSON.objectNode().put("type", "message").put("id", open);
      item.put("role", "assistant").put("status", "completed");
      item.putArray("content").add(part.deepCopy());
      done(item);
    }
    open = "";
  }

  private void done(ObjectNode item) {
    send("response.output_item.done", with("item", item).put("output_index", place));
  }

  @Override
  public boolean isWaiting() {
    return sent.ping(events);
  }

  @Override
  public void token(int answer, GeneratedToken token) {
    sent.add(token.text());
    List<AnswerPart> certain = parts.add(token);
    boolean described = wanted.logprobs() || wanted.uncertainty().tokens();
    for (int i = 0; i < certain.size() - 1; i++) {
      write(certain.get(i), Optional.empty());
    }
    if (!certain.isEmpty()) {
      write(certain.getLast(), Optional.of(token));
    } else if (described && open.equals(message) && !job.model().isEnd(token.id())) {
      write(new AnswerPart.Content(""), Optional.of(token));
    }
  }

  private void write(AnswerPart part, Optional<GeneratedToken> token) {
    said.add(part);
    switch (part) {
      case AnswerPart.Content(String text) -> {
        if (!open.equals(message)) {
          openMessage();
        }
        ObjectNode event = inPart().put("delta", text);
        event.set("logprobs", Responses.logprobs(job, wanted, token.stream().toList()));
        send("response.output_text.delta", described(event, token));
      }
      case AnswerPart.Reasoning(String text) -> {
        if (!open.equals(reasoning)) {
          ObjectNode item = OpenAi.JSON.objectNode().put("type", "reasoning");
          item.putArray("summary");
          open(reasoning, item);
        }
        send("response.reasoning_text.delta", described(inPart().put("delta", text), token));
      }
      case AnswerPart.Call(ToolCall call) -> write(call);
    }
  }

  private ObjectNode described(ObjectNode event, Optional<GeneratedToken> token) {
    if (wanted.uncertainty().tokens()) {
      token.ifPresent(
          one ->
              event.set(
                  "uncertainty", wanted.uncertainty().token(job.policy().on(job.model()), one)));
    }
    return event;
  }

  private void openMessage() {
    ObjectNode item = OpenAi.JSON.objectNode().put("type", "message").put("role", "assistant");
    item.putArray("content");
    open(message, item);
    ObjectNode part = Responses.part(job, wanted, "", List.of());
    send("response.content_part.added", inPart().<ObjectNode>set("part", part));
  }

  private void write(ToolCall call) {
    String id = OpenAi.id("fc_");
    calls.add(id);
    ObjectNode item = Responses.call(id, call);
    open(id, item.deepCopy().put("arguments", ""));
    send("response.function_call_arguments.delta", at().put("delta", call.arguments()));
    ObjectNode whole = at().put("name", call.name()).put("arguments", call.arguments());
    send("response.function_call_arguments.done", whole);
    done(item);
    open = "";
  }

  @Override
  public void ended(int answer, Job.Answer end) {
    parts.finish(end).forEach(part -> write(part, Optional.empty()));
    if (place < 0) {
      openMessage();
    }
    close();
    Responses.Items items = new Responses.Items(Answer.of(said), reasoning, message, calls);
    ObjectNode whole = Responses.completed(job, wanted, end, items);
    String status = whole.get("status").textValue();
    send("response." + status, with("response", whole));
  }
}
