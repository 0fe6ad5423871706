package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.ScoredToken;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.Job;
import dev.hbar.serve.engine.ServedModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * OpenAI's {@code /v1/completions}: text goes on as it stands. With {@code echo} the prompt's own
 * tokens come first, each with its log-probability, which is how evaluation harnesses score text.
 */
public final class Completions implements Endpoint {
  private static final int MOST_ALTERNATIVES = 20;

  private final Engine engine;

  /** Answers with the models of an engine. */
  public Completions(Engine engine) {
    this.engine = engine;
  }

  /** What a request asks for beside the text; {@code alternatives} is negative without logprobs. */
  private record Wanted(
      String id,
      long created,
      String model,
      boolean echo,
      boolean silent,
      int alternatives,
      Uncertainty uncertainty) {}

  @Override
  public void answer(ObjectNode body, Reply reply) {
    Fields fields = Fields.of(body);
    fields.refuse("is not supported: give the text before the gap only", "suffix");
    int answers = SettingsReader.answers(fields);
    if (fields.integer("best_of", 1, 128).orElse(answers) != answers) {
      throw fields.wrong("best_of", "must be equal to n");
    }
    boolean stream = fields.flag("stream", false);
    engine.on(
        fields.text("model").orElse(""),
        model -> {
          Wanted wanted = wanted(fields, model);
          List<Job> jobs = jobs(fields, model, wanted);
          if (stream) {
            stream(jobs, wanted, reply.events());
          } else {
            reply.json(whole(jobs, wanted));
          }
          return true;
        });
  }

  private Wanted wanted(Fields fields, ServedModel model) {
    boolean none = fields.node("max_tokens").filter(node -> node.asInt(1) == 0).isPresent();
    boolean echo = fields.flag("echo", false);
    if (none && !echo) {
      throw fields.wrong("max_tokens", "may be 0 with echo only");
    }
    if (echo && fields.flag("stream", false)) {
      throw fields.wrong("echo", "cannot be streamed");
    }
    return new Wanted(
        OpenAi.id("cmpl-"),
        engine.now(),
        model.name(),
        echo,
        none,
        fields.integer("logprobs", 0, MOST_ALTERNATIVES).orElse(-1),
        SettingsReader.uncertainty(fields));
  }

  /** One job a prompt: a text, its token ids, or a list of either. */
  private static List<Job> jobs(Fields fields, ServedModel model, Wanted wanted) {
    List<String> limits = wanted.silent() ? List.of() : List.of("max_tokens");
    GenerationSettings watched =
        wanted
            .uncertainty()
            .measured(
                SettingsReader.read(fields, limits, "stop")
                    .alternatives(Math.max(0, wanted.alternatives())));
    List<Job> jobs = new ArrayList<>();
    for (int[] prompt : prompts(fields, model)) {
      jobs.add(
          new Job(
              model,
              prompt,
              watched,
              wanted.uncertainty().policy(),
              SettingsReader.answers(fields)));
    }
    return jobs;
  }

  private static List<int[]> prompts(Fields fields, ServedModel model) {
    JsonNode prompt = fields.node("prompt").orElseThrow(() -> fields.wrong("prompt", "is missing"));
    if (prompt.isTextual()) {
      return List.of(ids(fields, model, prompt));
    }
    List<JsonNode> entries = fields.list("prompt");
    if (!entries.isEmpty() && entries.stream().allMatch(JsonNode::isIntegralNumber)) {
      return List.of(ids(fields, model, prompt));
    }
    if (entries.isEmpty()) {
      throw empty(fields);
    }
    return entries.stream().map(entry -> ids(fields, model, entry)).toList();
  }

  private static ApiException empty(Fields fields) {
    return fields.wrong("prompt", "must not be empty");
  }

  /** Of a text or a list of ids. */
  private static int[] ids(Fields fields, ServedModel model, JsonNode prompt) {
    if (!prompt.isTextual()) {
      return givenIds(fields, model, prompt);
    }
    int[] ids = model.model().tokenizer().encode(prompt.textValue());
    if (ids.length == 0) {
      throw empty(fields);
    }
    return ids;
  }

