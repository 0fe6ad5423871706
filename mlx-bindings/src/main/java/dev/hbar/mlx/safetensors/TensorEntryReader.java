package dev.hbar.mlx.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code {"dtype": ..., "shape": [...], "data_offsets": [begin, end]}} of one tensor. */
final class TensorEntryReader {
  private final JsonParser parser;
  private final String name;
  private Optional<DType> dtype = Optional.empty();
  private Optional<List<Integer>> shape = Optional.empty();
  private Optional<List<Long>> offsets = Optional.empty();

  /** The parser stands on the entry's opening brace; {@link #read} leaves it on the closing one. */
  TensorEntryReader(JsonParser parser, String name) {
    this.parser = parser;
    this.name = name;
  }

  TensorInfo read() throws IOException, HeaderFault {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> dtype = Optional.of(dtype());
        case "shape" -> shape = Optional.of(shape());
        case "data_offsets" -> offsets = Optional.of(offsets());
        default -> parser.skipChildren();
      }
    }
    return checked(
        dtype.orElseThrow(() -> fault("has no dtype")),
        shape.orElseThrow(() -> fault("has no shape")),
        offsets.orElseThrow(() -> fault("has no data_offsets")));
  }

  private TensorInfo checked(DType type, List<Integer> dims, List<Long> range) throws HeaderFault {
    long begin = range.get(0);
    long end = range.get(1);
    if (end < begin) {
      throw fault("ends at byte " + end + ", before its begin at byte " + begin);
    }
    long size;
    try {
      size = TensorRules.byteSize(type, dims);
    } catch (ArithmeticException e) {
      throw fault("has shape " + dims + ", more bytes than a file can have");
    }
    if (size != end - begin) {
      throw fault(
          "has %s bytes, but %s of shape %s takes %s"
              .formatted(end - begin, type.safetensorsName(), dims, size));
    }
    return new TensorInfo(name, type, dims, begin, end);
  }

  private DType dtype() throws IOException, HeaderFault {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw fault("has a dtype that is not a string");
    }
    String text = parser.getText();
    return DType.ofSafetensorsName(text)
        .orElseThrow(() -> fault("has dtype " + ErrorText.quoted(text) + ", which is unsupported"));
  }

  private List<Integer> shape() throws IOException, HeaderFault {
    List<Integer> dims = new ArrayList<>();
    for (long dim : integers("shape", TensorRules.MAX_RANK)) {
      if (dim > Integer.MAX_VALUE) {
        throw fault("has a dimension of " + dim + ", more than " + Integer.MAX_VALUE);
      }
      dims.add((int) dim);
    }
    return dims;
  }

  private List<Long> offsets() throws IOException, HeaderFault {
    List<Long> range = integers("data_offsets", 2);
    if (range.size() != 2) {
      throw fault("has " + range.size() + " data_offsets instead of 2");
    }
    return range;
  }

  private List<Long> integers(String key, int most) throws IOException, HeaderFault {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw fault("has a " + key + " that is not a list");
    }
    List<Long> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (values.size() == most) {
        throw fault("has more than " + most + " numbers in its " + key);
      }
      values.add(integer(key));
    }
    return values;
  }

  /** Exact: 4.0 and 1e3 are not integers here, and neither is -0. */
  private long integer(String key) throws IOException, HeaderFault {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw fault("has something other than an integer in its " + key);
    }
    String digits = parser.getText();
    if (digits.startsWith("-")) {
      throw fault("has the negative number " + digits + " in its " + key);
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw fault("has the number " + digits + " in its " + key + ", which is out of range");
    }
  }

  private HeaderFault fault(String what) {
    return new HeaderFault("tensor " + ErrorText.quoted(name) + " " + what);
  }
}
