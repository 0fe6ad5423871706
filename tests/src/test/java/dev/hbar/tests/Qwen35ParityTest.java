package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen35ParityTest extends FamilyContract {
  Qwen35ParityTest() {
    super("qwen3_5", HALF_SCALE_OF_STATES);
  }
}
