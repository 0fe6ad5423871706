package dev.hbar.model.convert;

import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the head of a GGUF file says; the tensors' data stays in the file.
 *
 * @param path where it was read
 * @param version of the format, 2 or 3
 * @param metadata key to value
 * @param tensors in the order of the file, all inside it, none overlapping
 */
record GgufFile(Path path, int version, GgufMetadata metadata, List<GgufTensor> tensors) {

  Optional<GgufTensor> tensor(String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  /** An error about this file. */
  CheckpointException fault(String what) {
    return CheckpointException.inFile(path, what, "use another file or the original checkpoint");
  }
}
