package dev.hbar.study.dataset;

import dev.hbar.study.StudyException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The three HaluEval tasks: the fields of a record, and the judgement prompt made of them. */
public enum HaluEvalTask implements SampleSource.Reader {
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
    return HaluEvalFile.check(file, this).slice(skip, limit);
  }

  /**
   * This task with the user's own prompt: the template has a place for each field of a record that
   * it shows, and one for the answer: {answer}, {response} or {summary}.
   *
   * @throws StudyException if the template cannot be read, or has no place for the answer
   */
  public SampleSource.Reader withPrompt(Path templateFile) {
    PromptTemplate own = PromptTemplate.read(templateFile);
    if (!own.fields().contains(judged)) {
      throw new StudyException(
          templateFile, "has no place {" + judged + "}; write it where the answer belongs");
    }
    return new Reworded(this, own);
  }

  /** Names of the fields a record must have. */
  List<String> requiredFields() {
    Stream<String> context = template.fields().stream().filter(field -> !field.equals(judged));
    return Stream.concat(context, Stream.of(right(), hallucinated())).toList();
  }

  /** The record's two samples: {@code id_k_cor} (label 0), then {@code id_k_hal} (label 1). */
  List<Sample> samples(int recordIndex, Map<String, String> record) {
    return List.of(sample(recordIndex, 0, record), sample(recordIndex, 1, record));
  }

  /** The sample of one of the record's answers. */
  Sample sample(int number, int label, Map<String, String> record) {
    return sample(number, label, record::get, template);
  }

  private Sample sample(
      int number, int label, UnaryOperator<String> record, PromptTemplate prompt) {
    String answerField = label == 0 ? right() : hallucinated();
    UnaryOperator<String> shown = field -> record.apply(field.equals(judged) ? answerField : field);
    return new Sample(
        sampleId(number, label),
        label,
        prompt.fill(shown),
        record.apply(answerField),
        prompt.lastPlace(judged, shown));
  }

  /** For example {@code qa_814_cor} (label 0) or {@code qa_814_hal} (label 1). */
  String sampleId(int number, int label) {
    return id() + "_" + number + (label == 0 ? "_cor" : "_hal");
  }

  private String right() {
    return "right_" + judged;
  }

  private String hallucinated() {
    return "hallucinated_" + judged;
  }

  private record Reworded(HaluEvalTask task, PromptTemplate template)
      implements SampleSource.Reader {
    @Override
    public String id() {
      return task.id();
    }

    @Override
    public SampleSource read(Path path, int skip, OptionalInt limit) {
      RecordFile file = RecordFile.read(path);
      return file.samples(
          task.id(),
          "halueval-worded-" + template.id(),
          skip,
          limit,
          index ->
              List.of(
                  sample(file.records().get(index), index, 0),
                  sample(file.records().get(index), index, 1)));
    }

    private Sample sample(RecordFile.Fields record, int index, int label) {
      return task.sample(index, label, record::text, template);
    }
  }
}
