package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.Job;
import dev.hbar.serve.engine.ServedModel;
import java.util.ArrayList;
import java.util.List;

/** Anthropic's {@code /v1/messages}. */
public final class Messages implements Endpoint {
  private final Engine engine;

  /** Answers with the models of an engine. */
  public Messages(Engine engine) {
    this.engine = engine;
  }

  @Override
  public void answer(ObjectNode body, Reply reply) {
    Fields fields = Fields.of(body);
    if (!fields.has("max_tokens")) {
      throw fields.wrong("max_tokens", "is missing");
    }
    boolean stream = fields.flag("stream", false);
    Uncertainty uncertainty = SettingsReader.uncertainty(fields);
    engine.on(
        fields.text("model").orElse(""),
        model -> {
          Job job = job(fields, model, uncertainty);
          if (stream) {
            EventWriter writer = new EventWriter(job, uncertainty, reply.events());
            writer.begin();
            engine.run(job, writer);
          } else {
            reply.json(whole(job, uncertainty, engine.run(job, Completions.SILENT).getFirst()));
          }
          return true;
        });
  }

  private static Job job(Fields fields, ServedModel model, Uncertainty uncertainty) {
    GenerationSettings.Builder settings =
        SettingsReader.read(fields, List.of("max_tokens"), "stop_sequences");
    return new Job(
        model,
        model.prompt(conversation(fields)),
        uncertainty.measured(settings),
        uncertainty.policy(),
        1);
  }

  private static Conversation conversation(Fields fields) {
    List<ObjectNode> turns = new ArrayList<>();
    if (fields.has("system")) {
      turns.add(turn("system", Conversations.text(fields, "system")));
    }
    List<Fields> messages = fields.objects("messages");
    if (messages.isEmpty()) {
      throw fields.wrong("messages", "must hold at least one message");
    }
    messages.forEach(message -> turns.addAll(turns(message)));
    List<JsonNode> tools = fields.objects("tools").stream().map(Messages::tool).toList();
    boolean forbidden =
        fields
            .object("tool_choice")
            .flatMap(choice -> choice.text("type"))
            .filter("none"::equals)
            .isPresent();
    return Conversations.conversation(fields, turns, forbidden ? List.of() : tools);
  }

  private static ObjectNode turn(String role, String content) {
    return OpenAi.JSON.objectNode().put("role", role).put("content", content);
  }

  /** A message's text in one turn, results of tools in turns of their own before it. */
  private static List<ObjectNode> turns(Fields message) {
    String role = message.requiredText("role");
    if (message.node("content").filter(JsonNode::isTextual).isPresent()) {
      return List.of(turn(role, Conversations.text(message, "content")));
    }
    List<ObjectNode> turns = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    ArrayNode calls = OpenAi.JSON.arrayNode();
    for (Fields block : message.objects("content")) {
      String type = block.requiredText("type");
      switch (type) {
        case "text" -> text.append(block.requiredText("text"));
        case "thinking", "redacted_thinking" -> {}
        case "tool_use" -> calls.add(call(block));
        case "tool_result" -> turns.add(result(block));
        default ->
            throw block.wrong("type", type + " is not supported: this server reads text only");
      }
    }
    if (!text.isEmpty() || !calls.isEmpty() || turns.isEmpty()) {
      ObjectNode turn = turn(role, text.toString());
      if (!calls.isEmpty()) {
        turn.set("tool_calls", calls);
      }
      turns.add(turn);
    }
    return turns;
  }

  private static ObjectNode call(Fields block) {
    ObjectNode call = OpenAi.JSON.objectNode().put("type", "function");
    call.put("id", block.requiredText("id"));
    ObjectNode function = call.putObject("function");
    function.put("name", block.requiredText("name"));
    function.set("arguments", block.node("input").orElseGet(OpenAi.JSON::objectNode));
    return call;
  }

  private static ObjectNode result(Fields block) {
    String content = block.has("content") ? Conversations.text(block, "content") : "";
    return turn("tool", content).put("tool_call_id", block.requiredText("tool_use_id"));
  }

  /** The form that templates know, which is OpenAI's. */
  private static JsonNode tool(Fields tool) {
    ObjectNode function = OpenAi.JSON.objectNode();
    function.put("name", tool.requiredText("name"));
    tool.text("description").ifPresent(text -> function.put("description", text));
    function.set("parameters", tool.node("input_schema").orElseGet(OpenAi.JSON::objectNode));
    ObjectNode node = OpenAi.JSON.objectNode().put("type", "function");
    node.set("function", function);
    return node;
  }

