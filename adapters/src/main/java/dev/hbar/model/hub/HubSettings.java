package dev.hbar.model.hub;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.HuggingFaceCache;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where models come from and where they go, by the variables of huggingface_hub.
 *
 * @param endpoint the hub, without a slash at its end (HF_ENDPOINT)
 * @param cache the folder of all models (HF_HUB_CACHE, HF_HOME)
 * @param token who asks (HF_TOKEN or the token file)
 * @param tokenFile where a token would be looked for
 * @param offline whether the network must not be used (HF_HUB_OFFLINE)
 * @param proxy the way to the network (HTTPS_PROXY, HTTP_PROXY, NO_PROXY)
 */
public record HubSettings(
    URI endpoint,
    HuggingFaceCache cache,
    Optional<HubToken> token,
    Path tokenFile,
    boolean offline,
    ProxySelector proxy) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /**
   * The settings of this environment.
   *
   * @throws HubException for an endpoint that is no address
   */
  public static HubSettings of(Map<String, String> environment) {
    String offline = environment.getOrDefault("HF_HUB_OFFLINE", "");
    return new HubSettings(
        endpoint(environment.getOrDefault("HF_ENDPOINT", "")),
        HuggingFaceCache.of(environment),
        HubToken.of(environment),
        HubToken.file(environment),
        isTrue(offline.isEmpty() ? environment.get("TRANSFORMERS_OFFLINE") : offline),
        new EnvironmentProxy(environment));
  }

  static boolean isTrue(String value) {
    return value != null && TRUE.contains(value.strip().toUpperCase(Locale.ROOT));
  }

  private static URI endpoint(String value) {
    String text = value.isBlank() ? DEFAULT_ENDPOINT : value.strip();
    try {
      URI uri = new URI(text.replaceFirst("/+$", ""));
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getRawQuery() == null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException malformed) {
      // The same answer as for an address of another kind.
    }
    throw new HubException(
        "HF_ENDPOINT is no web address: "
            + ErrorText.quoted(text)
            + ": unset it or name one like "
            + DEFAULT_ENDPOINT);
  }
}
