package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.study.plot.MatrixChart;
import dev.hbar.study.states.StatesFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Fit on A, test on B: every detector on the answers of every states folder. Answers that a
 * detector was fitted on have their held-out scores.
 *
 * @param columns the states folders, by their names; of one with several tasks, each task
 * @param rows the detectors, and as the last one what the answers' surface gives without a model,
 *     fitted on the column itself (held out)
 */
@JsonPropertyOrder({"columns", "rows"})
public record TransferMatrix(List<String> columns, List<Row> rows) {
  private static final int FOLDS = 5;
  private static final long SEED = 42;
  private static final String SURFACE = "surface, fitted on the column";

  /** Copies the lists. */
  public TransferMatrix {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * A detector on all columns.
   *
   * @param detector the name of its folder
   */
  @JsonPropertyOrder({"detector", "cells"})
  public record Row(String detector, List<Cell> cells) {
    /** Copies the list. */
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /**
   * A detector on one column.
   *
   * @param samples of the column
   * @param seen how many of them it was fitted on
   * @param figure how well it tells them apart
   */
  @JsonPropertyOrder({"samples", "seen", "figure"})
  public record Cell(int samples, int seen, TaskAssessment.Separation figure) {}

  /** Some answers of one task. */
  private record Column(String name, DetectionData data, DetectionData.Slice slice) {
    Cell cell(String name, double[] scores, int seen) {
      return new Cell(slice.rows().length, seen, TaskAssessment.Separation.of(name, scores, slice));
    }
  }

  /**
   * Tests all on all.
   *
   * @param detectors folders made by {@code hbar detect fit}
   * @param states folders made by {@code hbar states} with the same checkpoint
   * @param matched whether only pairs that look alike from outside count
   * @param progress gets a line per row
   * @throws RuntimeException in one line, if a detector does not fit a folder
   */
  public static TransferMatrix run(
      List<Path> detectors, List<Path> states, boolean matched, Consumer<String> progress) {
    List<Column> columns = new ArrayList<>();
    states.forEach(folder -> columns.addAll(columns(folder, matched)));
    List<Row> rows = new ArrayList<>();
    for (Path detector : detectors) {
      String name = name(detector);
      progress.accept(name);
      rows.add(
          new Row(name, columns.stream().map(column -> cell(detector, name, column)).toList()));
    }
    progress.accept(SURFACE);
    rows.add(new Row(SURFACE, columns.stream().map(TransferMatrix::surface).toList()));
    return new TransferMatrix(columns.stream().map(Column::name).toList(), rows);
  }

  private static String name(Path folder) {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  private static List<Column> columns(Path folder, boolean matched) {
    DetectionData data = DetectionData.of(StatesFolder.open(folder));
    List<Column> columns = new ArrayList<>();
    for (String task : data.tasks()) {
      DetectionData.Slice slice = data.requireEnough(task, matched);
      String name = data.tasks().size() == 1 ? name(folder) : name(folder) + ", " + task;
      columns.add(new Column(name, data, slice));
    }
    return columns;
  }

  private static Cell cell(Path detector, String name, Column column) {
    DetectorTrial.Scored scored = DetectorTrial.scored(detector, column.data());
    int seen = 0;
    for (int row : column.slice().rows()) {
      seen += scored.unseen().get(row) ? 0 : 1;
    }
    return column.cell(name, scored.scores(), seen);
  }

  private static Cell surface(Column column) {
    DetectionData data = column.data();
    double[] scores =
        new NestedCrossValidation(
                DetectorKind.SIGNALS, data.surface(), data.recordOf(), FOLDS, SEED)
            .heldOut(data.labels(), column.slice().rows())
            .scores();
    return column.cell(SURFACE, scores, column.slice().rows().length);
  }

  /** The areas as a heat map, the first detector on top. */
  public MatrixChart chart() {
    List<String> names = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (Row row : rows.reversed()) {
      names.add(row.detector());
      values.add(row.cells().stream().mapToDouble(cell -> cell.figure().auroc()).toArray());
    }
    return new MatrixChart(
        "AUROC: fitted on (row), tested on (column)",
        columns,
        names,
        values.toArray(double[][]::new));
  }
}
