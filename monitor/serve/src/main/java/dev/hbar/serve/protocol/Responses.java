package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.ToolCall;
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
  record Wanted(
      String id,
      long created,
      ObjectNode request,
      boolean logprobs,
      Uncertainty uncertainty,
      AnswerShape shape,
      String prompt) {
    AnswerParts parts(Job job) {
      return AnswerParts.of(job.model(), prompt, shape);
    }
  }

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
    AnswerShape shape =
        AnswerShape.of(
            ShapeReader.flatFunctions(fields),
            ShapeReader.choice(fields),
            fields
                .object("text")
                .flatMap(text -> text.object("format"))
                .flatMap(ShapeReader::textFormat));
    engine.on(
        fields.text("model").orElse(""),
        model -> {
          Wanted wanted =
              new Wanted(
                  OpenAi.id("resp_"),
                  engine.now(),
                  body,
                  logprobs,
                  SettingsReader.uncertainty(fields),
                  shape,
                  model.render(conversation(fields, shape)));
          Job job = job(fields, model, wanted);
          if (stream) {
            ResponseEvents writer = new ResponseEvents(job, wanted, reply.events());
            writer.begin();
            engine.run(job, writer);
          } else {
            Job.Answer answer = engine.run(job, Completions.SILENT).getFirst();
            Items items = new Items(AnswerParts.whole(wanted.parts(job), answer));
            reply.json(completed(job, wanted, answer, items));
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
        model.prompt(wanted.prompt()),
        wanted
            .shape()
            .bound(
                model,
                wanted.uncertainty().measured(settings.alternatives(wanted.logprobs() ? top : 0))),
        wanted.uncertainty().policy(),
        1);
  }

  private static Conversation conversation(Fields fields, AnswerShape shape) {
    List<ObjectNode> turns = new ArrayList<>();
    fields.text("instructions").ifPresent(text -> turns.add(turn("system", text)));
    JsonNode input = fields.node("input").orElseThrow(() -> fields.wrong("input", "is missing"));
    if (input.isTextual()) {
      turns.add(turn("user", input.textValue()));
    } else {
      fields.objects("input").forEach(item -> turns.add(item(item)));
    }
    return Conversations.conversation(fields, turns, shape.tools());
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

  static ObjectNode head(Job job, Wanted wanted, String status) {
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

  private static boolean isCut(Job.Answer answer) {
    return switch (answer.result().stop()) {
      case LENGTH, TIMEOUT, HALTED -> true;
      case EOS, STOP, CANCELLED -> false;
    };
  }

  /** The items of an answer and their ids, which a stream has told before. */
  record Items(Answer answer, String reasoning, String message, List<String> calls) {
    Items(Answer answer) {
      this(
          answer,
          OpenAi.id("rs_"),
          OpenAi.id("msg_"),
          answer.toolCalls().stream().map(call -> OpenAi.id("fc_")).toList());
    }

    private ArrayNode json(Job job, Wanted wanted, Job.Answer whole) {
      ArrayNode output = OpenAi.JSON.arrayNode();
      String status = isCut(whole) ? "incomplete" : "completed";
      if (!answer.reasoning().isEmpty()) {
        ObjectNode item = output.addObject().put("type", "reasoning").put("id", reasoning);
        item.put("status", "completed").putArray("summary");
        ObjectNode text = item.putArray("content").addObject().put("type", "reasoning_text");
        text.put("text", answer.reasoning());
      }
      if (!answer.content().isEmpty() || answer.toolCalls().isEmpty()) {
        ObjectNode item = output.addObject().put("type", "message").put("id", message);
        item.put("role", "assistant").put("status", status);
        item.putArray("content").add(part(job, wanted, answer.content(), whole.tokens()));
      }
      for (int i = 0; i < calls.size(); i++) {
        output.add(call(calls.get(i), answer.toolCalls().get(i)));
      }
      return output;
    }
  }

  static ObjectNode call(String id, ToolCall call) {
    ObjectNode item = OpenAi.JSON.objectNode().put("type", "function_call").put("id", id);
    item.put("call_id", id.replaceFirst("fc_", "call_")).put("name", call.name());
    return item.put("arguments", call.arguments()).put("status", "completed");
  }

  static ObjectNode completed(Job job, Wanted wanted, Job.Answer answer, Items items) {
    boolean cut = isCut(answer);
    ObjectNode body = head(job, wanted, cut ? "incomplete" : "completed");
    if (cut) {
      boolean halted = answer.result().stop() == StopReason.HALTED;
      body.putObject("incomplete_details")
          .put("reason", halted ? "content_filter" : "max_output_tokens");
    }
    body.set("output", items.json(job, wanted, answer));
    int generated = answer.result().tokens().size();
    ObjectNode usage = body.putObject("usage").put("input_tokens", job.prompt().length);
    usage.putObject("input_tokens_details").put("cached_tokens", answer.reusedTokens());
    usage.put("output_tokens", generated);
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    usage.put("total_tokens", job.prompt().length + generated);
    body.set("uncertainty", wanted.uncertainty().answer(job.policy().on(job.model()), answer));
    return body;
  }

  static ObjectNode part(Job job, Wanted wanted, String text, List<GeneratedToken> tokens) {
    ObjectNode part = OpenAi.JSON.objectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.set("logprobs", logprobs(job, wanted, tokens));
    return part;
  }

  static ArrayNode logprobs(Job job, Wanted wanted, List<GeneratedToken> tokens) {
    ArrayNode all = OpenAi.JSON.arrayNode();
    if (wanted.logprobs()) {
      tokens.stream()
          .filter(token -> !job.model().isEnd(token.id()))
          .forEach(token -> all.add(OpenAi.logprob(job.model().model().tokenizer(), token)));
    }
    return all;
  }
}
