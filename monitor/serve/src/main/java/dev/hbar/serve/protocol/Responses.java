package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.Job;
import dev.hbar.serve.engine.ServedModel;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's {@code /v1/responses}, without state between requests. */
public final class Responses implements Endpoint {
  private static final int MOST_ALTERNATIVES = 20;

  private final Engine engine;

  /** Answers with the models of an engine. */
  public Responses(Engine engine) {
    this.engine = engine;
  }

  /** What a request asks for beside the text. */
  private record Wanted(
      String id,
      String item,
      long created,
      ObjectNode request,
      boolean logprobs,
      Uncertainty uncertainty) {}

  @Override
  public void answer(ObjectNode body, Reply reply) {
    Fields fields = Fields.of(body);
    fields.refuse(
        "is not supported: nothing is kept between requests, send the whole conversation as input",
        "previous_response_id",
        "conversation");
    if (fields.flag("background", false)) {
      throw fields.wrong("background", "is not supported: stream the answer instead");
    }
    boolean stream = fields.flag("stream", false);
    boolean logprobs =
        fields.list("include").stream()
            .anyMatch(entry -> "message.output_text.logprobs".equals(entry.textValue()));
    engine.on(
        fields.text("model").orElse(""),
        model -> {
          Wanted wanted =
              new Wanted(
                  OpenAi.id("resp_"),
                  OpenAi.id("msg_"),
                  engine.now(),
                  body,
                  logprobs,
                  SettingsReader.uncertainty(fields));
          Job job = job(fields, model, wanted);
          if (stream) {
            EventWriter writer = new EventWriter(job, wanted, reply.events());
            writer.begin();
            engine.run(job, writer);
          } else {
            reply.json(completed(job, wanted, engine.run(job, Completions.SILENT).getFirst()));
          }
          return true;
        });
  }

  private static Job job(Fields fields, ServedModel model, Wanted wanted) {
    GenerationSettings.Builder settings =
        SettingsReader.read(fields, List.of("max_output_tokens"), "stop");
    int top = fields.integer("top_logprobs", 0, MOST_ALTERNATIVES).orElse(0);
    return new Job(
        model,
        model.prompt(conversation(fields)),
        wanted.uncertainty().measured(settings.alternatives(wanted.logprobs() ? top : 0)),
        wanted.uncertainty().policy(),
        1);
  }

  private static Conversation conversation(Fields fields) {
    List<ObjectNode> turns = new ArrayList<>();
    fields.text("instructions").ifPresent(text -> turns.add(turn("system", text)));
    JsonNode input = fields.node("input").orElseThrow(() -> fields.wrong("input", "is missing"));
    if (input.isTextual()) {
      turns.add(turn("user", input.textValue()));
    } else {
      fields.objects("input").forEach(item -> turns.add(item(item)));
    }
    List<JsonNode> tools = new ArrayList<>();
    for (Fields tool : fields.objects("tools")) {
      if (!tool.requiredText("type").equals("function")) {
        throw tool.wrong("type", "must be function: this server runs no tools of its own");
      }
      ObjectNode function = OpenAi.JSON.objectNode();
      tool.all().forEach(function::set);
      function.remove("type");
      ObjectNode wrapped = OpenAi.JSON.objectNode().put("type", "function");
      wrapped.set("function", function);
      tools.add(wrapped);
    }
    boolean forbidden =
        fields.node("tool_choice").filter(choice -> "none".equals(choice.textValue())).isPresent();
    return Conversations.conversation(fields, turns, forbidden ? List.of() : tools);
  }

  private static ObjectNode turn(String role, String content) {
    return OpenAi.JSON.objectNode().put("role", role).put("content", content);
  }

  private static ObjectNode item(Fields item) {
    String type = item.text("type").orElse("message");
    return switch (type) {
      case "message" -> {
        String role = item.requiredText("role");
        yield turn(role.equals("developer") ? "system" : role, Conversations.text(item, "content"));
      }
      case "function_call" -> {
        ObjectNode turn = turn("assistant", "");
        ObjectNode call = turn.putArray("tool_calls").addObject();
        call.put("type", "function").put("id", item.requiredText("call_id"));
        ObjectNode function = call.putObject("function").put("name", item.requiredText("name"));
        function.set(
            "arguments",
            Conversations.parsed(
                item.node("arguments").orElseThrow(() -> item.wrong("arguments", "is missing"))));
        yield turn;
      }
      case "function_call_output" ->
          turn("tool", Conversations.text(item, "output"))
              .put("tool_call_id", item.requiredText("call_id"));
      default -> throw item.wrong("type", type + " is not supported");
    };
  }

  private static ObjectNode head(Job job, Wanted wanted, String status) {
    ObjectNode head = OpenAi.JSON.objectNode();
    head.put("id", wanted.id()).put("object", "response").put("created_at", wanted.created());
    head.put("status", status).putNull("error").putNull("incomplete_details");
    head.put("model", job.model().name());
    for (String echoed :
        List.of("instructions", "max_output_tokens", "temperature", "top_p", "metadata")) {
      head.set(
          echoed,
          wanted.request().path(echoed).isMissingNode()
              ? OpenAi.JSON.nullNode()
              : wanted.request().get(echoed));
    }
    head.put("parallel_tool_calls", true).putNull("previous_response_id").put("store", false);
    head.set("tool_choice", orElse(wanted, "tool_choice", OpenAi.JSON.textNode("auto")));
    head.set("tools", orElse(wanted, "tools", OpenAi.JSON.arrayNode()));
    return head;
  }

