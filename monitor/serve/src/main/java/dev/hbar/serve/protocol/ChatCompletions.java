package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.AnswerPart;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.Job;
import dev.hbar.serve.engine.ServedModel;
import java.util.List;

/** OpenAI's {@code /v1/chat/completions}. */
public final class ChatCompletions implements Endpoint {
  private static final int MOST_ALTERNATIVES = 20;

  private final Engine engine;

  /** Answers with the models of an engine. */
  public ChatCompletions(Engine engine) {
    this.engine = engine;
  }

  /** What a request asks for beside the text. */
  private record Wanted(
      String id,
      long created,
      String model,
      boolean logprobs,
      boolean usage,
      Uncertainty uncertainty,
      AnswerShape shape,
      String prompt) {
    private AnswerParts parts(Job job) {
      return AnswerParts.of(job.model(), prompt, shape);
    }
  }

  @Override
  public void answer(ObjectNode body, Reply reply) {
    Fields fields = Fields.of(body);
    fields.refuse("is not supported: use tools", "functions", "function_call");
    fields.refuse("is not supported: this server makes text only", "audio", "modalities_audio");
    boolean stream = fields.flag("stream", false);
    engine.on(
        fields.text("model").orElse(""),
        model -> {
          AnswerShape shape = shape(fields);
          String prompt = model.render(Conversations.openAi(fields, shape.tools()));
          Wanted wanted = wanted(fields, model, shape, prompt);
          Job job = job(fields, model, wanted);
          if (stream) {
            stream(job, wanted, reply.events());
          } else {
            reply.json(whole(job, wanted));
          }
          return true;
        });
  }

  private static AnswerShape shape(Fields fields) {
    return AnswerShape.of(
        ShapeReader.functions(fields),
        ShapeReader.choice(fields),
        fields.object("response_format").flatMap(ShapeReader::chatFormat));
  }

  private Wanted wanted(Fields fields, ServedModel model, AnswerShape shape, String prompt) {
    boolean usage =
        fields.object("stream_options").map(o -> o.flag("include_usage", false)).orElse(false);
    return new Wanted(
        OpenAi.id("chatcmpl-"),
        engine.now(),
        model.name(),
        fields.flag("logprobs", false),
        usage,
        SettingsReader.uncertainty(fields),
        shape,
        prompt);
  }

  private static Job job(Fields fields, ServedModel model, Wanted wanted) {
    GenerationSettings.Builder settings =
        SettingsReader.read(fields, List.of("max_completion_tokens", "max_tokens"), "stop");
    int top = fields.integer("top_logprobs", 0, MOST_ALTERNATIVES).orElse(0);
    if (top > 0 && !fields.flag("logprobs", false)) {
      throw fields.wrong("top_logprobs", "needs logprobs to be true");
    }
    return new Job(
        model,
        model.prompt(wanted.prompt()),
        wanted.shape().bound(model, wanted.uncertainty().measured(settings.alternatives(top))),
        wanted.uncertainty().policy(),
        SettingsReader.answers(fields));
  }

  private ObjectNode whole(Job job, Wanted wanted) {
    ObjectNode body = head("chat.completion", wanted);
    ArrayNode choices = body.putArray("choices");
    List<Job.Answer> answers =
        engine.run(
            job,
            new Job.Sink() {
              @Override
              public void token(int answer, GeneratedToken token) {}

              @Override
              public void ended(int index, Job.Answer answer) {
                ObjectNode choice = choices.addObject();
                choice.put("index", index);
                Answer parts = AnswerParts.whole(wanted.parts(job), answer);
                message(choice.putObject("message"), parts);
                choice.put("finish_reason", finishReason(answer, !parts.toolCalls().isEmpty()));
                logprobs(choice, job, wanted, answer.tokens());
                choice.set(
                    "uncertainty",
                    wanted.uncertainty().answer(job.policy().on(job.model()), answer));
              }
            });
    body.set("usage", OpenAi.usage(job.prompt().length, answers));
    return body;
  }

  private static String finishReason(Job.Answer answer, boolean calls) {
    boolean done = answer.result().stop() == StopReason.EOS;
    return calls && done ? "tool_calls" : OpenAi.finishReason(answer.result().stop());
  }

  private static void message(ObjectNode message, Answer parts) {
    boolean silent = parts.content().isEmpty() && !parts.toolCalls().isEmpty();
    message.put("role", "assistant").put("content", silent ? null : parts.content());
    message.putNull("refusal");
    if (!parts.reasoning().isEmpty()) {
      message.put("reasoning_content", parts.reasoning());
    }
    if (!parts.toolCalls().isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      parts.toolCalls().forEach(call -> OpenAi.call(calls.addObject(), call));
    }
  }

