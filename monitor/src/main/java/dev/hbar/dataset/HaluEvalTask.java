package dev.hbar.dataset;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The three HaluEval tasks: the fields of a record, and the judgement prompt made of them. */
public enum HaluEvalTask {
  /** Question answering over a paragraph of knowledge. */
  QA(
      "answer",
      """
      Context: {knowledge}
      Question: {question}
      Proposed Answer: {answer}

      Is this answer faithful to the context? Answer 'Yes' or 'No':"""),
  /** A reply in a dialogue. The history is read from dialogue_history, where the data has it. */
  DIALOGUE(
      "response",
      """
      Dialogue: {dialogue_history}
      Response: {response}

      Is this response appropriate and factual given the dialogue? Answer 'Yes' or 'No':"""),
  /** A summary of a document. */
  SUMMARIZATION(
      "summary",
      """
      Document: {document}
      Summary: {summary}

      Is this summary faithful to the document? Answer 'Yes' or 'No':""");

  private final String judged;
  private final PromptTemplate template;

  HaluEvalTask(String judged, String template) {
    this.judged = judged;
    this.template = new PromptTemplate(template);
  }

  /** The task's name in options, ids and headers: qa, dialogue, summarization. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Names of the fields a record must have. */
  public List<String> requiredFields() {
    Stream<String> context = template.fields().stream().filter(field -> !field.equals(judged));
    return Stream.concat(context, Stream.of(right(), hallucinated())).toList();
  }

  /** The record's two samples: {@code id_k_cor} (label 0), then {@code id_k_hal} (label 1). */
  public List<Sample> samples(int recordIndex, Map<String, String> record) {
    String stem = id() + "_" + recordIndex;
    return List.of(
        new Sample(stem + "_cor", 0, prompt(record, right())),
        new Sample(stem + "_hal", 1, prompt(record, hallucinated())));
  }

  private String prompt(Map<String, String> record, String answerField) {
    return template.fill(field -> record.get(field.equals(judged) ? answerField : field));
  }

  private String right() {
    return "right_" + judged;
  }

  private String hallucinated() {
    return "hallucinated_" + judged;
  }
}
