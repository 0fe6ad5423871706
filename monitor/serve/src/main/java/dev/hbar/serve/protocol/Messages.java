package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.AnswerPart;
import dev.hbar.model.answer.ToolCall;
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
import java.util.Optional;

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
          AnswerShape shape =
              AnswerShape.of(
                  ShapeReader.anthropicTools(fields),
                  ShapeReader.anthropicChoice(fields),
                  Optional.empty());
          String prompt = model.render(conversation(fields, shape));
          Job job = job(fields, model, shape, prompt, uncertainty);
          AnswerParts parts = AnswerParts.of(model, prompt, shape);
          if (stream) {
            EventWriter writer = new EventWriter(job, uncertainty, parts, reply.events());
            writer.begin();
            engine.run(job, writer);
          } else {
            Job.Answer answer = engine.run(job, Completions.SILENT).getFirst();
            reply.json(whole(job, uncertainty, parts, answer));
          }
          return true;
        });
  }

  private static Job job(
      Fields fields, ServedModel model, AnswerShape shape, String prompt, Uncertainty uncertainty) {
    GenerationSettings.Builder settings =
        SettingsReader.read(fields, List.of("max_tokens"), "stop_sequences");
    return new Job(
        model,
        model.prompt(prompt),
        shape.bound(model, uncertainty.measured(settings)),
        uncertainty.policy(),
        1);
  }

  private static Conversation conversation(Fields fields, AnswerShape shape) {
    List<ObjectNode> turns = new ArrayList<>();
    if (fields.has("system")) {
      turns.add(turn("system", Conversations.text(fields, "system")));
    }
    List<Fields> messages = fields.objects("messages");
    if (messages.isEmpty()) {
      throw fields.wrong("messages", "must hold at least one message");
    }
    messages.forEach(message -> turns.addAll(turns(message)));
    return Conversations.conversation(fields, turns, shape.tools());
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

  private static ObjectNode whole(
      Job job, Uncertainty uncertainty, AnswerParts parts, Job.Answer answer) {
    ObjectNode body = head(job);
    ArrayNode content = body.putArray("content");
    Answer whole = AnswerParts.whole(parts, answer);
    if (!whole.reasoning().isEmpty()) {
      ObjectNode thinking = content.addObject().put("type", "thinking");
      thinking.put("thinking", whole.reasoning()).put("signature", "");
    }
    if (!whole.content().isEmpty() || whole.toolCalls().isEmpty()) {
      content.addObject().put("type", "text").put("text", whole.content());
    }
    for (ToolCall call : whole.toolCalls()) {
      ObjectNode use = content.addObject().put("type", "tool_use").put("id", OpenAi.id("toolu_"));
      use.put("name", call.name());
      use.set("input", Conversations.parsed(OpenAi.JSON.textNode(call.arguments())));
    }
    stop(body, answer, !whole.toolCalls().isEmpty());
    body.set("usage", usage(job, answer.reusedTokens(), answer.result().tokens().size()));
    body.set("uncertainty", uncertainty.answer(job.policy().on(job.model()), answer));
    return body;
  }

  private static void stop(ObjectNode body, Job.Answer answer, boolean calls) {
    StopReason stop = answer.result().stop();
    body.put("stop_reason", calls && stop == StopReason.EOS ? "tool_use" : reason(stop));
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
  private static final class EventWriter implements Job.Sink {
    private final Job job;
    private final Uncertainty uncertainty;
    private final AnswerParts parts;
    private final Reply.Events events;
    private final StreamedText sent = new StreamedText();
    // The type of the block that is open, empty before the first, and its number.
    private String open = "";
    private int block = -1;
    private boolean calls;

    private EventWriter(Job job, Uncertainty uncertainty, AnswerParts parts, Reply.Events events) {
      this.job = job;
      this.uncertainty = uncertainty;
      this.parts = parts;
      this.events = events;
    }

    private void send(String name, ObjectNode data) {
      data.put("type", name);
      events.send(name, data);
    }

    private ObjectNode inBlock() {
      return OpenAi.JSON.objectNode().put("index", block);
    }

    private void begin() {
      ObjectNode start = OpenAi.JSON.objectNode();
      ObjectNode message = head(job);
      message.putArray("content");
      message.putNull("stop_reason").putNull("stop_sequence");
      message.set("usage", usage(job, 0, 0));
      start.set("message", message);
      send("message_start", start);
    }

    private void open(ObjectNode content) {
      close();
      open = content.get("type").textValue();
      block++;
      ObjectNode started = inBlock();
      started.set("content_block", content);
      send("content_block_start", started);
    }

    private void close() {
      if (!open.isEmpty()) {
        send("content_block_stop", inBlock());
        open = "";
      }
    }

    @Override
    public boolean isWaiting() {
      return sent.ping(events);
    }

    @Override
    public void token(int answer, GeneratedToken token) {
      sent.add(token.text());
      Optional<ObjectNode> last = Optional.empty();
      for (AnswerPart part : parts.add(token)) {
        last.ifPresent(delta -> send("content_block_delta", delta));
        last = Optional.of(delta(part));
      }
      if (uncertainty.tokens() && last.isEmpty() && !open.equals("tool_use")) {
        last = Optional.of(open.equals("thinking") ? thinking("") : said(""));
      }
      if (uncertainty.tokens() && last.isPresent()) {
        last.get().set("uncertainty", uncertainty.token(job.policy().on(job.model()), token));
      }
      last.ifPresent(delta -> send("content_block_delta", delta));
    }

    /** What a part adds to its block, which is opened if it is another one than before. */
    private ObjectNode delta(AnswerPart part) {
      return switch (part) {
        case AnswerPart.Content(String text) -> said(text);
        case AnswerPart.Reasoning(String text) -> thinking(text);
        case AnswerPart.Call(ToolCall call) -> {
          ObjectNode use = OpenAi.JSON.objectNode().put("type", "tool_use");
          use.put("id", OpenAi.id("toolu_")).put("name", call.name()).putObject("input");
          open(use);
          calls = true;
          yield delta("input_json_delta", "partial_json", call.arguments());
        }
      };
    }

    private ObjectNode said(String text) {
      if (!open.equals("text")) {
        open(OpenAi.JSON.objectNode().put("type", "text").put("text", ""));
      }
      return delta("text_delta", "text", text);
    }

    private ObjectNode thinking(String text) {
      if (!open.equals("thinking")) {
        ObjectNode content = OpenAi.JSON.objectNode().put("type", "thinking");
        open(content.put("thinking", "").put("signature", ""));
      }
      return delta("thinking_delta", "thinking", text);
    }

    private ObjectNode delta(String type, String field, String text) {
      ObjectNode event = inBlock();
      event.putObject("delta").put("type", type).put(field, text);
      return event;
    }

    @Override
    public void ended(int answer, Job.Answer end) {
      for (AnswerPart part : parts.finish(end)) {
        send("content_block_delta", delta(part));
      }
      if (block < 0) {
        said("");
      }
      close();
      ObjectNode last = OpenAi.JSON.objectNode();
      stop(last.putObject("delta"), end, calls);
      last.set("usage", usage(job, end.reusedTokens(), end.result().tokens().size()));
      Uncertainty summary = new Uncertainty(false, false, uncertainty.policy());
      last.set("uncertainty", summary.answer(job.policy().on(job.model()), end));
      send("message_delta", last);
      send("message_stop", OpenAi.JSON.objectNode());
    }
  }
}
