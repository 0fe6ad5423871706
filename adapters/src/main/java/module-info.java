/**
 * Checkpoints, model families, layers, tokens, decoding, capture, conversion and the hub's cache,
 * on {@code dev.hbar.mlx}.
 */
module dev.hbar.model {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.hbar.mlx;
  requires ai.djl.api;
  requires ai.djl.tokenizers;
  requires java.net.http;
  requires jdk.management;
  requires org.slf4j;

  exports dev.hbar.model.answer;
  exports dev.hbar.model.capture;
  exports dev.hbar.model.checkpoint;
  exports dev.hbar.model.convert;
  exports dev.hbar.model.decode;
  exports dev.hbar.model.family;
  exports dev.hbar.model.grammar;
  exports dev.hbar.model.hub;
  exports dev.hbar.model.io;
  exports dev.hbar.model.layer;
  exports dev.hbar.model.template;
  exports dev.hbar.model.tokenizer;
}
