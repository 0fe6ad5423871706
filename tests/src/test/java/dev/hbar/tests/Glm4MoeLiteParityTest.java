package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Glm4MoeLiteParityTest extends MixtureContract {
  Glm4MoeLiteParityTest() {
    super("glm4_moe_lite");
  }
}