  private void stream(Job job, Wanted wanted, Reply.Events events) {
    ChunkWriter writer = new ChunkWriter(job, wanted, events);
    List<Job.Answer> answers = engine.run(job, writer);
    if (wanted.usage()) {
      ObjectNode last = head("chat.completion.chunk", wanted);
      last.putArray("choices");
      last.set("usage", OpenAi.usage(job.prompt().length, answers));
      events.send(last);
    }
    events.done();
  }

  private static ObjectNode head(String object, Wanted wanted) {
    ObjectNode head = OpenAi.JSON.objectNode();
    head.put("id", wanted.id()).put("object", object).put("created", wanted.created());
    head.put("model", wanted.model()).putNull("system_fingerprint");
    return head;
  }

  private static void logprobs(
      ObjectNode choice, Job job, Wanted wanted, List<GeneratedToken> tokens) {
    if (!wanted.logprobs()) {
      choice.putNull("logprobs");
      return;
    }
    ObjectNode logprobs = choice.putObject("logprobs");
    ArrayNode content = logprobs.putArray("content");
    tokens.stream()
        .filter(token -> !job.model().isEnd(token.id()))
        .forEach(token -> content.add(OpenAi.logprob(job.model().model().tokenizer(), token)));
    logprobs.putNull("refusal");
  }

  /** Writes tokens as chunks, and what is left of an answer with its end. */
  private static final class ChunkWriter implements Job.Sink {
    private final Job job;
    private final Wanted wanted;
    private final Reply.Events events;
    private final StreamedText sent = new StreamedText();
    private AnswerParts parts;
    private int calls;

    private ChunkWriter(Job job, Wanted wanted, Reply.Events events) {
      this.job = job;
      this.wanted = wanted;
      this.events = events;
      this.parts = wanted.parts(job);
      for (int i = 0; i < job.answers(); i++) {
        ObjectNode chunk = chunk(i);
        choice(chunk).putObject("delta").put("role", "assistant").put("content", "");
        events.send(chunk);
      }
    }

    private ObjectNode chunk(int answer) {
      ObjectNode chunk = head("chat.completion.chunk", wanted);
      ObjectNode choice = chunk.putArray("choices").addObject();
      choice.put("index", answer).putNull("finish_reason").putNull("logprobs");
      if (wanted.usage()) {
        chunk.putNull("usage");
      }
      return chunk;
    }

    private static ObjectNode choice(ObjectNode chunk) {
      return (ObjectNode) chunk.get("choices").get(0);
    }

    @Override
    public boolean isWaiting() {
      return sent.ping(events);
    }

    @Override
    public void token(int answer, GeneratedToken token) {
      sent.add(token.text());
      ObjectNode delta = OpenAi.JSON.objectNode();
      parts.add(token).forEach(part -> add(delta, part));
      boolean described = wanted.logprobs() || wanted.uncertainty().tokens();
      if (delta.isEmpty() && (!described || job.model().isEnd(token.id()))) {
        return;
      }
      ObjectNode chunk = chunk(answer);
      ObjectNode choice = choice(chunk);
      choice.set("delta", delta.isEmpty() ? delta.put("content", "") : delta);
      logprobs(choice, job, wanted, List.of(token));
      if (wanted.uncertainty().tokens()) {
        choice.set("uncertainty", wanted.uncertainty().token(job.policy().on(job.model()), token));
      }
      events.send(chunk);
    }

    private void add(ObjectNode delta, AnswerPart part) {
      switch (part) {
        case AnswerPart.Content(String text) ->
            delta.put("content", delta.path("content").asText("") + text);
        case AnswerPart.Reasoning(String text) ->
            delta.put("reasoning_content", delta.path("reasoning_content").asText("") + text);
        case AnswerPart.Call(ToolCall call) -> {
          ObjectNode entry = delta.withArray("tool_calls").addObject().put("index", calls++);
          OpenAi.call(entry, call);
        }
      }
    }

    @Override
    public void ended(int answer, Job.Answer end) {
      sent.rest(end.text());
      ObjectNode chunk = chunk(answer);
      ObjectNode choice = choice(chunk);
      ObjectNode delta = choice.putObject("delta");
      parts.finish(end).forEach(part -> add(delta, part));
      choice.put("finish_reason", finishReason(end, calls > 0));
      Uncertainty summary = new Uncertainty(false, false, wanted.uncertainty().policy());
      choice.set("uncertainty", summary.answer(job.policy().on(job.model()), end));
      events.send(chunk);
      parts = wanted.parts(job);
      calls = 0;
    }
  }
}
