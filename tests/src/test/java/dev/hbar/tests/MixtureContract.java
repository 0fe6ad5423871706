package dev.hbar.tests;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A family with experts. In 16 bits a router may choose another expert where two score nearly
 * alike, and nothing is near its float32 value from there on; so only fixtures whose choices hold
 * are compared.
 */
abstract class MixtureContract extends FamilyContract {
  private final Set<String> decided;

  /**
   * @param decided names of the fixtures whose experts stay chosen in bfloat16
   */
  MixtureContract(String modelType, String... decided) {
    super(modelType);
    this.decided = Set.of(decided);
  }

  @Override
  List<Fixture> halfFixtures() throws IOException {
    return fixtures().stream()
        .filter(fixture -> decided.contains(fixture.folder().getFileName().toString()))
        .toList();
  }
}
