package dev.hbar.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentProxyTest {
  private static final URI HUB = URI.create("https://" + "Hub.Example/api");

  private static String proxy(Map<String, String> environment) {
    Proxy proxy = new EnvironmentProxy(environment).select(HUB).getFirst();
    return proxy.address() instanceof InetSocketAddress address
        ? address.getHostString() + ":" + address.getPort()
        : proxy.type().toString();
  }

  private static String exempt(String hosts) {
    return proxy(Map.of("https_proxy", "p:3128", "no_proxy", hosts));
  }

  @Test
  void variable_isReadInBothSpellingsAndWithoutAScheme() {
    assertEquals("p:3128", proxy(Map.of("https_proxy", " http://" + "p:3128/ ")));
    assertEquals("p:80", proxy(Map.of("HTTPS_PROXY", "p")));
    assertEquals("q:1", proxy(Map.of("https_proxy", "q:1", "HTTPS_PROXY", "p:2")));
    assertEquals("p:2", proxy(Map.of("https_proxy", " ", "HTTPS_PROXY", "p:2")));
    assertEquals("DIRECT", proxy(Map.of("http_proxy", "p:2", "https_proxy", " ")));
    assertThrows(HubException.class, () -> proxy(Map.of("https_proxy", "http://:80")));
    assertThrows(HubException.class, () -> proxy(Map.of("https_proxy", "http://" + "a b")));
  }

  @Test
  void exemptHosts_areReachedDirectly() {
    for (String hosts :
        List.of("*", "hub.example", "example", ".example", "*.EXAMPLE", "x, hub.example ,y")) {
      assertEquals("DIRECT", exempt(hosts), hosts);
    }
    for (String hosts : List.of("", ",", "ample", "a.hub.example", "hub.example.org", ".", "x")) {
      assertEquals("p:3128", exempt(hosts), hosts);
    }
  }

  /** printf user:pass | base64. */
  @Test
  void user_isNamedToTheProxyOnly() {
    Map<String, String> with =
        Map.of("https_proxy", "http://" + "user:pass@p:3128", "no_proxy", "other");
    assertEquals(Optional.of("Basic dXNlcjpwYXNz"), new EnvironmentProxy(with).authorization(HUB));
    assertEquals(
        Optional.empty(),
        new EnvironmentProxy(with).authorization(URI.create("https://" + "other/")));
    assertEquals(
        Optional.empty(), new EnvironmentProxy(Map.of("https_proxy", "p:3128")).authorization(HUB));
    assertEquals(Optional.empty(), new EnvironmentProxy(Map.of()).authorization(HUB));
  }
}
