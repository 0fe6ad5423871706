package dev.hbar.study.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * A HaluEval task with a prompt of one's own: the template has a place for each field of a record
 * that it shows, and the task's name for the answer: {answer}, {response} or {summary}.
 */
public final class WordedTask implements DatasetReader {
  private static final int HASH_DIGITS = 12;

  private final HaluEvalTask task;
  private final PromptTemplate template;
  private final String protocol;

  private WordedTask(HaluEvalTask task, PromptTemplate template, String protocol) {
    this.task = task;
    this.template = template;
    this.protocol = protocol;
  }

  /**
   * With the template in a file. Its last line end is not part of the prompt.
   *
   * @throws DatasetException if it cannot be read, or has no place for the answer
   */
  public static WordedTask of(HaluEvalTask task, Path templateFile) {
    byte[] bytes = RecordFile.bytes(templateFile);
    String text = CustomDataset.withoutLastLineEnd(RecordFile.text(templateFile, bytes));
    PromptTemplate template = new PromptTemplate(text);
    if (!template.fields().contains(task.judged())) {
      throw new DatasetException(templateFile, "has no place {" + task.judged() + "}");
    }
    String hash = RecordFile.sha256(bytes).substring(0, HASH_DIGITS);
    return new WordedTask(task, template, "halueval-worded-" + hash);
  }

  @Override
  public String id() {
    return task.id();
  }

  @Override
  public SampleSource read(Path path, int skip, OptionalInt limit) {
    RecordFile file = RecordFile.read(path);
    return RecordSamples.of(
        file,
        task.id(),
        protocol,
        skip,
        limit,
        index ->
            List.of(
                sample(file.records().get(index), index, 0),
                sample(file.records().get(index), index, 1)));
  }

  private Sample sample(RecordFields record, int index, int label) {
    String answerField = label == 0 ? task.right() : task.hallucinated();
    UnaryOperator<String> shown =
        field -> record.text(field.equals(task.judged()) ? answerField : field);
    return new Sample(
        task.sampleId(index, label),
        label,
        template.fill(shown),
        record.text(answerField),
        template.lastPlace(task.judged(), shown));
  }
}
