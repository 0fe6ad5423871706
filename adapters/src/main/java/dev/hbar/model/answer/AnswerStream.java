package dev.hbar.model.answer;

import dev.hbar.model.tokenizer.StreamingDecoder;
import dev.hbar.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of one answer on their way to its parts. Special tokens, which a text leaves out, are
 * marks here. One thread.
 */
public final class AnswerStream {
  private final Set<Integer> ends;
  private final Tokenizer tokenizer;
  private final StreamingDecoder decoder;
  private final AnswerReader reader;
  private final List<AnswerPart> parts = new ArrayList<>();

  /**
   * A stream for one answer.
   *
   * @param reader of the checkpoint's format
   * @param ends tokens that end the text and are no part of it
   */
  public AnswerStream(Tokenizer tokenizer, AnswerReader reader, Collection<Integer> ends) {
    this.ends = Set.copyOf(ends);
    this.tokenizer = tokenizer;
    this.decoder = tokenizer.streamingDecoder();
    this.reader = reader;
  }

  /** The next token; gives what became certain with it. */
  public List<AnswerPart> add(int id) {
    Optional<String> special = tokenizer.isSpecial(id) ? tokenizer.piece(id) : Optional.empty();
    List<AnswerPart> added = new ArrayList<>();
    if (!ends.contains(id)) {
      added.addAll(reader.add(decoder.add(id), false));
    }
    special.ifPresent(piece -> added.addAll(reader.add(piece, true)));
    parts.addAll(added);
    return added;
  }

  /** The end of the answer; gives what had been held back. */
  public List<AnswerPart> finish() {
    List<AnswerPart> added = new ArrayList<>(reader.add(decoder.finish(), false));
    added.addAll(reader.finish());
    parts.addAll(added);
    return added;
  }

  /** All parts so far as one answer. */
  public Answer answer() {
    return Answer.of(parts);
  }
}
