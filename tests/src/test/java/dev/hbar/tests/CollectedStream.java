package dev.hbar.tests;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The pieces of a streamed answer of LangChain4j, and its end. */
final class CollectedStream implements StreamingChatResponseHandler {
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

  @Override
  public void onPartialResponse(String part) {
    text.append(part);
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    end.complete(response);
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  /** Waits for the end, or throws why there is none. */
  ChatResponse end() throws Exception {
    return end.get(100, TimeUnit.SECONDS);
  }

  /** All pieces so far. */
  String text() {
    return text.toString();
  }
}
