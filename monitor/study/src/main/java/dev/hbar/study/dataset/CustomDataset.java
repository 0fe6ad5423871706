package dev.hbar.study.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * The user's own records: JSON lines with "id", "label" (0 right, 1 hallucinated) and a text for
 * each place of a prompt template.
 */
public final class CustomDataset implements DatasetReader {
  /** Its name in options and headers. */
  public static final String ID = "custom";

  /** The field that is judged, if the template has it: its length is a baseline. */
  private static final String ANSWER = "answer";

  private final PromptTemplate template;

  private CustomDataset(PromptTemplate template) {
    this.template = template;
  }

  /**
   * With the template in a file. Its last line end is not part of the prompt.
   *
   * @throws DatasetException if it cannot be read, or has no place for a field
   */
  public static CustomDataset of(Path templateFile) {
    PromptTemplate template = PromptTemplate.read(templateFile);
    if (template.fields().isEmpty()) {
      throw new DatasetException(
          templateFile, "has no place for a field, such as {question}; every prompt would be one");
    }
    return new CustomDataset(template);
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public SampleSource read(Path path, int skip, OptionalInt limit) {
    RecordFile file = RecordFile.read(path);
    return file.samples(
        ID,
        ID + "-" + template.id(),
        skip,
        limit,
        index -> List.of(sample(file.records().get(index))));
  }

  private Sample sample(RecordFile.Fields record) {
    String judged = template.fields().contains(ANSWER) ? record.text(ANSWER) : "";
    return new Sample(
        record.text("id"),
        record.label("label"),
        template.fill(record::text),
        judged,
        template.lastPlace(ANSWER, record::text));
  }
}
