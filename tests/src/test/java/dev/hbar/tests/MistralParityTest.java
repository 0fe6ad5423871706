package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class MistralParityTest extends FamilyContract {
  MistralParityTest() {
    super("mistral");
  }
}
