package dev.hbar.model.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, which Java itself does not read.
 * Without them, what the JVM's own settings say.
 */
final class EnvironmentProxy extends ProxySelector {
  private final Map<String, String> environment;

  EnvironmentProxy(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public List<Proxy> select(URI uri) {
    Optional<URI> proxy = variable(uri.getScheme() + "_proxy").map(EnvironmentProxy::address);
    if (proxy.isEmpty()) {
      return ProxySelector.getDefault().select(uri);
    }
    if (isExempt(uri.getHost())) {
      return List.of(Proxy.NO_PROXY);
    }
    int port = proxy.get().getPort() < 0 ? 80 : proxy.get().getPort();
    return List.of(
        new Proxy(
            Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.get().getHost(), port)));
  }

  /** What the proxy on the way asks for; empty where the variable has no user. */
  Optional<String> authorization(URI uri) {
    return variable(uri.getScheme() + "_proxy")
        .map(EnvironmentProxy::address)
        .filter(proxy -> proxy.getUserInfo() != null && !isExempt(uri.getHost()))
        .map(proxy -> proxy.getUserInfo().getBytes(StandardCharsets.UTF_8))
        .map(user -> "Basic " + Base64.getEncoder().encodeToString(user));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The request fails with the same exception.
  }

  private boolean isExempt(String host) {
    for (String entry : variable("no_proxy").orElse("").split(",")) {
      String name = entry.strip().replaceFirst("^\\*?\\.", "").toLowerCase(Locale.ROOT);
      String asked = host.toLowerCase(Locale.ROOT);
      if (name.equals("*")
          || asked.equals(name)
          || (!name.isEmpty() && asked.endsWith("." + name))) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> variable(String name) {
    String lower = environment.getOrDefault(name, "");
    String value = lower.isBlank() ? environment.get(name.toUpperCase(Locale.ROOT)) : lower;
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
  }

  private static URI address(String value) {
    try {
      URI uri = URI.create(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // The same answer as for an address without a host.
    }
    throw new HubException("the proxy variable of the environment holds no address: correct it");
  }
}
