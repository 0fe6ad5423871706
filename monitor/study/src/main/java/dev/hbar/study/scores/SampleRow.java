package dev.hbar.study.scores;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One sample in {@code scores_by_sample}: {"sample_id", "label", then one number per signal}.
 *
 * @param sampleId its id
 * @param label 0 for a right answer, 1 for a hallucinated one
 * @param signals finite values by the names of the published files: {@code hbar_s}, {@code pri} ...
 */
public record SampleRow(
    @JsonProperty(SampleRow.ID) String sampleId,
    @JsonProperty(SampleRow.LABEL) int label,
    @JsonAnyGetter Map<String, Double> signals) {
  private static final String ID = "sample_id";
  private static final String LABEL = "label";

  /** Copies the map, in its order. */
  public SampleRow {
    signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
  }

  /** From its JSON object: an any-setter would lose the order of the signals. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static SampleRow of(Map<String, Object> fields) {
    Map<String, Double> signals = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          if (value instanceof Number number && !name.equals(LABEL)) {
            signals.put(name, number.doubleValue());
          }
        });
    return new SampleRow((String) fields.get(ID), ((Number) fields.get(LABEL)).intValue(), signals);
  }
}
