package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class MixtralParityTest extends MixtureContract {
  MixtralParityTest() {
    super("mixtral", "mixtral_window");
  }
}
