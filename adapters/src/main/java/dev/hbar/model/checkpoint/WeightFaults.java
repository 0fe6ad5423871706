package dev.hbar.model.checkpoint;

import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is said of tensors that are missing, left over, or do not fit config.json. */
final class WeightFaults {
  private static final int NAMES_SHOWN = 5;
  private static final int FILES_SHOWN = 2;

  private WeightFaults() {}

  static CheckpointException missing(String name, Collection<String> files) {
    return new CheckpointException(
        "tensor %s is missing (%s): the checkpoint is incomplete or of another family"
            .formatted(name, first(files, FILES_SHOWN)));
  }

  static CheckpointException leftOver(Collection<String> names, Collection<String> files) {
    return new CheckpointException(
        "%s tensors belong to no layer (%s): %s; config.json does not describe these weights, fetch both again from one place"
            .formatted(names.size(), first(files, FILES_SHOWN), first(names, NAMES_SHOWN)));
  }

  static CheckpointException shape(String name, String file, int[] found, int... wanted) {
    return wants(name, file, found, Arrays.toString(wanted));
  }

  static CheckpointException rows(String name, String file, int[] found, int wanted) {
    return wants(name, file, found, wanted + " rows");
  }

  private static CheckpointException wants(String name, String file, int[] found, String wanted) {
    return new CheckpointException(
        "%s (%s) is %s, config.json wants %s; fetch both again from one place"
            .formatted(name, file, Arrays.toString(found), wanted));
  }

  static CheckpointException type(String name, String file, Object found) {
    return new CheckpointException(
        "%s (%s) is %s where a floating type is wanted; fetch the file again"
            .formatted(name, file, found));
  }

  static CheckpointException count(String path, String file, int found, int wanted) {
    return new CheckpointException(
        "%s (%s) has %s matrices, config.json wants %s; fetch both again from one place"
            .formatted(path, file, found, wanted));
  }

  static CheckpointException unexplained(String path, String file) {
    return new CheckpointException(
        "%s (%s) has scales, but config.json (quantization) gives no bits for it; fetch the checkpoint's own config.json"
            .formatted(path, file));
  }

  static CheckpointException unfit(String path, String file, String reason) {
    return new CheckpointException(
        "%s (%s): %s; the file and config.json disagree, fetch both again from one place"
            .formatted(path, file, reason));
  }

  private static String first(Collection<String> names, int shown) {
    return new TreeSet<>(names).stream().limit(shown).collect(Collectors.joining(", "));
  }
}