  private static ObjectNode head(Job job) {
    ObjectNode head = OpenAi.JSON.objectNode();
    head.put("id", OpenAi.id("msg_")).put("type", "message").put("role", "assistant");
    return head.put("model", job.model().name());
  }

  /** The tokens that had to be read, and those that an earlier request has paid for. */
  private static ObjectNode usage(Job job, int reused, int generated) {
    return OpenAi.JSON
        .objectNode()
        .put("input_tokens", job.prompt().length - reused)
        .put("cache_read_input_tokens", reused)
        .put("output_tokens", generated);
  }

  private static ObjectNode whole(Job job, Uncertainty uncertainty, Job.Answer answer) {
    ObjectNode body = head(job);
    body.putArray("content").addObject().put("type", "text").put("text", answer.text());
    stop(body, answer);
    body.set("usage", usage(job, answer.reusedTokens(), answer.result().tokens().size()));
    body.set("uncertainty", uncertainty.answer(job.policy().on(job.model()), answer));
    return body;
  }

  private static void stop(ObjectNode body, Job.Answer answer) {
    body.put("stop_reason", reason(answer.result().stop()));
    body.put("stop_sequence", answer.result().stopString().orElse(null));
  }

  private static String reason(StopReason stop) {
    return switch (stop) {
      case EOS, CANCELLED -> "end_turn";
      case STOP -> "stop_sequence";
      case LENGTH, TIMEOUT -> "max_tokens";
      case HALTED -> "refusal";
    };
  }

  @Override
  public JsonNode error(ApiException error) {
    ObjectNode body = OpenAi.JSON.objectNode().put("type", "error");
    body.putObject("error").put("type", type(error.kind())).put("message", error.getMessage());
    return body;
  }

  private static String type(ApiException.Kind kind) {
    return switch (kind) {
      case INVALID, METHOD -> "invalid_request_error";
      case UNAUTHORIZED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case NOT_FOUND -> "not_found_error";
      case TOO_LARGE -> "request_too_large";
      case BUSY -> "rate_limit_error";
      case FAILED -> "api_error";
      case UNAVAILABLE -> "overloaded_error";
    };
  }

  @Override
  public String errorEvent() {
    return "error";
  }

  /** Writes the named events of this protocol. */
  private record EventWriter(
      Job job, Uncertainty uncertainty, Reply.Events events, StreamedText sent)
      implements Job.Sink {
    private EventWriter(Job job, Uncertainty uncertainty, Reply.Events events) {
      this(job, uncertainty, events, new StreamedText());
    }

    private void send(String name, ObjectNode data) {
      data.put("type", name);
      events.send(name, data);
    }

    private void begin() {
      ObjectNode start = OpenAi.JSON.objectNode();
      ObjectNode message = head(job);
      message.putArray("content");
      message.putNull("stop_reason").putNull("stop_sequence");
      message.set("usage", usage(job, 0, 0));
      start.set("message", message);
      send("message_start", start);
      ObjectNode block = OpenAi.JSON.objectNode().put("index", 0);
      block.putObject("content_block").put("type", "text").put("text", "");
      send("content_block_start", block);
    }

    @Override
    public boolean isWaiting() {
      return sent.ping(events);
    }

    @Override
    public void token(int answer, GeneratedToken token) {
      sent.add(token.text());
      if (token.text().isEmpty() && !uncertainty.tokens()) {
        return;
      }
      ObjectNode event = delta(token.text());
      if (uncertainty.tokens()) {
        event.set("uncertainty", uncertainty.token(job.policy().on(job.model()), token));
      }
      send("content_block_delta", event);
    }

    private static ObjectNode delta(String text) {
      ObjectNode event = OpenAi.JSON.objectNode().put("index", 0);
      event.putObject("delta").put("type", "text_delta").put("text", text);
      return event;
    }

    @Override
    public void ended(int answer, Job.Answer end) {
      String rest = sent.rest(end.text());
      if (!rest.isEmpty()) {
        send("content_block_delta", delta(rest));
      }
      send("content_block_stop", OpenAi.JSON.objectNode().put("index", 0));
      ObjectNode last = OpenAi.JSON.objectNode();
      stop(last.putObject("delta"), end);
      last.set("usage", usage(job, end.reusedTokens(), end.result().tokens().size()));
      Uncertainty summary = new Uncertainty(false, false, uncertainty.policy());
      last.set("uncertainty", summary.answer(job.policy().on(job.model()), end));
      send("message_delta", last);
      send("message_stop", OpenAi.JSON.objectNode());
    }
  }
}
