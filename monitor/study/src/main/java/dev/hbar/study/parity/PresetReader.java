package dev.hbar.study.parity;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Reads the presets that come with the program. */
public final class PresetReader {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private PresetReader() {}

  /** All of presets.json. */
  public static List<Preset> read() {
    try (InputStream in = PresetReader.class.getResourceAsStream("presets.json")) {
      return List.of(JSON.readValue(in, Preset[].class));
    } catch (IOException e) {
      throw new UncheckedIOException("presets.json in the program's own jar is broken", e);
    }
  }
}
