package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen2ParityTest extends FamilyContract {
  Qwen2ParityTest() {
    super("qwen2");
  }
}
