package dev.hbar.mlx.gen;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The sizes the C compiler gives on every system hbar runs on: 64-bit Linux and macOS. */
class GeneratedLayoutsTest {
  @Test
  void scalars_haveTheirSizeInC() {
    assertAll(
        () -> assertEquals(1, array_h.C_BOOL.byteSize()),
        () -> assertEquals(4, array_h.C_INT.byteSize()),
        () -> assertEquals(8, array_h.C_LONG.byteSize()),
        () -> assertEquals(array_h.C_LONG_LONG.byteSize(), array_h.C_LONG.byteSize()),
        () -> assertEquals(8, array_h.C_POINTER.byteSize()));
  }

  @Test
  void structs_haveTheirSizeInC() {
    assertAll(
        () -> assertEquals(8, mlx_array.layout().byteSize()),
        () -> assertEquals(8, mlx_stream.layout().byteSize()),
        () -> assertEquals(8, mlx_optional_int.layout().byteSize()),
        () -> assertEquals(8, mlx_optional_float.layout().byteSize()),
        () -> assertEquals(8, mlx_optional_dtype.layout().byteSize()),
        () -> assertEquals(4, mlx_optional_int.has_value$offset()),
        () -> assertEquals(72, mlx_io_vtable.layout().byteSize()));
  }

  @Test
  void enumConstants_areThoseOfTheHeaders() {
    assertAll(
        () -> assertEquals(0, array_h.MLX_BOOL()),
        () -> assertEquals(9, array_h.MLX_FLOAT16()),
        () -> assertEquals(12, array_h.MLX_BFLOAT16()),
        () -> assertEquals(1, device_h.MLX_GPU()));
  }
}
