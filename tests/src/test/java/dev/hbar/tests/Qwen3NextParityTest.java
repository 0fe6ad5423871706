package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen3NextParityTest extends FamilyContract {
  Qwen3NextParityTest() {
    super("qwen3_next", HALF_SCALE_OF_STATES);
  }
}
