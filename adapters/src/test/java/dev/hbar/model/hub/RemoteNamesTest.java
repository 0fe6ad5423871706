package dev.hbar.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RemoteNamesTest {
  @Test
  void longestNames_areTakenAndLongerOnesRefused() {
    String segment = "x".repeat(255);
    String longest = String.join("/", segment, segment, segment, segment + "/");
    String most = longest.substring(0, 1020) + "/yz";
    for (String name :
        List.of(segment, "ħ".repeat(127) + "x", longest.substring(0, 1023), most + "z", "a")) {
      assertEquals(name, RemoteNames.checked(name));
    }
    for (String name :
        List.of(
            segment + "x",
            "ħ".repeat(128),
            most + "zz",
            "a:",
            "c:x",
            "",
            "a//b",
            "a/../b",
            "./a",
            "a\\b",
            "a\nb")) {
      assertThrows(HubException.class, () -> RemoteNames.checked(name), name);
    }
    assertEquals(1024, (most + "z").length());
    assertEquals("ab:c", RemoteNames.checked("ab:c"));
  }

  @Test
  void passingErrors_areThoseOfTheServerAndOfTheRate() {
    for (int status : List.of(408, 429, 500, 503, 599)) {
      assertTrue(Patience.isPassing(status), status + "");
    }
    for (int status : List.of(400, 407, 409, 428, 430, 499)) {
      assertFalse(Patience.isPassing(status), status + "");
    }
  }

  /** printf hello | sha256sum, and | git hash-object --stdin. */
  @Test
  void content_isKnownByItsSha256OrItsGitHash() {
    byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
    BlobId plain =
        new BlobId(
            BlobId.Kind.SHA256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    BlobId git = new BlobId(BlobId.Kind.GIT, "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0");
    for (BlobId id : List.of(plain, git)) {
      MessageDigest digest = id.digest(5);
      digest.update(hello);
      assertTrue(id.isOf(digest), id.toString());
      // Asked for its hash, a digest begins anew.
      digest.update(new byte[5]);
      assertFalse(id.isOf(digest), id.toString());
    }
    String hex = git.hex();
    for (String wrong : List.of(hex + "0", hex.substring(1), hex.toUpperCase(Locale.ROOT))) {
      assertThrows(IllegalArgumentException.class, () -> new BlobId(BlobId.Kind.GIT, wrong), wrong);
    }
  }
}
