package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Glm4MoeParityTest extends MixtureContract {
  Glm4MoeParityTest() {
    super("glm4_moe", "glm4_moe_groups");
  }
}