  private static JsonNode orElse(Wanted wanted, String name, JsonNode otherwise) {
    JsonNode value = wanted.request().get(name);
    return value == null || value.isNull() ? otherwise : value;
  }

  private static ObjectNode completed(Job job, Wanted wanted, Job.Answer answer) {
    boolean cut =
        switch (answer.result().stop()) {
          case LENGTH, TIMEOUT, HALTED -> true;
          case EOS, STOP, CANCELLED -> false;
        };
    ObjectNode body = head(job, wanted, cut ? "incomplete" : "completed");
    if (cut) {
      boolean halted = answer.result().stop() == StopReason.HALTED;
      body.putObject("incomplete_details")
          .put("reason", halted ? "content_filter" : "max_output_tokens");
    }
    body.putArray("output").add(message(job, wanted, answer, cut ? "incomplete" : "completed"));
    int generated = answer.result().tokens().size();
    ObjectNode usage = body.putObject("usage").put("input_tokens", job.prompt().length);
    usage.putObject("input_tokens_details").put("cached_tokens", answer.reusedTokens());
    usage.put("output_tokens", generated);
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    usage.put("total_tokens", job.prompt().length + generated);
    body.set("uncertainty", wanted.uncertainty().answer(job.policy().on(job.model()), answer));
    return body;
  }

  private static ObjectNode message(Job job, Wanted wanted, Job.Answer answer, String status) {
    ObjectNode message = OpenAi.JSON.objectNode().put("type", "message").put("id", wanted.item());
    message.put("role", "assistant").put("status", status);
    message.putArray("content").add(part(job, wanted, answer.text(), answer.tokens()));
    return message;
  }

  private static ObjectNode part(Job job, Wanted wanted, String text, List<GeneratedToken> tokens) {
    ObjectNode part = OpenAi.JSON.objectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.set("logprobs", logprobs(job, wanted, tokens));
    return part;
  }

  private static ArrayNode logprobs(Job job, Wanted wanted, List<GeneratedToken> tokens) {
    ArrayNode all = OpenAi.JSON.arrayNode();
    if (wanted.logprobs()) {
      tokens.stream()
          .filter(token -> !job.model().isEnd(token.id()))
          .forEach(token -> all.add(OpenAi.logprob(job.model().model().tokenizer(), token)));
    }
    return all;
  }

  /** Writes the numbered events of this protocol. */
  private static final class EventWriter implements Job.Sink {
    private final Job job;
    private final Wanted wanted;
    private final Reply.Events events;
    private final StreamedText sent = new StreamedText();
    private int number;

    private EventWriter(Job job, Wanted wanted, Reply.Events events) {
      this.job = job;
      this.wanted = wanted;
      this.events = events;
    }

    private void send(String name, ObjectNode data) {
      data.put("type", name).put("sequence_number", number++);
      events.send(name, data);
    }

    private ObjectNode response(ObjectNode response) {
      ObjectNode event = OpenAi.JSON.objectNode();
      event.set("response", response);
      return event;
    }

    private ObjectNode place() {
      return OpenAi.JSON
          .objectNode()
          .put("item_id", wanted.item())
          .put("output_index", 0)
          .put("content_index", 0);
    }

    private void begin() {
      ObjectNode begun = head(job, wanted, "in_progress");
      begun.putArray("output");
      begun.putNull("usage");
      send("response.created", response(begun.deepCopy()));
      send("response.in_progress", response(begun));
      ObjectNode item = OpenAi.JSON.objectNode().put("type", "message").put("id", wanted.item());
      item.put("role", "assistant").put("status", "in_progress").putArray("content");
      ObjectNode added = OpenAi.JSON.objectNode().put("output_index", 0);
      added.set("item", item);
      send("response.output_item.added", added);
      ObjectNode part = place();
      part.set("part", part(job, wanted, "", List.of()));
      send("response.content_part.added", part);
    }

    @Override
    public boolean isWaiting() {
      return sent.ping(events);
    }

    @Override
    public void token(int answer, GeneratedToken token) {
      sent.add(token.text());
      boolean described = wanted.logprobs() || wanted.uncertainty().tokens();
      if (token.text().isEmpty() && (!described || job.model().isEnd(token.id()))) {
        return;
      }
      ObjectNode event = delta(token.text(), List.of(token));
      if (wanted.uncertainty().tokens()) {
        event.set("uncertainty", wanted.uncertainty().token(job.policy().on(job.model()), token));
      }
      send("response.output_text.delta", event);
    }

    private ObjectNode delta(String text, List<GeneratedToken> tokens) {
      ObjectNode event = place().put("delta", text);
      event.set("logprobs", logprobs(job, wanted, tokens));
      return event;
    }

    @Override
    public void ended(int answer, Job.Answer end) {
      String rest = sent.rest(end.text());
      if (!rest.isEmpty()) {
        send("response.output_text.delta", delta(rest, List.of()));
      }
      ObjectNode text = place().put("text", end.text());
      text.set("logprobs", logprobs(job, wanted, end.tokens()));
      send("response.output_text.done", text);
      ObjectNode part = place();
      part.set("part", part(job, wanted, end.text(), end.tokens()));
      send("response.content_part.done", part);
      ObjectNode whole = completed(job, wanted, end);
      ObjectNode item = OpenAi.JSON.objectNode().put("output_index", 0);
      item.set("item", whole.get("output").get(0).deepCopy());
      send("response.output_item.done", item);
      boolean cut = whole.get("status").textValue().equals("incomplete");
      send(cut ? "response.incomplete" : "response.completed", response(whole));
    }
  }
}
