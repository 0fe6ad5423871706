package dev.hbar.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServeSettingsTest {
  private static ServeSettings at(String host, Set<String> keys) {
    return new ServeSettings(host, 0, List.of("a", "b"), keys, 1, 1, 1, Optional.empty());
  }

  @Test
  void addressThatOthersReach_needsAKey() {
    for (String host :
        List.of("0.0.0.0", "::", "192.168.1.5", "host.example", "localhost.example")) {
      String said =
          assertThrows(IllegalArgumentException.class, () -> at(host, Set.of())).getMessage();
      assertTrue(said.contains(host) && said.contains("--api-key-file"), said);
      assertEquals(host, at(host, Set.of("key")).host());
    }
  }

  @Test
  void loopbackAddresses_needNone() {
    for (String host : List.of("127.0.0.1", "127.8.8.8", "localhost", "::1")) {
      assertTrue(ServeSettings.isLoopback(host));
      assertTrue(at(host, Set.of()).keys().isEmpty());
    }
    assertFalse(ServeSettings.isLoopback("12.7.0.1"));
    assertFalse(ServeSettings.isLoopback("127.evil.example"));
  }

  @Test
  void noCheckpoint_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> ServeSettings.local(0, List.of()));
  }
}
