package dev.hbar.study.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Records of one's own: JSON lines with "id", "label" (0 right, 1 hallucinated) and a text for each
 * place of a prompt template.
 */
public final class CustomDataset implements DatasetReader {
  /** Its name in options and headers. */
  public static final String ID = "custom";

  /** The field that is judged, if the template has it: its length is a baseline. */
  private static final String ANSWER = "answer";

  private static final int HASH_DIGITS = 12;

  private final PromptTemplate template;
  private final String protocol;

  private CustomDataset(PromptTemplate template, String protocol) {
    this.template = template;
    this.protocol = protocol;
  }

  /**
   * With the template in a file. Its last line end is not part of the prompt.
   *
   * @throws DatasetException if it cannot be read, or has no place for a field
   */
  public static CustomDataset of(Path templateFile) {
    byte[] bytes = RecordFile.bytes(templateFile);
    String text = RecordFile.text(templateFile, bytes);
    PromptTemplate template = new PromptTemplate(withoutLastLineEnd(text));
    if (template.fields().isEmpty()) {
      throw new DatasetException(
          templateFile, "has no place for a field, such as {question}; every prompt would be one");
    }
    String hash = RecordFile.sha256(bytes);
    return new CustomDataset(template, ID + "-" + hash.substring(0, HASH_DIGITS));
  }

  static String withoutLastLineEnd(String text) {
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public SampleSource read(Path path, int skip, OptionalInt limit) {
    RecordFile file = RecordFile.read(path);
    return RecordSamples.of(
        file, ID, protocol, skip, limit, index -> List.of(sample(file.records().get(index))));
  }

  private Sample sample(RecordFields record) {
    String judged = template.fields().contains(ANSWER) ? record.text(ANSWER) : "";
    return new Sample(
        record.text("id"),
        record.label("label"),
        template.fill(record::text),
        judged,
        template.lastPlace(ANSWER, record::text));
  }
}
