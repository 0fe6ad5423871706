package dev.hbar.study.scores;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One sample in {@code scores_by_sample}: {"sample_id", "label", then one number per signal}.
 *
 * @param sampleId its id
 * @param label 0 for a right answer, 1 for a hallucinated one
 * @param signals finite values by name; hbar is called {@code hbar_s} in the JSON, as in published
 *     files
 */
public record SampleRow(
    @JsonProperty(SampleRow.ID) String sampleId,
    @JsonProperty(SampleRow.LABEL) int label,
    @JsonIgnore Map<String, Double> signals) {
  private static final String HBAR = "hbar";
  private static final String PUBLISHED_HBAR = "hbar_s";
  private static final String ID = "sample_id";
  private static final String LABEL = "label";

  /** Copies the map, in its order. */
  public SampleRow {
    signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
  }

  @JsonAnyGetter
  Map<String, Double> published() {
    Map<String, Double> named = new LinkedHashMap<>();
    signals.forEach((name, value) -> named.put(name.equals(HBAR) ? PUBLISHED_HBAR : name, value));
    return named;
  }

  /** The name of a signal by that in published files. */
  static String signal(String published) {
    return published.equals(PUBLISHED_HBAR) ? HBAR : published;
  }

  /** From its JSON object: an any-setter would lose the order of the signals. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static SampleRow of(Map<String, Object> fields) {
    Map<String, Double> signals = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          if (value instanceof Number number && !name.equals(LABEL)) {
            signals.put(signal(name), number.doubleValue());
          }
        });
    return new SampleRow((String) fields.get(ID), ((Number) fields.get(LABEL)).intValue(), signals);
  }
}
