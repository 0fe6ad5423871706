package dev.hbar.study.detect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What detectors may choose from: for each name (a block, or "signals") one row of numbers per
 * sample. The arrays are not to be changed.
 */
record Features(Map<String, float[][]> byName) {
  Features {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  static Features of(String name, float[][] values) {
    return new Features(Map.of(name, values));
  }
}
