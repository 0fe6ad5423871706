package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen35MoeParityTest extends FamilyContract {
  Qwen35MoeParityTest() {
    super("qwen3_5_moe", HALF_SCALE_OF_STATES);
  }
}
