package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen3ParityTest extends FamilyContract {
  Qwen3ParityTest() {
    super("qwen3");
  }
}
