package dev.hbar.mlx.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What becomes of every function of mlx-c that is bound; written down in docs/inventory.md. */
final class Inventory {
  /** What happens to a function, and where or why. */
  record Entry(String header, String function, Use use, String remark) {}

  /** How far a function can be reached. */
  enum Use {
    EXPOSED,
    INTERNAL,
    SKIPPED
  }

  private static final Pattern CALL = Pattern.compile("\\b\\w+_h\\s*(?:\\.|::)\\s*(_?mlx_\\w+)");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");
  private static final Pattern OWN_USE =
      Pattern.compile(
          "_?mlx_(array_(is_\\w+|free|dtype|nbytes|ndim|data_uint8|new_data)|\\w+_free|vector_\\w+|string_\\w+"
              + "|device_(new_type|info_(new|get|is_string|get_string|get_size))|device_info_free"
              + "|closure_\\w+|disable_compile|set_error_handler|stream_get_index|distributed_group_(rank|size))");

  private static final Map<String, String> REASONS = new LinkedHashMap<>();

  static {
    REASONS.put(
        "_mlx_error|mlx_compile_cache_new|mlx_node_namer_new",
        "no prototype or variadic: the call is undefined");
    REASONS.put(
        "mlx_array_(item|data)_\\w+",
        "reading out goes over one checked path, mlx_array_data_uint8");
    REASONS.put(
        "_mlx_array_\\w+|mlx_array_eval",
        "evaluation goes over mlx_eval and mlx_async_eval, whose errors are tested");
    REASONS.put("mlx_array_(set|new)\\w*", "another form of a constructor that is used");
    REASONS.put(
        "mlx_array_(dim|itemsize)|mlx_dtype_size", "Java knows it from the shape and the type");
    REASONS.put(
        "mlx_(detail_)?compile\\w*|mlx_(enable|set)_compile\\w*",
        "on a CPU it starts a compiler and loads what lies in the shared temporary folder, which others can write");
    REASONS.put(
        "mlx_closure_\\w+|mlx_custom_\\w+|mlx_checkpoint",
        "MLX keeps the function and calls it at a later evaluation: its Java side may be closed, and an error there has no call to come out of");
    REASONS.put("mlx_\\w*export\\w*|mlx_\\w*import\\w*", "runs what a file says");
    REASONS.put(
        "mlx_fast_(metal|cuda)_kernel\\w*",
        "runs source text on a GPU, where a fault ends the process; a build without such a device cannot test it");
    REASONS.put(
        "mlx_(load|save)\\w*|mlx_io_\\w+",
        "MLX's readers trust the file; SafetensorsLoader and Writer do not");
    REASONS.put("mlx_map_\\w+", "serves only MLX's own readers and kwargs");
    REASONS.put(
        "mlx_vector_\\w+|mlx_string_\\w+",
        "another form of a container call that is used, or of a container that no used call takes");
    REASONS.put("mlx_node_namer\\w*|mlx_print_graph", "writes to a C file handle");
    REASONS.put(
        "mlx_\\w*stream\\w*|mlx_synchronize\\w*",
        "streams are made and kept by MlxStream; this one races or ends a stream in use");
    REASONS.put("mlx_device_\\w+|mlx_get_default_device", "devices are an enum in Java");
    REASONS.put("mlx_metal_\\w+", "Metal's own tools, or a path that is found beside the library");
    REASONS.put("mlx_random_seed", "draws take explicit keys");
    REASONS.put("mlx_as_strided", "reads any memory that the numbers say");
    REASONS.put("mlx_depends", "evaluation order is that of the calls");
    REASONS.put("mlx_take", "take over a flattened array is checked by index");
    REASONS.put(
        "mlx_(gather_)?qqmm",
        "has kernels for Metal and CUDA only; untested without such a device");
    REASONS.put("mlx_distributed_group_new", "a group comes from mlx_distributed_init");
  }

  private final Path module;

  Inventory(Path root) {
    module = root.resolve("mlx-bindings");
  }

  List<Entry> entries() throws IOException {
    Map<String, String> calls = calls();
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(module.resolve("src/generated/functions.txt"))) {
      String[] words = line.split(" ");
      entries.add(entry(words[0], words[1], calls.get(words[1])));
    }
    return entries;
  }

  private static Entry entry(String header, String function, String place) {
    if (place == null) {
      String reason =
          REASONS.entrySet().stream()
              .filter(each -> function.matches(each.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse("");
      return new Entry(header, function, Use.SKIPPED, reason);
    }
    Use use = OWN_USE.matcher(function).matches() ? Use.INTERNAL : Use.EXPOSED;
    return new Entry(header, function, use, place);
  }

  /** The class of the inner ring that calls a function, by function. */
  private Map<String, String> calls() throws IOException {
    Map<String, String> calls = new TreeMap<>();
    try (Stream<Path> files = Files.list(module.resolve("src/main/java/dev/hbar/mlx/internal"))) {
      for (Path file : files.sorted().toList()) {
        String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
        Matcher call = CALL.matcher(code);
        while (call.find()) {
          calls.putIfAbsent(call.group(1), file.getFileName().toString().replace(".java", ""));
        }
      }
    }
    return calls;
  }

  static long count(List<Entry> entries, Use use) {
    return entries.stream().filter(entry -> entry.use() == use).count();
  }

  /** The page docs/inventory.md. */
  static String page(List<Entry> entries) {
    StringBuilder page = new StringBuilder("# What is bound, and what of it can be reached\n\n");
    long exposed = count(entries, Use.EXPOSED);
    long internal = count(entries, Use.INTERNAL);
    page.append("Of ").append(entries.size()).append(" functions of mlx-c ").append(exposed);
    page.append(" are exposed by the safe API, ").append(internal);
    page.append(" serve it inside, and ").append(count(entries, Use.SKIPPED));
    page.append(" are skipped: ").append(100 * (exposed + internal) / entries.size());
    page.append(
        " % are reached.\n`InventoryTest` keeps this page true; with `-Dhbar.inventory.write=true`");
    page.append(" it writes it anew.\n");
    page.append(
        "Skipped functions of ops, fast, linalg, fft and random that give one array can be called by name: `MlxScope.raw()`.\n");
    String header = "";
    for (Entry entry : entries) {
      if (!entry.header().equals(header)) {
        header = entry.header();
        page.append("\n## ")
            .append(header)
            .append("\n\n| function | use | called by, or why not |\n|---|---|---|\n");
      }
      page.append("| `").append(entry.function()).append("` | ");
      page.append(entry.use().name().toLowerCase(Locale.ROOT)).append(" | ");
      page.append(entry.remark()).append(" |\n");
    }
    return page.toString();
  }
}
