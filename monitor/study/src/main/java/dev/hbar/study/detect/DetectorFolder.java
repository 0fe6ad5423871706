package dev.hbar.study.detect;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.scores.ResultFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A detector as a folder: {@code detector.json} and {@code detector.safetensors}.
 *
 * @param path where it is
 */
public record DetectorFolder(Path path) {
  /**
   * Looks whether the folder could be made, so that this shows before the work; makes nothing.
   *
   * @throws DetectorException if it could not
   */
  public void requirePlace() {
    Path there = path.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new DetectorException(
          path, "cannot be made, %s is no folder to write into; choose another".formatted(there));
    }
  }

  /** Writes a detector; the JSON, without which there is none, comes last. */
  public void write(DetectorFit fit) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new DetectorException(
          path, "cannot be made (" + ErrorText.reason(e) + "); choose another folder");
    }
    SafetensorsWriter.writeSummed(
        path.resolve(Detector.TENSORS_FILE), Map.of("format", "hbar"), tensors(fit.scorer()));
    ResultFile.write(path.resolve(Detector.JSON_FILE), fit.report());
  }

  private static List<TensorToWrite> tensors(Scorer scorer) {
    return switch (scorer) {
      case Scorer.Linear linear ->
          List.of(
              tensor("weights", List.of(linear.weights().length), linear.weights()),
              tensor("bias", List.of(1), linear.bias()));
      case Scorer.Distance distance -> {
        int width = distance.precision().length;
        double[] flat =
            Arrays.stream(distance.precision()).flatMapToDouble(Arrays::stream).toArray();
        yield List.of(
            tensor("mean", List.of(width), distance.scaler().mean()),
            tensor("sd", List.of(width), distance.scaler().sd()),
            tensor("precision", List.of(width, width), flat));
      }
    };
  }

  private static TensorToWrite tensor(String name, List<Integer> shape, double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(value -> bytes.putFloat((float) value));
    return new TensorToWrite(
        name, DType.FLOAT32, shape, channel -> channel.write(bytes.duplicate().flip()));
  }

  /** What a detector says about itself. */
  public DetectorReport report() {
    Path file = path.resolve(Detector.JSON_FILE);
    return ResultFile.bind(file, ResultFile.read(file), DetectorReport.class);
  }

  /** The detector itself. */
  public Scorer scorer() {
    SafetensorsHeader header = SafetensorsHeaderReader.read(path.resolve(Detector.TENSORS_FILE));
    if (header.tensors().containsKey("weights")) {
      return new Scorer.Linear(read(header, "weights"), read(header, "bias")[0]);
    }
    double[] flat = read(header, "precision");
    double[] mean = read(header, "mean");
    double[] sd = read(header, "sd");
    if (sd.length != mean.length || flat.length != (long) mean.length * mean.length) {
      throw new DetectorException(
          header.file(), "sd and precision have not the width of mean; fit it again");
    }
    double[][] precision = new double[mean.length][];
    for (int i = 0; i < mean.length; i++) {
      precision[i] = Arrays.copyOfRange(flat, i * mean.length, (i + 1) * mean.length);
    }
    return new Scorer.Distance(new Scaler(mean, sd), precision);
  }

  private double[] read(SafetensorsHeader header, String name) {
    float[] floats = Detector.floats(path, header, name);
    double[] values = new double[floats.length];
    Arrays.setAll(values, i -> floats[i]);
    return values;
  }

  /** The folders below one that hold a detector, itself included, sorted. */
  public static List<DetectorFolder> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DetectorException(folder, "is no folder; name one that holds detectors");
    }
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return new ArrayList<>(
          files
              .filter(file -> file.endsWith(Detector.JSON_FILE))
              .map(Path::getParent)
              .sorted()
              .map(DetectorFolder::new)
              .toList());
    } catch (IOException e) {
      throw new DetectorException(
          folder, "cannot be read (" + ErrorText.reason(e) + "); mend its permissions");
    }
  }
}
