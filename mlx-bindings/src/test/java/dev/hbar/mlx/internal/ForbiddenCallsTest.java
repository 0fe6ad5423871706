package dev.hbar.mlx.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions of mlx-c that are bound, so that others may study them, but that nothing here may call:
 * they kill the default stream, race, crash on a bad file, load code from a shared folder, or call
 * back into Java when Java is no longer in the call. Functions are only handed over for a call that
 * traces them before it returns.
 */
class ForbiddenCallsTest {
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "\\b(mlx_clear_streams|mlx_stream_new_thread_unsafe|mlx_io_\\w+|mlx_array_new_data_managed\\w*"
              + "|mlx_load\\w*|mlx_save\\w*|mlx_compile\\w*|mlx_enable_compile"
              + "|mlx_closure_(?!new_func\\b|free\\b|value_and_grad_(?:apply|free)\\b)\\w*"
              + "|mlx_export\\w*|mlx_import\\w*|mlx_node_namer_new|_mlx_error|mlx_array_item_\\w+"
              + "|mlx_array_data_(?!uint8\\b)\\w+|mlx_stream_equal|mlx_device_equal|critical)\\b");

  @Test
  void internalRing_callsNoForbiddenFunction() throws IOException {
    Path sources =
        Path.of(System.getProperty("hbar.root"), "mlx-bindings/src/main/java/dev/hbar/mlx");
    try (Stream<Path> files = Files.walk(sources)) {
      List<Path> java = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertTrue(java.size() > 20, "the sources were not found");
      assertEquals(List.of(), java.stream().flatMap(ForbiddenCallsTest::breaches).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stream_h.mlx_clear_streams()",
        "mlx_stream_new_thread_unsafe(",
        "mlx_load_gguf(a)",
        "mlx_load_safetensors (",
        "mlx_array_new_data_managed_payload(",
        "mlx_io_reader_new(",
        "mlx_compile(",
        "mlx_closure_new_func_payload(",
        "mlx_closure_custom_jvp_apply(",
        "mlx_array_item_float32(",
        "mlx_array_data_float32(",
        "Linker.Option.critical(true)"
      })
  void forbiddenCall_isFound(String line) {
    assertTrue(FORBIDDEN.matcher(line).find());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlx_disable_compile()",
        "closure_h.mlx_closure_new_func(",
        "mlx_closure_free(c)",
        "mlx_array_data_uint8(a)",
        "mlx_array_new_data(slot"
      })
  void allowedCall_isNotFound(String line) {
    assertTrue(!FORBIDDEN.matcher(line).find());
  }

  private static Stream<String> breaches(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> FORBIDDEN.matcher(line).find())
          .map(line -> file.getFileName() + ": " + line.strip());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
