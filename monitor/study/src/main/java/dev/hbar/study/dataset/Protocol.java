package dev.hbar.study.dataset;

import java.util.HashMap;
import java.util.Map;

/** How samples are drawn from the three HaluEval files, and what their prompts show. */
public enum Protocol {
  /** The published study's draw, its empty dialogues included, so that its figures come again. */
  STUDY_2026_01("study-2026-01"),
  /** The default: both answers of a record on one side and neighbours, dialogues as they are. */
  PAIRS_V1("pairs-v1");

  private static final String DIALOGUE = "dialogue_history";
  private final String id;

  Protocol(String id) {
    this.id = id;
  }

  /** The name in options and headers. */
  public String id() {
    return id;
  }

  /**
   * The samples in their order. No file is read: the draw depends on the record counts only.
   *
   * @param records number of records of every task
   * @throws IllegalArgumentException if n is not possible; the message starts with n
   */
  public Draw draw(Map<HaluEvalTask, Integer> records, Partition set, int n, long seed) {
    return switch (this) {
      case STUDY_2026_01 -> new Draw(this, set, n, seed, StudyDraw.draw(records, set, n, seed));
      case PAIRS_V1 -> new Draw(this, set, n, seed, PairsDraw.draw(records, set, n, seed));
    };
  }

  /**
   * The record as this protocol's prompts show it. The study read a field "dialogue", which the
   * data does not have, so its dialogue prompts were empty.
   */
  Map<String, String> shown(Map<String, String> record) {
    if (this == PAIRS_V1 || !record.containsKey(DIALOGUE)) {
      return record;
    }
    Map<String, String> emptied = new HashMap<>(record);
    emptied.put(DIALOGUE, "");
    return emptied;
  }
}
