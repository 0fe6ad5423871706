package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.monitor.generation.GeneratedToken;
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
      Uncertainty uncertainty) {}

  @Override
  public void answer(ObjectNode body, Reply reply) {
    Fields fields = Fields.of(body);
    fields.refuse("is not supported: use tools", "functions", "function_call");
    fields.refuse("is not supported: this server makes text only", "audio", "modalities_audio");
    boolean stream = fields.flag("stream", false);
    engine.on(
        fields.text("model").orElse(""),
        model -> {
          Job job = job(fields, model);
          Wanted wanted = wanted(fields, model);
          if (stream) {
            stream(job, wanted, reply.events());
          } else {
            reply.json(whole(job, wanted));
          }
          return true;
        });
  }

  private Wanted wanted(Fields fields, ServedModel model) {
    boolean usage =
        fields.object("stream_options").map(o -> o.flag("include_usage", false)).orElse(false);
    return new Wanted(
        OpenAi.id("chatcmpl-"),
        engine.now(),
        model.name(),
        fields.flag("logprobs", false),
        usage,
        SettingsReader.uncertainty(fields));
  }

  private static Job job(Fields fields, ServedModel model) {
    int[] prompt = model.prompt(Conversations.openAi(fields));
    GenerationSettings.Builder settings =
        SettingsReader.read(fields, List.of("max_completion_tokens", "max_tokens"), "stop");
    int top = fields.integer("top_logprobs", 0, MOST_ALTERNATIVES).orElse(0);
    if (top > 0 && !fields.flag("logprobs", false)) {
      throw fields.wrong("top_logprobs", "needs logprobs to be true");
    }
    Uncertainty uncertainty = SettingsReader.uncertainty(fields);
    return new Job(
        model,
        prompt,
        uncertainty.measured(settings.alternatives(top)),
        uncertainty.policy(),
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
                ObjectNode message = choice.putObject("message");
                message.put("role", "assistant").put("content", answer.text()).putNull("refusal");
                choice.put("finish_reason", OpenAi.finishReason(answer.result().stop()));
                logprobs(choice, job, wanted, answer.tokens());
                choice.set(
                    "uncertainty",
                    wanted.uncertainty().answer(job.policy().on(job.model()), answer));
              }
            });
    body.set("usage", OpenAi.usage(job.prompt().length, answers));
    return body;
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

    private ChunkWriter(Job job, Wanted wanted, Reply.Events events) {
      this.job = job;
      this.wanted = wanted;
      this.events = events;
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
      boolean described = wanted.logprobs() || wanted.uncertainty().tokens();
      if (token.text().isEmpty() && (!described || job.model().isEnd(token.id()))) {
        return;
      }
      ObjectNode chunk = chunk(answer);
      ObjectNode choice = choice(chunk);
      choice.putObject("delta").put("content", token.text());
      logprobs(choice, job, wanted, List.of(token));
      if (wanted.uncertainty().tokens()) {
        choice.set("uncertainty", wanted.uncertainty().token(job.policy().on(job.model()), token));
      }
      events.send(chunk);
    }

    @Override
    public void ended(int answer, Job.Answer end) {
      ObjectNode chunk = chunk(answer);
      ObjectNode choice = choice(chunk);
      ObjectNode delta = choice.putObject("delta");
      String rest = sent.rest(end.text());
      if (!rest.isEmpty()) {
        delta.put("content", rest);
      }
      choice.put("finish_reason", OpenAi.finishReason(end.result().stop()));
      Uncertainty summary = new Uncertainty(false, false, wanted.uncertainty().policy());
      choice.set("uncertainty", summary.answer(job.policy().on(job.model()), end));
      events.send(chunk);
    }
  }
}
