package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class PhiMoeParityTest extends MixtureContract {
  PhiMoeParityTest() {
    super("phimoe");
  }
}
