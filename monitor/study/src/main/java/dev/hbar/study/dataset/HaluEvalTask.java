package dev.hbar.study.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The three HaluEval tasks: the fields of a record, and the judgement prompt made of them. */
public enum HaluEvalTask implements DatasetReader {
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
  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public SampleSource read(Path file, int skip, OptionalInt limit) {
    return HaluEvalSlice.of(file, this, skip, limit);
  }

  /** Names of the fields a record must have. */
  public List<String> requiredFields() {
    Stream<String> context = template.fields().stream().filter(field -> !field.equals(judged));
    return Stream.concat(context, Stream.of(right(), hallucinated())).toList();
  }

  /** The record's two samples: {@code id_k_cor} (label 0), then {@code id_k_hal} (label 1). */
  public List<Sample> samples(int recordIndex, Map<String, String> record) {
    return List.of(sample(recordIndex, 0, record), sample(recordIndex, 1, record));
  }

  /** The sample of one of the record's answers. */
  Sample sample(int number, int label, Map<String, String> record) {
    String answerField = label == 0 ? right() : hallucinated();
    UnaryOperator<String> shown = field -> record.get(field.equals(judged) ? answerField : field);
    return new Sample(
        sampleId(number, label),
        label,
        template.fill(shown),
        record.get(answerField),
        template.lastPlace(judged, shown));
  }

  /** The place of the judged answer in a template. */
  String judged() {
    return judged;
  }

  /** For example {@code qa_814_cor} (label 0) or {@code qa_814_hal} (label 1). */
  String sampleId(int number, int label) {
    return id() + "_" + number + (label == 0 ? "_cor" : "_hal");
  }

  String right() {
    return "right_" + judged;
  }

  String hallucinated() {
    return "hallucinated_" + judged;
  }
}
