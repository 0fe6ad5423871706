package dev.hbar.study.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Datasets of questions or claims that are judged from what the model knows, without a context. Ids
 * are {@code dataset_record_cor} (label 0) and {@code dataset_record_hal} (label 1).
 */
public enum QuestionDataset implements SampleSource.Reader {
  /** Questions that people answer wrongly; the best answer and the first incorrect one. */
  TRUTHFULQA(Prompt.ANSWER) {
    @Override
    List<Sample> samples(List<RecordFile.Fields> records, int index) {
      RecordFile.Fields record = records.get(index);
      String question = record.text("question");
      return pair(
          index, question, record.text("best_answer"), record.firstText("incorrect_answers"));
    }
  },
  /** Chinese questions made to mislead; the first best and the first wrong answer. */
  HALLUQA(Prompt.ANSWER) {
    @Override
    List<Sample> samples(List<RecordFile.Fields> records, int index) {
      RecordFile.Fields record = records.get(index);
      String question = record.text("Question");
      return pair(index, question, record.text("Best Answer1"), record.text("Wrong_Answer1"));
    }
  },
  /**
   * Natural Questions in its open form, which has no wrong answers: the wrong one is the answer to
   * the next question, that of the last record the answer to the first.
   */
  NQ(Prompt.ANSWER) {
    @Override
    List<Sample> samples(List<RecordFile.Fields> records, int index) {
      RecordFile.Fields record = records.get(index);
      RecordFile.Fields next = records.get((index + 1) % records.size());
      return pair(
          index, record.text("question"), record.firstText("answer"), next.firstText("answer"));
    }
  },
  /** Claims that are supported or refuted; those without enough information are left out. */
  FEVER(Prompt.CLAIM) {
    @Override
    List<Sample> samples(List<RecordFile.Fields> records, int index) {
      RecordFile.Fields record = records.get(index);
      String claim = record.text("claim");
      return switch (record.text("label")) {
        case "SUPPORTS" -> List.of(sample(index, 0, Map.of("claim", claim), claim));
        case "REFUTES" -> List.of(sample(index, 1, Map.of("claim", claim), claim));
        case "NOT ENOUGH INFO" -> List.of();
        default ->
            throw record.wrong(
                "field \"label\" must be SUPPORTS, REFUTES or NOT ENOUGH INFO, not "
                    + record.text("label"));
      };
    }
  };

  private final PromptTemplate template;

  QuestionDataset(String template) {
    this.template = new PromptTemplate(template);
  }

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public SampleSource read(Path path, int skip, OptionalInt limit) {
    RecordFile file = RecordFile.read(path);
    return file.samples(
        id(), id() + "-judgement", skip, limit, index -> samples(file.records(), index));
  }

  /** The samples of one record; none if it says nothing about right or wrong. */
  abstract List<Sample> samples(List<RecordFile.Fields> records, int index);

  List<Sample> pair(int index, String question, String right, String wrong) {
    return List.of(
        sample(index, 0, Map.of("question", question, "answer", right), right),
        sample(index, 1, Map.of("question", question, "answer", wrong), wrong));
  }

  Sample sample(int index, int label, Map<String, String> fields, String judged) {
    String id = id() + "_" + index + (label == 0 ? "_cor" : "_hal");
    String field = fields.containsKey("answer") ? "answer" : "claim";
    return new Sample(
        id, label, template.fill(fields::get), judged, template.lastPlace(field, fields::get));
  }

  /** In the manner of the study's prompts. */
  private static final class Prompt {
    private static final String ANSWER =
        """
        Question: {question}
        Proposed Answer: {answer}

        Is this answer true? Answer 'Yes' or 'No':""";
    private static final String CLAIM =
        """
        Claim: {claim}

        Is this claim true? Answer 'Yes' or 'No':""";
  }
}
