package dev.hbar.study.dataset;

import java.util.Map;

/**
 * Where samples come from: what a score file's header says about them.
 *
 * @param dataSha256 name of a part of the data (a task) to the hash of its file
 * @param protocol how samples are made of records
 * @param selection which samples
 */
public record SampleOrigin(Map<String, String> dataSha256, String protocol, Selection selection) {
  /** Copies the map. */
  public SampleOrigin {
    dataSha256 = Map.copyOf(dataSha256);
  }
}
