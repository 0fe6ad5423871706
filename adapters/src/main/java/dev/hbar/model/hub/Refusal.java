package dev.hbar.model.hub;

import dev.hbar.model.checkpoint.HuggingFaceName;

/** The hub's refusals in words: it answers 401 for what is missing, private or gated alike. */
final class Refusal {
  private final HubSettings settings;
  private final HuggingFaceName name;

  Refusal(HubSettings settings, HuggingFaceName name) {
    this.settings = settings;
    this.name = name;
  }

  /** The error for an answer that is neither a success nor passing. */
  HubException of(HubRequests.Answer answer, String what) {
    String code =
        answer
            .first()
            .firstValue("X-Error-Code")
            .or(() -> answer.header("X-Error-Code"))
            .orElse("");
    String text = answer.header("X-Error-Message").orElse("");
    int status = answer.status();
    if (code.equals("GatedRepo")) {
      return gated(status);
    }
    if (code.equals("RevisionNotFound")) {
      return new HubException(
          "no revision %s of %s, at %s: name a branch, tag or commit that it has"
              .formatted(name.revision(), name, settings.endpoint()));
    }
    if (text.startsWith("Invalid credentials") || (status == 403 && settings.token().isPresent())) {
      return new HubException(
          "%s is refused (%s), at %s: log in again, or unset it for a public model"
              .formatted(given(), status, settings.endpoint()));
    }
    if (code.equals("RepoNotFound") || status == 401 || status == 403) {
      return absent(status);
    }
    if (status == 404) {
      return what.isEmpty()
          ? absent(status)
          : new HubException(
              "no file %s in %s, at %s: pull again".formatted(what, name, settings.endpoint()));
    }
    return new HubException(
        "the server answers %s for %s, at %s: check HF_ENDPOINT"
            .formatted(status, name, settings.endpoint()));
  }

  private HubException gated(int status) {
    String page = "%s/%s".formatted(settings.endpoint(), name);
    return new HubException(
        settings.token().isPresent()
            ? "%s has no access to %s, which is gated (%s): accept its terms at %s with the same account"
                .formatted(given(), name, status, page)
            : "%s is gated (%s): accept its terms at %s, then give a token: set HF_TOKEN or write it to %s"
                .formatted(name, status, page, settings.tokenFile()));
  }

  private HubException absent(int status) {
    return new HubException(
        settings.token().isPresent()
            ? "no model %s, or %s may not see it (%s), at %s: check the name"
                .formatted(name, given(), status, settings.endpoint())
            : "no model %s, or it is private (%s), at %s: check the name, or give a token: set HF_TOKEN or write it to %s"
                .formatted(name, status, settings.endpoint(), settings.tokenFile()));
  }

  private String given() {
    return settings.token().map(HubToken::toString).orElse("no token");
  }
}
