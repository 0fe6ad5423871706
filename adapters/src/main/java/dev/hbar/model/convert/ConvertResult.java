package dev.hbar.model.convert;

import java.nio.file.Path;

/**
 * A finished conversion.
 *
 * @param folder the checkpoint folder
 * @param upToDate true when the folder held this conversion already and nothing was written
 * @param sourceSha256 of the GGUF file, in lower-case hexadecimal digits
 */
public record ConvertResult(Path folder, boolean upToDate, String sourceSha256) {}