  private static int[] givenIds(Fields fields, ServedModel model, JsonNode list) {
    int vocabulary = model.model().config().vocabSize();
    boolean fits =
        list.isArray()
            && !list.isEmpty()
            && StreamSupport.stream(list.spliterator(), false)
                .allMatch(id -> id.isInt() && id.intValue() >= 0 && id.intValue() < vocabulary);
    if (!fits) {
      throw fields.wrong(
          "prompt", "must be a text, token ids below " + vocabulary + ", or a list of either");
    }
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  private ObjectNode whole(List<Job> jobs, Wanted wanted) {
    ObjectNode body = head(wanted);
    ArrayNode choices = body.putArray("choices");
    int prompt = 0;
    List<Job.Answer> all = new ArrayList<>();
    for (Job job : jobs) {
      prompt += job.prompt().length;
      List<ScoredToken> echoed = echoed(job, wanted);
      if (wanted.silent()) {
        choice(choices, job, wanted, echoed, "", List.of()).put("finish_reason", "length");
        continue;
      }
      for (Job.Answer answer : engine.run(job, SILENT)) {
        ObjectNode choice = choice(choices, job, wanted, echoed, answer.text(), answer.tokens());
        choice.put("finish_reason", OpenAi.finishReason(answer.result().stop()));
        choice.set(
            "uncertainty", wanted.uncertainty().answer(job.policy().on(job.model()), answer));
        all.add(answer);
      }
    }
    body.set("usage", OpenAi.usage(prompt, all));
    return body;
  }

  static final Job.Sink SILENT =
      new Job.Sink() {
        @Override
        public void token(int answer, GeneratedToken token) {}

        @Override
        public void ended(int answer, Job.Answer end) {}
      };

  /** The scores of the prompt's tokens from the second on: nothing predicts the first. */
  private List<ScoredToken> echoed(Job job, Wanted wanted) {
    if (!wanted.echo() || wanted.alternatives() < 0 || job.prompt().length == 1) {
      return List.of();
    }
    engine.load(job.model(), job.prompt().length, job.settings());
    return job.model().model().score(job.prompt(), 1, job.settings().alternatives());
  }

  private static ObjectNode choice(
      ArrayNode choices,
      Job job,
      Wanted wanted,
      List<ScoredToken> echoed,
      String text,
      List<GeneratedToken> tokens) {
    Tokenizer tokenizer = job.model().model().tokenizer();
    ObjectNode choice = choices.addObject();
    String prompt = wanted.echo() ? tokenizer.decode(job.prompt(), false) : "";
    choice.put("index", choices.size() - 1).put("text", prompt + text);
    if (wanted.alternatives() < 0) {
      return choice.putNull("logprobs");
    }
    Logprobs logprobs = new Logprobs(tokenizer);
    if (wanted.echo()) {
      logprobs.first(job.prompt()[0]);
      echoed.forEach(
          token -> logprobs.add(token.id(), token.logProbability(), token.alternatives()));
    }
    tokens.stream()
        .filter(token -> !job.model().isEnd(token.id()))
        .forEach(token -> logprobs.add(token.id(), token.logProbability(), token.alternatives()));
    choice.set("logprobs", logprobs.json());
    return choice;
  }

  /** The four parallel lists of this endpoint. */
  private static final class Logprobs {
    private final Tokenizer tokenizer;
    private final ArrayNode tokens = OpenAi.JSON.arrayNode();
    private final ArrayNode values = OpenAi.JSON.arrayNode();
    private final ArrayNode top = OpenAi.JSON.arrayNode();
    private final ArrayNode offsets = OpenAi.JSON.arrayNode();
    private int offset;

    private Logprobs(Tokenizer tokenizer) {
      this.tokenizer = tokenizer;
    }

    /** The first token of a prompt, which nothing predicts. */
    private void first(int id) {
      add(id);
      values.addNull();
      top.addNull();
    }

    private void add(int id, double logProbability, List<Alternative> alternatives) {
      add(id);
      values.add(logProbability);
      ObjectNode likeliest = top.addObject();
      alternatives.forEach(other -> likeliest.put(text(other.id()), other.logProbability()));
    }

    private void add(int id) {
      String text = text(id);
      tokens.add(text);
      offsets.add(offset);
      offset += text.length();
    }

    private String text(int id) {
      return new String(tokenizer.bytes(id), StandardCharsets.UTF_8);
    }

    private ObjectNode json() {
      ObjectNode json = OpenAi.JSON.objectNode();
      json.set("tokens", tokens);
      json.set("token_logprobs", values);
      json.set("top_logprobs", top);
      json.set("text_offset", offsets);
      return json;
    }
  }

  private void stream(List<Job> jobs, Wanted wanted, Reply.Events events) {
    int first = 0;
    for (Job job : jobs) {
      engine.run(job, new ChunkWriter(job, wanted, events, first));
      first += job.answers();
    }
    events.done();
  }

  private static ObjectNode head(Wanted wanted) {
    ObjectNode head = OpenAi.JSON.objectNode();
    head.put("id", wanted.id()).put("object", "text_completion");
    return head.put("created", wanted.created()).put("model", wanted.model());
  }

  /** Writes tokens as chunks, and what is left of an answer with its end. */
  private record ChunkWriter(
      Job job, Wanted wanted, Reply.Events events, int first, StreamedText sent)
      implements Job.Sink {
    private ChunkWriter(Job job, Wanted wanted, Reply.Events events, int first) {
      this(job, wanted, events, first, new StreamedText());
    }

    @Override
    public boolean isWaiting() {
      return sent.ping(events);
    }

    @Override
    public void token(int answer, GeneratedToken token) {
      sent.add(token.text());
      boolean described = wanted.alternatives() >= 0 || wanted.uncertainty().tokens();
      if (token.text().isEmpty() && (!described || job.model().isEnd(token.id()))) {
        return;
      }
      ObjectNode chunk = head(wanted);
      ObjectNode choice =
          choice(chunk, answer, token.text(), List.of(token)).putNull("finish_reason");
      if (wanted.uncertainty().tokens()) {
        choice.set("uncertainty", wanted.uncertainty().token(job.policy().on(job.model()), token));
      }
      events.send(chunk);
    }

    private ObjectNode choice(
        ObjectNode chunk, int answer, String text, List<GeneratedToken> tokens) {
      ObjectNode choice =
          Completions.choice(chunk.putArray("choices"), job, wanted, List.of(), text, tokens);
      return choice.put("index", first + answer);
    }

    @Override
    public void ended(int answer, Job.Answer end) {
      ObjectNode chunk = head(wanted);
      ObjectNode choice = choice(chunk, answer, sent.rest(end.text()), List.of());
      choice.put("finish_reason", OpenAi.finishReason(end.result().stop()));
      Uncertainty summary = new Uncertainty(false, false, wanted.uncertainty().policy());
      choice.set("uncertainty", summary.answer(job.policy().on(job.model()), end));
      chunk.set("usage", OpenAi.usage(job.prompt().length, List.of(end)));
      events.send(chunk);
    }
  }
}
