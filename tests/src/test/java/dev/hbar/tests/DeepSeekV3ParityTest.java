package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class DeepSeekV3ParityTest extends MixtureContract {
  DeepSeekV3ParityTest() {
    super("deepseek_v3", "deepseek_raw");
  }
}
