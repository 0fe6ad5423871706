package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fixtures are what the script made: nobody edits an expected value. */
class FixtureManifestTest {
  @Test
  void everyFile_hasTheHashInTheManifest() throws IOException, NoSuchAlgorithmException {
    Path root = Fixture.named("llama_tied").folder().getParent();
    JsonNode manifest =
        new ObjectMapper().readTree(root.resolve("manifest.json").toFile()).get("files");
    Map<String, String> listed = new TreeMap<>();
    manifest
        .properties()
        .forEach(
            fixture ->
                fixture
                    .getValue()
                    .properties()
                    .forEach(
                        file ->
                            listed.put(
                                fixture.getKey() + "/" + file.getKey(), file.getValue().asText())));
    Map<String, String> found = new TreeMap<>();
    for (Fixture fixture : Fixture.all()) {
      try (Stream<Path> files = Files.list(fixture.folder())) {
        for (Path file : files.toList()) {
          found.put(fixture.name() + "/" + file.getFileName(), sha256(file));
        }
      }
    }
    assertEquals(listed, found);
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }
}
