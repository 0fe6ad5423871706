package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class LlamaParityTest extends FamilyContract {
  LlamaParityTest() {
    super("llama");
  }
}
