package dev.hbar.model.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** What went wrong on the way, in words; the HTTP client's own texts are often empty. */
final class NetworkFault {
  private NetworkFault() {}

  static String describe(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "the name of the host is unknown";
      }
    }
    return switch (failure) {
      case HttpConnectTimeoutException slow -> "no connection in time";
      case HttpTimeoutException slow -> "no answer in time";
      case ConnectException refused -> "no connection";
      case SSLException untrusted -> "no secure connection (" + untrusted.getMessage() + ")";
      default -> "the connection was cut";
    };
  }
}
