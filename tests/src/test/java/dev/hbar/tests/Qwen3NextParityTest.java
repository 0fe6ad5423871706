package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen3NextParityTest extends FamilyContract {
  Qwen3NextParityTest() {
    super("qwen3_next");
  }
}
