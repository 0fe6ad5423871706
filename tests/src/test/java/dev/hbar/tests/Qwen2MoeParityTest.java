package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen2MoeParityTest extends MixtureContract {
  Qwen2MoeParityTest() {
    super("qwen2_moe");
  }
}
