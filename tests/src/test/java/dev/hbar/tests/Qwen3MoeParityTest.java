package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Qwen3MoeParityTest extends MixtureContract {
  Qwen3MoeParityTest() {
    super("qwen3_moe", "qwen3_moe_all_experts");
  }
}
