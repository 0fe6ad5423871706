package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class OlmoMoeParityTest extends MixtureContract {
  OlmoMoeParityTest() {
    super("olmoe", "olmoe_plain");
  }
}
