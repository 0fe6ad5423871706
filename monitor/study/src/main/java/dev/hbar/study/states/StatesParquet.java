package dev.hbar.study.states;

import dev.hbar.study.StudyException;
import dev.hbar.study.parquet.Column;
import dev.hbar.study.parquet.ParquetFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * A states folder as Parquet: {@code samples.parquet} has a row per sample, with what the index
 * says of it and its states; {@code tokens.parquet}, if the states of every answer token were kept,
 * a row per token.
 */
public final class StatesParquet {
  private StatesParquet() {}

  /**
   * Writes both files.
   *
   * @throws StudyException if one cannot be written
   */
  public static void write(Path folder) {
    StatesFolder states = StatesFolder.open(folder);
    MatrixFile matrices = MatrixFile.open(StatesFolder.tensorFile(folder));
    String ofTokens = "." + StatePosition.ANSWER.id();
    List<String> names = matrices.names();
    List<Column> samples = samples(states.rows());
    names.stream()
        .filter(name -> !name.endsWith(ofTokens))
        .forEach(name -> samples.add(vectors(matrices, name)));
    ParquetFile.write(folder.resolve("samples.parquet"), states.rows().size(), samples);
    List<Column> tokens = tokens(states.rows());
    names.stream()
        .filter(name -> name.endsWith(ofTokens))
        .forEach(name -> tokens.add(vectors(matrices, name)));
    if (names.stream().anyMatch(name -> name.endsWith(ofTokens))) {
      int height = states.rows().stream().mapToInt(StatesRow::answerTokens).sum();
      ParquetFile.write(folder.resolve("tokens.parquet"), height, tokens);
    }
  }

  private static Column vectors(MatrixFile matrices, String name) {
    return new Column.Vectors(name, matrices.width(name), target -> matrices.rows(name, target));
  }

  private static List<Column> samples(List<StatesRow> rows) {
    List<Column> columns = new ArrayList<>();
    columns.add(texts("id", rows, StatesRow::id));
    columns.add(counts("label", rows, StatesRow::label));
    columns.add(numbers("grade", rows, StatesRow::exact));
    columns.add(texts("task", rows, StatesRow::task));
    columns.add(texts("record", rows, StatesRow::record));
    columns.add(counts("prompt_tokens", rows, StatesRow::promptTokens));
    columns.add(counts("answer_tokens", rows, StatesRow::answerTokens));
    columns.add(counts("chars", rows, row -> row.text().chars()));
    columns.add(counts("words", rows, row -> row.text().words()));
    columns.add(texts("last", rows, row -> row.text().last()));
    columns.add(numbers("overlap", rows, row -> row.text().overlap()));
    List<String> signals =
        rows.isEmpty() ? List.of() : List.copyOf(rows.getFirst().signals().keySet());
    for (String signal : signals) {
      columns.add(numbers(signal, rows, row -> row.signals().getOrDefault(signal, Double.NaN)));
    }
    return columns;
  }

  private static List<Column> tokens(List<StatesRow> rows) {
    List<String> ids = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (StatesRow row : rows) {
      for (int t = 0; t < row.answerTokens(); t++) {
        ids.add(row.id());
        places.add(t);
        labels.add(row.tokenLabels().isEmpty() ? -1 : row.tokenLabels().charAt(t) - '0');
      }
    }
    List<Column> columns = new ArrayList<>();
    columns.add(new Column.Texts("id", ids));
    columns.add(new Column.Counts("token", ints(places)));
    columns.add(new Column.Counts("token_label", ints(labels)));
    return columns;
  }

  private static Column texts(
      String name, List<StatesRow> rows, Function<StatesRow, String> value) {
    return new Column.Texts(name, rows.stream().map(value).toList());
  }

  private static Column counts(String name, List<StatesRow> rows, ToIntFunction<StatesRow> value) {
    return new Column.Counts(name, rows.stream().mapToInt(value).toArray());
  }

  private static Column numbers(
      String name, List<StatesRow> rows, ToDoubleFunction<StatesRow> value) {
    return new Column.Numbers(name, rows.stream().mapToDouble(value).toArray());
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
