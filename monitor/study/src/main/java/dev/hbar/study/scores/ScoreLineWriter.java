package dev.hbar.study.scores;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hbar.monitor.signal.SignalScores;
import dev.hbar.monitor.signal.TokenSignals;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes one sample as one line of JSON: fixed field order, nothing that changes between runs. */
final class ScoreLineWriter {
  private ScoreLineWriter() {}

  /** The line without its end. */
  static String write(SampleScore score) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = ScoreJson.MAPPER.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("id", score.id());
      json.writeNumberField("label", score.label());
      switch (score) {
        case SampleScore.Scored scored -> writeScored(json, scored);
        case SampleScore.Failed failed -> {
          json.writeStringField("status", "error");
          json.writeStringField("error", failed.error());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return LineSum.with(text.toString());
  }

  private static void writeScored(JsonGenerator json, SampleScore.Scored scored)
      throws IOException {
    json.writeStringField("status", "ok");
    json.writeNumberField("prompt_tokens", scored.promptTokens());
    if (scored.answerTokens().isPresent()) {
      json.writeNumberField("answer_tokens", scored.answerTokens().getAsInt());
    }
    json.writeNumberField("new_tokens", scored.newTokens());
    json.writeStringField("stop", scored.stop());
    SignalScores scores = scored.scores();
    json.writeNumberField("hbar", scores.hbar());
    json.writeNumberField("pri", scores.pri());
    json.writeNumberField("surprise", scores.surprise());
    json.writeNumberField("dmu", scores.dmu());
    json.writeNumberField("dsigma", scores.dsigma());
    json.writeNumberField("dh", scores.dh());
    for (Map.Entry<String, Double> signal : scores.more().entrySet()) {
      json.writeNumberField(signal.getKey(), signal.getValue());
    }
    if (!scored.tokens().isEmpty()) {
      json.writeArrayFieldStart("tokens");
      for (TokenSignals token : scored.tokens()) {
        json.writePOJO(token);
      }
      json.writeEndArray();
    }
  }
}
