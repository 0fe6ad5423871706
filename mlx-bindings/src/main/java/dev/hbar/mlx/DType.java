package dev.hbar.mlx;

import java.util.Arrays;
import java.util.Optional;

/**
 * Element types of MLX arrays, with MLX's own numbering and the names of the safetensors format.
 */
public enum DType {
  /** True or false, one byte. */
  BOOL(0, 1, "BOOL"),
  /** Unsigned, 8 bits. */
  UINT8(1, 1, "U8"),
  /** Unsigned, 16 bits. */
  UINT16(2, 2, "U16"),
  /** Unsigned, 32 bits. */
  UINT32(3, 4, "U32"),
  /** Unsigned, 64 bits. */
  UINT64(4, 8, "U64"),
  /** Signed, 8 bits. */
  INT8(5, 1, "I8"),
  /** Signed, 16 bits. */
  INT16(6, 2, "I16"),
  /** Signed, 32 bits. */
  INT32(7, 4, "I32"),
  /** Signed, 64 bits. */
  INT64(8, 8, "I64"),
  /** IEEE half: 11 bits of precision, up to 65504. */
  FLOAT16(9, 2, "F16"),
  /** IEEE single. */
  FLOAT32(10, 4, "F32"),
  /** IEEE double; on a CPU only. */
  FLOAT64(11, 8, "F64"),
  /** The upper half of a single: 8 bits of precision. */
  BFLOAT16(12, 2, "BF16"),
  /** Two singles, real and imaginary. */
  COMPLEX64(13, 8, "C64");

  private static final DType[] BY_CODE = values();

  private final int code;
  private final int itemSize;
  private final String safetensorsName;

  DType(int code, int itemSize, String safetensorsName) {
    this.code = code;
    this.itemSize = itemSize;
    this.safetensorsName = safetensorsName;
  }

  /** MLX's number for this type ({@code mlx_dtype}). */
  public int code() {
    return code;
  }

  /** Size of one element in bytes. */
  public int itemSize() {
    return itemSize;
  }

  /** The name in a safetensors header, such as {@code F16}. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /** True for float16, bfloat16, float32 and float64. */
  public boolean isFloating() {
    return this == FLOAT16 || this == BFLOAT16 || this == FLOAT32 || this == FLOAT64;
  }

  /** The type with MLX's number {@code code}; the code comes from MLX, never from a file. */
  public static DType ofCode(int code) {
    return BY_CODE[code];
  }

  /** The type with that name in a safetensors header; empty for the float8 types and the like. */
  public static Optional<DType> ofSafetensorsName(String name) {
    return Arrays.stream(BY_CODE).filter(type -> type.safetensorsName.equals(name)).findFirst();
  }
}
