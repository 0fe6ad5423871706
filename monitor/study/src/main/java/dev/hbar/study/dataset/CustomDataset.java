package dev.hbar.study.dataset;

import dev.hbar.study.StudyException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The user's own records: JSON lines with "id", "label" (0 right, 1 hallucinated, or a number
 * between them) and a text for each place of a prompt template. "spans", if it is there, marks the
 * hallucinated parts of the answer: a list of [start, end] in characters (code points), empty for
 * none.
 */
public final class CustomDataset implements SampleSource.Reader {
  /** Its name in options and headers. */
  public static final String ID = "custom";

  /** The field that is judged, if the template has it: its length is a baseline. */
  private static final String ANSWER = "answer";

  private static final String SPANS = "spans";

  private final PromptTemplate template;

  private CustomDataset(PromptTemplate template) {
    this.template = template;
  }

  /**
   * With the template in a file. Its last line end is not part of the prompt.
   *
   * @throws StudyException if it cannot be read, or has no place for a field
   */
  public static CustomDataset of(Path templateFile) {
    PromptTemplate template = PromptTemplate.read(templateFile);
    if (template.fields().isEmpty()) {
      throw new StudyException(
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
    double grade = record.grade("label");
    Optional<List<Sample.Span>> spans =
        record.spans(SPANS, judged.codePointCount(0, judged.length()));
    if (grade == 0 && spans.filter(marked -> !marked.isEmpty()).isPresent()) {
      throw record.wrong("label 0 (right) has hallucinated \"spans\"; give label 1, or no spans");
    }
    return new Sample(
        record.text("id"),
        grade,
        template.fill(record::text),
        judged,
        template.lastPlace(ANSWER, record::text),
        spans);
  }
}
