package dev.hbar.study.scores;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.mlx.ErrorText;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.monitor.signal.TokenSignals.NonFiniteException;
import dev.hbar.study.dataset.Sample;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The outcome of one sample: a line of a score file, a row of {@code scores_by_sample}. A sample
 * that failed has an error text and no numbers at all.
 */
public sealed interface SampleScore {
  /** The number of tokens of the prompt, among the values of a sample. */
  String PROMPT_TOKENS = "prompt_tokens";

  /** That of the judged answer alone. */
  String ANSWER_TOKENS = "answer_tokens";

  /** That of the generated tokens, the EOS token included. */
  String NEW_TOKENS = "new_tokens";

  /** The sample's id. */
  String id();

  /** 0 for a right answer, 1 for a hallucinated one, or how far it is from right. */
  double grade();

  /** 0 for a right answer, 1 for a hallucinated one. */
  default int label() {
    return Sample.label(grade());
  }

  /**
   * A sample with scores. As JSON it is a row of {@code scores_by_sample}, which has everything but
   * why it ended and its tokens: {"sample_id", "label", "grade" if it is not the label, then one
   * number per value}.
   *
   * @param values finite numbers by id, in the order of the columns: the study's scores, the length
   *     of the prompt, further scores, then the answer's length, if it can be told apart, and that
   *     of the new tokens; a published sample has scores only
   * @param stop why it ended: {@code eos}, {@code length} or {@code given}; empty if published
   * @param tokens one entry per new token, or empty if they were not asked for
   */
  @JsonPropertyOrder({Published.ID, Published.LABEL, Published.GRADE})
  record Scored(
      @JsonProperty(Published.ID) String id,
      @JsonIgnore double grade,
      @JsonIgnore Map<String, Double> values,
      @JsonIgnore String stop,
      @JsonIgnore List<TokenSignals> tokens)
      implements SampleScore {

    /** Copies; refuses what is no number and token rows that do not match the count. */
    public Scored {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      tokens = List.copyOf(tokens);
      if (!values.values().stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("a score must be a finite number");
      }
      if (!tokens.isEmpty() && tokens.size() != values.getOrDefault(NEW_TOKENS, 0.0)) {
        throw new IllegalArgumentException(
            "%s token rows for %s new tokens".formatted(tokens.size(), values.get(NEW_TOKENS)));
      }
    }

    /** A sample of which no more than its values are known. */
    public Scored(String id, double grade, Map<String, Double> values) {
      this(id, grade, values, "", List.of());
    }

    /**
     * A sample of a run.
     *
     * @param scores those of {@link TokenSignals#scores} and further ones
     */
    public static Scored of(
        String id,
        double grade,
        int promptTokens,
        OptionalInt answerTokens,
        int newTokens,
        String stop,
        Map<Signal, Double> scores,
        List<TokenSignals> tokens) {
      Map<String, Double> values = new LinkedHashMap<>();
      Signal.STUDY_SCORES.forEach(signal -> values.put(signal.id(), scores.get(signal)));
      values.put(PROMPT_TOKENS, (double) promptTokens);
      scores.forEach((signal, value) -> values.putIfAbsent(signal.id(), value));
      answerTokens.ifPresent(count -> values.put(ANSWER_TOKENS, (double) count));
      values.put(NEW_TOKENS, (double) newTokens);
      return new Scored(id, grade, values, stop, tokens);
    }

    /** Number of generated tokens. */
    public int newTokens() {
      return values.get(NEW_TOKENS).intValue();
    }

    @Override
    @JsonProperty(Published.LABEL)
    public int label() {
      return Sample.label(grade);
    }

    @JsonProperty(Published.GRADE)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    OptionalDouble between() {
      return Sample.between(grade);
    }

    @JsonAnyGetter
    Map<String, Double> published() {
      Map<String, Double> named = new LinkedHashMap<>();
      values.forEach((name, value) -> named.put(Published.name(name), value));
      return named;
    }

    /** From its JSON object: an any-setter would lose the order of the values. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Scored of(Map<String, Object> fields) {
      Map<String, Double> values = new LinkedHashMap<>();
      fields.forEach(
          (name, value) -> {
            if (value instanceof Number number && !Published.LABELS.contains(name)) {
              values.put(Published.id(name), number.doubleValue());
            }
          });
      Number grade = (Number) fields.getOrDefault(Published.GRADE, fields.get(Published.LABEL));
      return new Scored((String) fields.get(Published.ID), grade.doubleValue(), values);
    }
  }

  /**
   * A sample without scores.
   *
   * @param error what went wrong, one line
   */
  record Failed(String id, double grade, String error) implements SampleScore {
    /** Joins the lines of the text, so that one line of a report stays one line. */
    public Failed {
      error = ErrorText.joined(error);
    }
  }

  /** The names of {@code scores_by_sample}: those of published files, which say hbar_s. */
  final class Published {
    static final String ID = "sample_id";
    static final String LABEL = "label";
    static final String GRADE = "grade";
    static final Set<String> LABELS = Set.of(LABEL, GRADE);
    static final String HBAR = "hbar_s";

    private Published() {}

    static String name(String id) {
      return id.equals(Signal.HBAR.id()) ? HBAR : id;
    }

    static String id(String name) {
      return name.equals(HBAR) ? Signal.HBAR.id() : name;
    }
  }

  /**
   * The score of a sample from its tokens; a NaN or an infinity makes it a failed one.
   *
   * @param promptTokens length of the prompt in tokens
   * @param answerTokens length of the judged answer, if it can be told apart
   * @param stop {@code eos}, {@code length} or {@code given}
   * @param tokens the signals of every generated token, at least one
   * @param further scores that are not made of the tokens' signals
   * @param keepTokens whether the token rows stay in the score
   */
  static SampleScore of(
      Sample sample,
      int promptTokens,
      OptionalInt answerTokens,
      String stop,
      List<TokenSignals> tokens,
      Map<Signal, Double> further,
      boolean keepTokens) {
    try {
      for (int step = 0; step < tokens.size(); step++) {
        tokens.get(step).requireFinite(step);
      }
    } catch (NonFiniteException e) {
      return failed(sample, e);
    }
    Map<Signal, Double> scores = TokenSignals.scores(tokens);
    scores.putAll(further);
    return Scored.of(
        sample.id(),
        sample.grade(),
        promptTokens,
        answerTokens,
        tokens.size(),
        stop,
        scores,
        keepTokens ? tokens : List.of());
  }

  /** The failed score of a sample. */
  static Failed failed(Sample sample, RuntimeException cause) {
    String text = cause.getMessage();
    String error = text == null || text.isBlank() ? cause.getClass().getSimpleName() : text;
    return new Failed(sample.id(), sample.grade(), error);
  }
}
