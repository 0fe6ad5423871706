package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class GptOssParityTest extends MixtureContract {
  GptOssParityTest() {
    super("gpt_oss");
  }
}
